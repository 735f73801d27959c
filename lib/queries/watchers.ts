import { ask, type CallOptions, type Client, ReadFault } from "#lib/supabase/call.ts";
import { rowReader } from "#lib/supabase/rows/row.ts";

/** Another person with a page of this machine open. */
export type Watcher = { personId: string; name: string };

const watchersRow = rowReader("watch_machine", (frame): Watcher[] =>
  frame.each("watchers", (row) => ({
    personId: row.text("person_id"),
    name: row.maybeText("name") ?? "unnamed person",
  })),
);

/** Says that page `pageId` shows the machine and answers who else looks at it now. Throws ReadFault. */
export async function watchMachine(
  client: Client,
  machineId: string,
  pageId: string,
  options?: CallOptions,
): Promise<Watcher[]> {
  const answer = await ask(
    "see who else is watching",
    (signal) =>
      client.rpc("watch_machine", { p_machine_id: machineId, p_page_id: pageId }).abortSignal(signal),
    options,
  );
  if (!answer.ok) throw new ReadFault(answer);
  return watchersRow(answer.data);
}
