import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Command } from "#lib/model/command.ts";
import type { RunEvent } from "#lib/model/run-event.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { commandRow } from "#lib/supabase/rows/command.ts";
import { runEventRow } from "#lib/supabase/rows/machine-event.ts";
import { nameRow, stepTimeRow } from "#lib/supabase/rows/run-events.ts";
import { type EpochMs, exactMoment } from "#lib/time.ts";

/** What is read at once; the rest is asked for. */
const PAGE = 500;

/** The oldest of what has been read; what follows is older. */
type Place = { at: EpochMs; id: string };
type Page<T> = { rows: readonly T[]; next: Place | null };

const olderThan = (column: string, { at, id }: Place): string => {
  const moment = `"${exactMoment(at)}"`;
  return `${column}.lt.${moment},and(${column}.eq.${moment},id.lt.${id})`;
};

const pageOf = <T>(rows: readonly T[], placeOf: (row: T) => Place): Page<T> => {
  const last = rows.length < PAGE ? undefined : rows.at(-1);
  return { rows, next: last ? placeOf(last) : null };
};

const listOf = (data: unknown): readonly unknown[] => (Array.isArray(data) ? data : []);

/** What the audit log says of a run, newest first; what it says of commands and notes stands in their own tables. */
async function fetchEvents(
  client: Client,
  runId: string,
  after: Place | null,
  options: CallOptions,
): Promise<Page<RunEvent>> {
  const { data } = await read(
    "read the events",
    (signal) => {
      const asked = client
        .from("audit_log")
        .select("id, at, action, actor_id, actor_role, run_id, command_id, before, after, reason")
        .eq("run_id", runId)
        .not("action", "like", "command_%")
        .not("action", "like", "note_%");
      return (after === null ? asked : asked.or(olderThan("at", after)))
        .order("at", { ascending: false })
        .order("id", { ascending: false })
        .limit(PAGE)
        .retry(false)
        .abortSignal(signal);
    },
    options,
  );
  const rows = listOf(data).map(runEventRow);
  const ids = rows.flatMap(({ actorId }) => actorId ?? []);
  const names = await fetchNames(client, [...new Set(ids)], options);
  const named = rows.map((row) => ({ ...row, actorName: names.get(row.actorId ?? "") ?? null }));
  return pageOf(named, ({ at, id }) => ({ at, id }));
}

async function fetchNames(
  client: Client,
  ids: readonly string[],
  options: CallOptions,
): Promise<ReadonlyMap<string, string | null>> {
  if (ids.length === 0) return new Map();
  const { data } = await read(
    "read who did it",
    (signal) =>
      client
        .from("profiles")
        .select("id, full_name, username")
        .in("id", ids)
        .retry(false)
        .abortSignal(signal),
    options,
  );
  return new Map(listOf(data).map(nameRow));
}

async function fetchCommands(
  client: Client,
  runId: string,
  after: Place | null,
  options: CallOptions,
): Promise<Page<Command>> {
  const { data } = await read(
    "read the commands",
    (signal) => {
      const asked = client.from("machine_commands").select().eq("run_id", runId);
      return (after === null ? asked : asked.or(olderThan("requested_at", after)))
        .order("requested_at", { ascending: false })
        .order("id", { ascending: false })
        .limit(PAGE)
        .retry(false)
        .abortSignal(signal);
    },
    options,
  );
  const rows = listOf(data).map(commandRow);
  const ids = rows.flatMap(({ requestedBy }) => requestedBy ?? []);
  const names = await fetchNames(client, [...new Set(ids)], options);
  const named = rows.map((row) => ({ ...row, requestedByName: names.get(row.requestedBy ?? "") ?? null }));
  return pageOf(named, ({ requestedAt, id }) => ({ at: requestedAt, id }));
}

const NEWEST: Place | null = null;

export const runEventsQuery = (client: Client, runId: string) =>
  infiniteQueryOptions({
    queryKey: ["run", runId, "events"],
    initialPageParam: NEWEST as Place | null,
    queryFn: ({ signal, pageParam }) => fetchEvents(client, runId, pageParam, { signal }),
    getNextPageParam: ({ next }) => next,
  });

export const runCommandsQuery = (client: Client, runId: string) =>
  infiniteQueryOptions({
    queryKey: ["run", runId, "commands"],
    initialPageParam: NEWEST as Place | null,
    queryFn: ({ signal, pageParam }) => fetchCommands(client, runId, pageParam, { signal }),
    getNextPageParam: ({ next }) => next,
  });

/** When these steps of a run began by the database's clock, which is that of the events. */
export const stepTimesQuery = (client: Client, runId: string, seqs: readonly number[]) =>
  queryOptions({
    queryKey: ["run", runId, "step times", seqs],
    queryFn: async ({ signal }) => {
      const { data } = await read(
        "read when the steps began",
        (aborted) =>
          client
            .from("step_execution_history")
            .select("seq, started_at")
            .eq("process_id", runId)
            .in("seq", seqs)
            .retry(false)
            .abortSignal(aborted),
        { signal },
      );
      return new Map(listOf(data).map(stepTimeRow));
    },
    enabled: seqs.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
