import type { Pace } from "#lib/model/pace.ts";
import { type DurationMs, durationMs } from "#lib/time.ts";
import { RUNS_FOR_BAND } from "./progress.ts";

export type PlanTime = {
  plannedMs: DurationMs;
  /** What eight of ten runs of this recipe took, and the middle of them; null until there are enough. */
  usual: { from: DurationMs; middle: DurationMs; to: DurationMs } | null;
  /** How many runs have been measured. */
  runs: number;
};

/** How long a run of this plan should take, by the plan and by the recipe's own history. */
export function planTime(plannedMs: number, pace: Pace | null): PlanTime {
  const runs = pace?.runs ?? 0;
  const isEnough = pace !== null && runs >= RUNS_FOR_BAND;
  const taken = (ratio: number) => durationMs(plannedMs * ratio);
  return {
    plannedMs: durationMs(plannedMs),
    usual: isEnough ? { from: taken(pace.p10), middle: taken(pace.p50), to: taken(pace.p90) } : null,
    runs,
  };
}
