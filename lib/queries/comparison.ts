import { queryOptions } from "@tanstack/react-query";
import type { Align, ComparedMeasure, Comparison } from "#lib/model/comparison.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { comparisonRow } from "#lib/supabase/rows/comparison.ts";
import { type FrozenRun, frozenRunRow } from "#lib/supabase/rows/frozen-run.ts";

export type ComparisonRequest = { runIds: readonly string[]; align: Align; measure: ComparedMeasure };

/** As many as a chart of half a screen can show. */
const POINTS = 200;
/** Twenty long runs are more than other pages ask for. */
const TIMEOUT_MS = 15_000;

/** 1 to 20 runs side by side; those that are not there are named. Throws ReadFault. */
export async function fetchComparison(
  client: Client,
  { runIds, align, measure }: ComparisonRequest,
  options?: CallOptions,
): Promise<Comparison> {
  const { data } = await read(
    "compare the runs",
    (signal) =>
      client
        .rpc("compare_runs", {
          p_run_ids: [...runIds],
          p_align: align,
          p_measure: measure,
          p_points: POINTS,
        })
        .abortSignal(signal),
    { timeoutMs: TIMEOUT_MS, ...options },
  );
  return comparisonRow(data);
}

export const comparisonQuery = (client: Client, request: ComparisonRequest) =>
  queryOptions({
    queryKey: ["comparison", request],
    queryFn: ({ signal }) => fetchComparison(client, request, { signal }),
  });

/** What runs were to do, as it was frozen into them. Throws ReadFault. */
export async function fetchFrozenRuns(
  client: Client,
  runIds: readonly string[],
  options?: CallOptions,
): Promise<FrozenRun[]> {
  const { data } = await read(
    "read the programs of the runs",
    (signal) =>
      client
        .from("process_executions")
        .select("id, recipe_version, parameters")
        .in("id", [...runIds])
        .retry(false)
        .abortSignal(signal),
    { timeoutMs: TIMEOUT_MS, ...options },
  );
  return Array.isArray(data) ? data.map(frozenRunRow) : [];
}
