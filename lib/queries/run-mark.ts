import { queryOptions } from "@tanstack/react-query";
import type { RunMark } from "#lib/model/run-mark.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { optional } from "#lib/supabase/rows/row.ts";
import { runMarkRow } from "#lib/supabase/rows/run-mark.ts";

/** What was said last of a run; null when nothing ever was. Throws ReadFault. */
export async function fetchRunMark(
  client: Client,
  runId: string,
  options?: CallOptions,
): Promise<RunMark | null> {
  const { data } = await read(
    "read the mark of the run",
    (signal) =>
      client
        .from("run_marks")
        .select("is_good, reason, marked_at, person:profiles(full_name, username)")
        .eq("process_id", runId)
        .retry(false)
        .abortSignal(signal)
        .maybeSingle(),
    options,
  );
  return optional(runMarkRow, data);
}

export const runMarkQuery = (client: Client, runId: string) =>
  queryOptions({
    queryKey: ["run", runId, "mark"],
    queryFn: ({ signal }) => fetchRunMark(client, runId, { signal }),
  });
