import { ignoredSentence } from "#app/address/ignored.ts";
import { ignoredLog, loadLogParams, logFilter, logPlace } from "#app/log/search-params.ts";
import { orRefusal } from "#app/or-refusal.ts";
import type { LogFilter, LogPage } from "#lib/model/log.ts";
import { fetchLog } from "#lib/queries/log.ts";
import { type Refusal, refusal } from "#lib/result.ts";
import type { ServerClient } from "#lib/supabase/call.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { logCsvHeading, logCsvLine } from "#lib/view/log-csv.ts";

/** Entries that are read, written and sent at a time. */
const PORTION = 500;

const FILE = "log.csv";

/**
 * Every entry that the address selects, newest first. Read with the person's own rights. An address that cannot be read
 * whole is refused: it would select more than was meant.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ file: string }> },
): Promise<Response> {
  const { file } = await params;
  if (file !== FILE) return refused(refusal(404, "not_found", `There is no export ${file}.`, `Use ${FILE}.`));
  const { searchParams } = new URL(request.url);
  const ignored = ignoredSentence(ignoredLog(searchParams));
  if (ignored !== null)
    return refused(refusal(400, "invalid_input", `Not exported. ${ignored}`, "Take it out of the address."));
  const asked = loadLogParams(searchParams);
  if (logPlace(asked) !== null)
    return refused(
      refusal(
        400,
        "invalid_input",
        "Not exported. The log is exported whole, not from an entry.",
        "Take before and after out of the address.",
      ),
    );
  const [client, filter] = [await serverClient(), logFilter(asked)];
  const read = await orRefusal(fetchLog(client, { filter, place: null, limit: PORTION }));
  if (!read.ok) return refused(read);
  return new Response(body(client, filter, read.value), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${FILE}"`,
      "cache-control": "private, no-store",
    },
  });
}

function body(client: ServerClient, filter: LogFilter, first: LogPage): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const written = ({ rows }: LogPage) => encoder.encode(rows.map(logCsvLine).join(""));
  let older = first.older;
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(logCsvHeading()));
      controller.enqueue(written(first));
      if (older === null) controller.close();
    },
    // Called when the reader has room: a slow line does not pile the log up in memory.
    async pull(controller) {
      if (older === null) return;
      const place = { id: older, isNewer: false };
      const page = await fetchLog(client, { filter, place, limit: PORTION });
      older = page.older;
      controller.enqueue(written(page));
      if (older === null) controller.close();
    },
  });
}

const refused = (answer: Refusal): Response =>
  Response.json(answer, { status: answer.status || 503, headers: { "cache-control": "private, no-store" } });
