import { ignoredSentence } from "#app/address/ignored.ts";
import { orRefusal } from "#app/or-refusal.ts";
import { ignoredRuns } from "#app/runs/ignored-runs.ts";
import { loadRunsParams, runFilter, runOrder } from "#app/runs/search-params.ts";
import type { RunFilter, RunOrder, RunPage, RunPlace } from "#lib/model/run-list.ts";
import { fetchRuns } from "#lib/queries/runs.ts";
import { type Refusal, refusal } from "#lib/result.ts";
import type { ServerClient } from "#lib/supabase/call.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { runCsvHeading, runCsvLine } from "#lib/view/run-csv.ts";

/** Runs that are read, written and sent at a time. */
const PORTION = 500;

const FILE = "runs.csv";

/**
 * The pinned runs as a table, or else every run that the address selects, in its order. Read with the person's own
 * rights. An address that cannot be read whole is refused: it would select more than was meant.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ file: string }> },
): Promise<Response> {
  const { file } = await params;
  if (file !== FILE) return refused(refusal(404, "not_found", `There is no export ${file}.`, `Use ${FILE}.`));
  const { searchParams } = new URL(request.url);
  const ignored = ignoredSentence(ignoredRuns(searchParams));
  if (ignored !== null)
    return refused(refusal(400, "invalid_input", `Not exported. ${ignored}`, "Take it out of the address."));
  const asked = loadRunsParams(searchParams);
  const filter = asked.pins.length > 0 ? { runIds: asked.pins } : runFilter(asked);
  const [client, order] = [await serverClient(), runOrder(asked)];
  const read = await orRefusal(fetchRuns(client, { filter, order, after: null, limit: PORTION }));
  if (!read.ok) return refused(read);
  return new Response(body(client, filter, order, read.value), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${FILE}"`,
      "cache-control": "private, no-store",
    },
  });
}

function body(
  client: ServerClient,
  filter: RunFilter,
  order: RunOrder,
  first: RunPage,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const written = ({ rows }: RunPage) => encoder.encode(rows.map(runCsvLine).join(""));
  let after: RunPlace | null = first.next;
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(runCsvHeading()));
      controller.enqueue(written(first));
      if (after === null) controller.close();
    },
    // Called when the reader has room: a slow line does not pile the list up in memory.
    async pull(controller) {
      const page = await fetchRuns(client, { filter, order, after, limit: PORTION });
      after = page.next;
      controller.enqueue(written(page));
      if (after === null) controller.close();
    },
  });
}

const refused = (answer: Refusal): Response =>
  Response.json(answer, { status: answer.status || 503, headers: { "cache-control": "private, no-store" } });
