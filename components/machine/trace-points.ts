// The strips under the lanes: a parameter over the controller's time. What was measured before this page opened comes
// from the database in buckets, what came since from the feed. Guarded by trace-points.test.ts.

import type { TelemetrySample } from "#lib/model/run.ts";
import type { TrendSeries } from "#lib/model/timeline.ts";
import type { EpochMs } from "#lib/time.ts";

export type TracePoint = readonly [atMs: number, value: number];

export type Trace = {
  name: string;
  label: string;
  unit: string | null;
  digits: number;
  setPoint: number | null;
  /** Ascending, ms from the run's first step. */
  points: readonly TracePoint[];
};

/** Joins the two sources of one parameter: the database's buckets, which miss no peak, then what came after them. */
export function tracePoints(
  name: string,
  past: TrendSeries | null,
  telemetry: readonly TelemetrySample[],
  origin: EpochMs,
): readonly TracePoint[] {
  const before = (past?.points ?? []).map(([at, , average]): TracePoint => [at, average]);
  const lastRead = before.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  const since = telemetry.flatMap((sample): TracePoint[] => {
    const value = sample.values[name];
    const at = sample.at - origin;
    return value === undefined || at <= lastRead ? [] : [[at, value]];
  });
  return [...before, ...since];
}

/**
 * The range a strip shows: all of its points and the set-point, and never so narrow that noise looks like an event
 * (a tenth of the set-point at least).
 */
export function traceRange(trace: Trace): { low: number; high: number } {
  const values = trace.points.map(([, value]) => value);
  if (trace.setPoint !== null) values.push(trace.setPoint);
  if (values.length === 0) return { low: 0, high: 1 };
  const low = Math.min(...values);
  const high = Math.max(...values);
  const least = Math.max(Math.abs(trace.setPoint ?? high) * 0.1, 1e-3);
  const missing = Math.max(0, least - (high - low)) / 2;
  const margin = (high - low + 2 * missing) * 0.08;
  return { low: low - missing - margin, high: high + missing + margin };
}
