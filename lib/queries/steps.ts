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

/** The nearest step after (1) or before (-1) `seq` that belongs to a cycle; undefined when there is none. Throws ReadFault. */
export async function fetchStepInCycle(
  client: Client,
  runId: string,
  seq: number,
  direction: -1 | 1,
  options?: CallOptions,
): Promise<StepExecution | undefined> {
  const { data } = await read(
    "read the next cycle",
    (signal) => {
      const steps = client
        .from("step_execution_history")
        .select()
        .eq("process_id", runId)
        .not("cycle", "is", null);
      const beside = direction === 1 ? steps.gt("seq", seq) : steps.lt("seq", seq);
      return beside
        .order("seq", { ascending: direction === 1 })
        .limit(1)
        .retry(false)
        .abortSignal(signal);
    },
    options,
  );
  return Array.isArray(data) ? data.map(stepRow)[0] : undefined;
}
