import type { RunSummary } from "#lib/model/run.ts";
import type { PageOf, RunFilter } from "#lib/model/timeline.ts";
import { ask, type CallOptions, type Client, ReadFault } from "#lib/supabase/call.ts";
import { runSummaryRow } from "#lib/supabase/rows/run.ts";
import { isoMoment } from "#lib/time.ts";

export type RunPage = { page: number; size: number };

/** PostgREST's answer to a page that begins beyond the last row. */
const NO_SUCH_PAGE = 416;

/**
 * One page of runs, newest first, with the count of all that match; no rows beyond the last page. `page` counts from
 * 0. Throws ReadFault.
 */
export async function fetchRuns(
  client: Client,
  filter: RunFilter,
  { page, size }: RunPage,
  options?: CallOptions,
): Promise<PageOf<RunSummary>> {
  const answer = await ask(
    "read the runs",
    (signal) =>
      matching(client, filter)
        .order("start_time", { ascending: false })
        .order("run_id")
        .range(page * size, page * size + size - 1)
        .retry(false)
        .abortSignal(signal),
    options,
  );
  if (!answer.ok) {
    if (answer.status !== NO_SUCH_PAGE || page === 0) throw new ReadFault(answer);
    return { rows: [], total: (await fetchRuns(client, filter, { page: 0, size: 1 }, options)).total };
  }
  const rows = Array.isArray(answer.data) ? answer.data.map(runSummaryRow) : [];
  return { rows, total: answer.count ?? rows.length };
}

function matching(client: Client, filter: RunFilter) {
  let query = client.from("runs_overview").select("*", { count: "exact" });
  if (filter.machineId) query = query.eq("machine_id", filter.machineId);
  if (filter.recipeId) query = query.eq("recipe_id", filter.recipeId);
  if (filter.operatorId) query = query.eq("operator_id", filter.operatorId);
  if (filter.status) query = query.eq("status", filter.status);
  if (filter.from !== undefined) query = query.gte("start_time", isoMoment(filter.from));
  if (filter.to !== undefined) query = query.lt("start_time", isoMoment(filter.to));
  if (filter.hasDeviation) query = query.gt("deviation_count", 0);
  const words = filter.text?.trim();
  return words ? query.or(searched(words)) : query;
}

/** Looks in the names a person sees; every character stands for itself, in the pattern and in the filter's quotes. */
function searched(words: string): string {
  const pattern = words.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const quoted = `"${pattern.replace(/[\\"]/g, "\\$&")}"`;
  return ["machine_name", "serial_number", "recipe_name", "operator_name", "error_message"]
    .map((column) => `${column}.imatch.${quoted}`)
    .join(",");
}
