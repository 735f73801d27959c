import { type DurationMs, durationMs } from "#lib/time.ts";

// How long a change took from its row in the database to this screen. Guarded by latency.test.ts.

/** As many of the last changes count. */
export const LATENCIES_KEPT = 200;

export type Latency = { count: number; medianMs: DurationMs; p95Ms: DurationMs };

/** The last of them, the newest at the end. A clock estimated a little behind gives no negative time. */
export const withLatencies = (
  kept: readonly DurationMs[],
  more: readonly DurationMs[],
): readonly DurationMs[] =>
  [...kept, ...more.map((each) => durationMs(Math.max(0, each)))].slice(-LATENCIES_KEPT);

/** Median and 95th percentile, nearest rank; null without any. */
export function latencyOf(samples: readonly DurationMs[]): Latency | null {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [medianMs, p95Ms] = [at(0.5), at(0.95)];
  if (medianMs === undefined || p95Ms === undefined) return null;
  return { count: sorted.length, medianMs, p95Ms };
}
