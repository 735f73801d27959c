import type { RunChoices, RunCount, RunFilter, RunOrder, RunPage, RunPlace } from "#lib/model/run-list.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { runChoicesRow, runCountRow, runPageRow } from "#lib/supabase/rows/run-list.ts";
import { isoMoment } from "#lib/time.ts";

export const NEWEST_FIRST: RunOrder = { sort: "start_time", isDescending: true };

export type RunRequest = {
  filter: RunFilter;
  order: RunOrder;
  /** The page begins behind this place of that order; null: with the first run. */
  after: RunPlace | null;
  /** At most 1 000. */
  limit: number;
};

/** A page of runs, with the places from which its neighbours are read. Throws ReadFault. */
export async function fetchRuns(
  client: Client,
  { filter, order, after, limit }: RunRequest,
  options?: CallOptions,
): Promise<RunPage> {
  const { data } = await read(
    "read the runs",
    (signal) =>
      client
        .rpc("list_runs", {
          p_filter: asAsked(filter),
          p_sort: order.sort,
          p_is_descending: order.isDescending,
          p_after: after === null ? null : [...after],
          p_limit: limit,
        })
        .abortSignal(signal),
    options,
  );
  return runPageRow(data);
}

/** The page that ends before a place, in the order asked for; `isBeginning`: no run stands before it. Throws ReadFault. */
export async function fetchRunsBefore(
  client: Client,
  request: Omit<RunRequest, "after"> & { before: RunPlace },
  options?: CallOptions,
): Promise<RunPage & { isBeginning: boolean }> {
  const { order, before } = request;
  const upwards = { ...order, isDescending: !order.isDescending };
  const { rows, first, next } = await fetchRuns(
    client,
    { ...request, order: upwards, after: before },
    options,
  );
  return { rows: rows.toReversed(), first: next, next: first, isBeginning: next === null };
}

/** How many runs pass a filter, counted up to ten thousand. Throws ReadFault. */
export async function countRuns(client: Client, filter: RunFilter, options?: CallOptions): Promise<RunCount> {
  const { data } = await read(
    "count the runs",
    (signal) => client.rpc("count_runs", { p_filter: asAsked(filter) }).abortSignal(signal),
    options,
  );
  return runCountRow(data);
}

/** The machines, recipes and people that runs can be of. Throws ReadFault. */
export async function fetchRunChoices(client: Client, options?: CallOptions): Promise<RunChoices> {
  const { data } = await read(
    "read what runs can be narrowed to",
    (signal) => client.rpc("run_choices").abortSignal(signal),
    options,
  );
  return runChoicesRow(data);
}

/** A filter in the words of `list_runs`. */
function asAsked(filter: RunFilter) {
  const { runIds, machineId, operatorId, status, from, to } = filter;
  const asked = {
    run_ids: runIds && [...runIds],
    machine_ids: machineId && [machineId],
    operator_ids: operatorId && [operatorId],
    statuses: status && [status],
    recipe_id: filter.recipeId,
    recipe_version: filter.recipeVersion,
    from: from === undefined ? undefined : isoMoment(from),
    to: to === undefined ? undefined : isoMoment(to),
    min_deviations: filter.leastDeviations,
    is_good: filter.isGood,
    text: filter.text?.trim() || undefined,
  };
  return Object.fromEntries(
    Object.entries(asked).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
