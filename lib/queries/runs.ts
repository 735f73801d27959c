import type { RunSummary } from "#lib/model/run.ts";
import type { PageOf, RunFilter } from "#lib/model/timeline.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { runSummaryRow } from "#lib/supabase/rows/run.ts";
import { isoMoment } from "#lib/time.ts";

export type RunPage = { page: number; size: number };

/** One page of runs, newest first, with the count of all that match. `page` counts from 0. Throws ReadFault. */
export async function fetchRuns(
  client: Client,
  filter: RunFilter,
  { page, size }: RunPage,
  options?: CallOptions,
): Promise<PageOf<RunSummary>> {
  const { data, count } = await read(
    "read the runs",
    (signal) => {
      let query = client.from("runs_overview").select("*", { count: "exact" });
      if (filter.machineId) query = query.eq("machine_id", filter.machineId);
      if (filter.recipeId) query = query.eq("recipe_id", filter.recipeId);
      if (filter.operatorId) query = query.eq("operator_id", filter.operatorId);
      if (filter.status) query = query.eq("status", filter.status);
      if (filter.from !== undefined) query = query.gte("start_time", isoMoment(filter.from));
      if (filter.to !== undefined) query = query.lt("start_time", isoMoment(filter.to));
      if (filter.hasDeviation) query = query.gt("deviation_count", 0);
      const words = filter.text?.trim();
      if (words) query = query.or(searched(words));
      return query
        .order("start_time", { ascending: false })
        .order("run_id")
        .range(page * size, page * size + size - 1)
        .retry(false)
        .abortSignal(signal);
    },
    options,
  );
  const rows = Array.isArray(data) ? data.map(runSummaryRow) : [];
  return { rows, total: count ?? rows.length };
}

/** Text is looked for in the names a person sees; quoted, so that commas and brackets are only letters. */
function searched(words: string): string {
  const pattern = `"*${words.replace(/[\\"]/g, "\\$&")}*"`;
  return ["machine_name", "serial_number", "recipe_name", "operator_name", "error_message"]
    .map((column) => `${column}.ilike.${pattern}`)
    .join(",");
}
