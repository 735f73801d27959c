import { isId } from "#app/address/parsers.ts";
import { orRefusal } from "#app/or-refusal.ts";
import { originOf } from "#lib/model/origin.ts";
import type { RunSnapshot } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { fetchRun } from "#lib/queries/run.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { type Refusal, refusal } from "#lib/result.ts";
import type { ServerClient } from "#lib/supabase/call.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { nameText } from "#lib/view/name-text.ts";
import { csvHeading, csvLine, type ExportedRun } from "#lib/view/step-csv.ts";
import { TRACE_FOOT, traceHead, traceWriter } from "#lib/view/step-trace.ts";

/** Steps that are read, written and sent at a time: a long run takes no more memory than a short one. */
const PORTION = 5_000;

type Format = {
  type: string;
  write(run: ExportedRun): { head: string; portion(steps: readonly StepExecution[]): string; foot: string };
};

const FORMATS: Readonly<Record<string, Format>> = {
  "steps.csv": {
    type: "text/csv; charset=utf-8",
    write: (run) => ({
      head: csvHeading(),
      portion: (steps) => steps.map((step) => csvLine(step, run)).join(""),
      foot: "",
    }),
  },
  "trace.json": {
    type: "application/json",
    write: (run) => ({ head: traceHead(run), portion: traceWriter(run), foot: TRACE_FOOT }),
  },
};

/**
 * Every step of a run as a file: `steps.csv`, or `trace.json` for Perfetto. Read with the person's own rights, up to the
 * step that is the newest when asked; 404 for another file or run.
 */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string; file: string }> },
): Promise<Response> {
  const { id, file } = await params;
  const format = Object.hasOwn(FORMATS, file) ? FORMATS[file] : undefined;
  if (!format)
    return refused(refusal(404, "not_found", `There is no export ${file}.`, "Use steps.csv or trace.json."));
  const read = isId(id)
    ? await orRefusal(fetchRun(await serverClient(), id))
    : { ok: true as const, value: null };
  if (!read.ok) return refused(read);
  if (read.value === null)
    return refused(
      refusal(404, "run_not_found", "There is no such run.", "Go back to the runs and choose one."),
    );
  return new Response(body(await serverClient(), read.value, format), {
    headers: {
      "content-type": format.type,
      "content-disposition": `attachment; filename="run-${id}-${file}"`,
      "cache-control": "private, no-store",
    },
  });
}

function body(
  client: ServerClient,
  { run, machine, totals }: RunSnapshot,
  format: Format,
): ReadableStream<Uint8Array> {
  const { head, portion, foot } = format.write({
    machine: nameText(machine.name),
    recipe: nameText(run.recipeName ?? ""),
    origin: originOf(run),
    begins: totals.firstDeviceStartedAt,
  });
  const encoder = new TextEncoder();
  let next = 1;
  let isBegun = false;
  return new ReadableStream({
    // Called when the reader has room: a slow line does not pile a long run up in memory.
    async pull(controller) {
      if (!isBegun) {
        isBegun = true;
        return controller.enqueue(encoder.encode(head));
      }
      if (next > run.lastSeq) {
        controller.enqueue(encoder.encode(foot));
        return controller.close();
      }
      const to = Math.min(run.lastSeq, next + PORTION - 1);
      const steps = await fetchSteps(client, run.id, { from: next, to });
      next = to + 1;
      controller.enqueue(encoder.encode(portion(steps)));
    },
  });
}

const refused = (answer: Refusal): Response =>
  Response.json(answer, { status: answer.status || 503, headers: { "cache-control": "private, no-store" } });
