import { queryOptions } from "@tanstack/react-query";
import type { RunReport } from "#lib/model/report.ts";
import type { RunSnapshot } from "#lib/model/snapshot.ts";
import type { DurationSeries, RunTimeline, TrendSeries } from "#lib/model/timeline.ts";
import { type CallOptions, type Client, ReadFault, read } from "#lib/supabase/call.ts";
import { runCyclesRow } from "#lib/supabase/rows/cycles.ts";
import { runReportRow } from "#lib/supabase/rows/report.ts";
import { runSnapshotRow } from "#lib/supabase/rows/snapshot.ts";
import { massGainRow, runDurationsRow, runTimelineRow, runTrendRow } from "#lib/supabase/rows/timeline.ts";
import { LIVE_STEPS } from "./fleet.ts";

/** A stretch of a run: ms on the controller's clock from the run's first step. */
export type RunWindow = { fromMs: number; toMs: number };

/** One run with its last steps, in one consistent read; null when there is no such run. Throws ReadFault. */
export async function fetchRun(
  client: Client,
  runId: string,
  options?: CallOptions,
): Promise<RunSnapshot | null> {
  const { data } = await read(
    "read the run",
    (signal) => client.rpc("run_snapshot", { p_run_id: runId, p_steps: LIVE_STEPS }).abortSignal(signal),
    options,
  );
  return data === null ? null : runSnapshotRow(data);
}

/** Beyond the end of any run: an answer ends with it. */
export const WHOLE_RUN: RunWindow = { fromMs: 0, toMs: 1e15 };

/** The readers of a run answer null where there is none; whoever asks them has seen it, so that it is gone is a fault. */
function orNoSuchRun(data: unknown): unknown {
  if (data !== null) return data;
  throw new ReadFault({
    ok: false,
    status: 404,
    code: "run_not_found",
    message: "The run was not read: there is no such run.",
    hint: "Look for it in the list of runs.",
  });
}

/** Steps of a window prepared for `pixels` columns: never more spans per lane than can be seen. */
export async function fetchRunTimeline(
  client: Client,
  runId: string,
  window: RunWindow,
  pixels: number,
  options?: CallOptions,
): Promise<RunTimeline> {
  const { data } = await read(
    "read the timeline",
    (signal) =>
      client
        .rpc("run_timeline", {
          p_run_id: runId,
          p_from_ms: window.fromMs,
          p_to_ms: window.toMs,
          p_pixels: pixels,
        })
        .abortSignal(signal),
    options,
  );
  return runTimelineRow(orNoSuchRun(data));
}

/** Durations of each recipe step over the cycles, at most `points` per series. */
export async function fetchRunDurations(
  client: Client,
  runId: string,
  points: number,
  options?: CallOptions,
): Promise<DurationSeries[]> {
  const { data } = await read(
    "read the durations",
    (signal) => client.rpc("run_durations", { p_run_id: runId, p_points: points }).abortSignal(signal),
    options,
  );
  return runDurationsRow(orNoSuchRun(data));
}

export type TrendRequest = { window: RunWindow | null; buckets: number; parameters: string[] | null };

/** Measured values of a window (null: the whole run) in `buckets` of smallest, mean and largest. */
export async function fetchRunTrend(
  client: Client,
  runId: string,
  request: TrendRequest,
  options?: CallOptions,
): Promise<TrendSeries[]> {
  const { data } = await read(
    "read the trends",
    (signal) =>
      client
        .rpc("run_trend", {
          p_run_id: runId,
          p_from_ms: request.window?.fromMs ?? null,
          p_to_ms: request.window?.toMs ?? null,
          p_buckets: request.buckets,
          p_parameters: request.parameters,
        })
        .abortSignal(signal),
    options,
  );
  return runTrendRow(data);
}

export const runTimelineQuery = (client: Client, runId: string, window: RunWindow, pixels: number) =>
  queryOptions({
    queryKey: ["run", runId, "timeline", window.fromMs, window.toMs, pixels],
    queryFn: ({ signal }) => fetchRunTimeline(client, runId, window, pixels, { signal }),
  });

export const runDurationsQuery = (client: Client, runId: string, points = 500) =>
  queryOptions({
    queryKey: ["run", runId, "durations", points],
    queryFn: ({ signal }) => fetchRunDurations(client, runId, points, { signal }),
  });

export const runTrendQuery = (client: Client, runId: string, request: TrendRequest) =>
  queryOptions({
    queryKey: ["run", runId, "trend", request],
    queryFn: ({ signal }) => fetchRunTrend(client, runId, request, { signal }),
  });

/** Mass gained per dose in a window, in at most `buckets` of smallest, mean and largest. */
export const massGainQuery = (client: Client, runId: string, window: RunWindow, buckets: number) =>
  queryOptions({
    queryKey: ["run", runId, "mass gain", window.fromMs, window.toMs, buckets],
    queryFn: async ({ signal }) => {
      const { data } = await read(
        "read the mass gained",
        (aborted) =>
          client
            .rpc("run_mass_gain", {
              p_run_id: runId,
              p_from_ms: window.fromMs,
              p_to_ms: window.toMs,
              p_buckets: buckets,
            })
            .abortSignal(aborted),
        { signal },
      );
      return massGainRow(data);
    },
  });

/** Cycles of a run laid upon each other; both ends null: all of them. At most `rows` rows. */
export const runCyclesQuery = (client: Client, runId: string, cycles: CycleRange | null, rows: number) =>
  queryOptions({
    queryKey: ["run", runId, "cycles", cycles, rows],
    queryFn: async ({ signal }) => {
      const { data } = await read(
        "read the cycles",
        (aborted) =>
          client
            .rpc("run_cycles", {
              p_run_id: runId,
              p_from_cycle: cycles?.from ?? 1,
              p_to_cycle: cycles?.to ?? null,
              p_max_rows: rows,
            })
            .abortSignal(aborted),
        { signal },
      );
      return runCyclesRow(data);
    },
  });

/** First and last, both included, from 1. */
export type CycleRange = { from: number; to: number };

/** What is missing of a run and what was wrong with it. Throws ReadFault. */
export async function fetchRunReport(
  client: Client,
  runId: string,
  options?: CallOptions,
): Promise<RunReport> {
  const { data } = await read(
    "judge the run",
    (signal) => client.rpc("run_verdict", { p_run_id: runId }).abortSignal(signal),
    options,
  );
  return runReportRow(orNoSuchRun(data));
}

export const runReportQuery = (client: Client, runId: string) =>
  queryOptions({
    queryKey: ["run", runId, "report"],
    queryFn: ({ signal }) => fetchRunReport(client, runId, { signal }),
  });
