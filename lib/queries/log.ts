import type { LogChoices, LogFilter, LogPage, LogPlace } from "#lib/model/log.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { logChoicesRow, logPageRow, type ReadLog } from "#lib/supabase/rows/log.ts";
import { isoMoment } from "#lib/time.ts";

export type LogRequest = {
  filter: LogFilter;
  /** The page begins behind this place; null: with the newest entry. */
  place: LogPlace | null;
  /** At most 500. */
  limit: number;
};

/** A page of the log, newest first. Too near to the newest entry to be full, it is the first page itself. Throws ReadFault. */
export async function fetchLog(client: Client, request: LogRequest, options?: CallOptions): Promise<LogPage> {
  const { place } = request;
  if (place?.isNewer) {
    const upwards = await fetchOneWay(client, request, options);
    if (upwards.next !== null)
      return {
        rows: upwards.rows.toReversed(),
        older: upwards.rows[0]?.id ?? place.id,
        isFirst: false,
        lookedUntil: upwards.lookedUntil,
      };
  }
  const from = place?.isNewer ? null : place;
  const { rows, next, lookedUntil } = await fetchOneWay(client, { ...request, place: from }, options);
  return { rows, older: next, isFirst: from === null, lookedUntil };
}

async function fetchOneWay(
  client: Client,
  { filter, place, limit }: LogRequest,
  options?: CallOptions,
): Promise<ReadLog> {
  const { data } = await read(
    "read the log",
    (signal) =>
      client
        .rpc("read_log", {
          p_filter: asAsked(filter),
          ...(place === null ? {} : { p_place: place.id }),
          p_is_newer: place?.isNewer ?? false,
          p_limit: limit,
        })
        .abortSignal(signal),
    options,
  );
  return logPageRow(data);
}

/** The machines and people that the log can be narrowed to. Throws ReadFault. */
export async function fetchLogChoices(client: Client, options?: CallOptions): Promise<LogChoices> {
  const { data } = await read(
    "read what the log can be narrowed to",
    (signal) => client.rpc("log_choices").abortSignal(signal),
    options,
  );
  return logChoicesRow(data);
}

/** A filter in the words of `read_log`. */
function asAsked({ from, to, ...filter }: LogFilter) {
  const asked = {
    run_id: filter.runId,
    machine_id: filter.machineId,
    person_id: filter.personId,
    is_nobody: filter.isNobody,
    kind: filter.kind,
    from: from === undefined ? undefined : isoMoment(from),
    to: to === undefined ? undefined : isoMoment(to),
    text: filter.text?.trim() || undefined,
  };
  return Object.fromEntries(
    Object.entries(asked).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
