import type { StepExecution } from "#lib/model/step.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { stepRow } from "#lib/supabase/rows/step.ts";

/** Supabase answers at most this many rows and cuts the rest off without a word, so longer ranges are paged. */
const PAGE = 1000;

export type SeqRange = { from: number; to: number };

/** The steps `from`..`to` (both included) of a run, ascending; missing ones are simply absent. Throws ReadFault. */
export async function fetchSteps(
  client: Client,
  runId: string,
  range: SeqRange,
  options?: CallOptions,
): Promise<StepExecution[]> {
  const steps: StepExecution[] = [];
  let from = range.from;
  while (from <= range.to) {
    const page = await fetchPage(client, runId, { from, to: range.to }, options);
    steps.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    from = last.seq + 1;
  }
  return steps;
}

async function fetchPage(
  client: Client,
  runId: string,
  range: SeqRange,
  options?: CallOptions,
): Promise<StepExecution[]> {
  const { data } = await read(
    "read the steps",
    (signal) =>
      client
        .from("step_execution_history")
        .select()
        .eq("process_id", runId)
        .gte("seq", range.from)
        .lte("seq", range.to)
        .order("seq")
        .limit(PAGE)
        .retry(false)
        .abortSignal(signal),
    options,
  );
  return Array.isArray(data) ? data.map(stepRow) : [];
}
