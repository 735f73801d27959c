import { isRunEnded, type Run } from "#lib/model/run.ts";
import type { RunSnapshot } from "#lib/model/snapshot.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { deviceNow } from "./device-clock.ts";

// The two ways a run has lasted, each by its own clock and each with one word on every page. A run that is replayed or
// simulated at another speed has measured much and recorded little. Guarded by run-times.test.ts.

/** By the controller's clock: from the first step to the live edge, or to the end of the last step; null before a step. */
export function measuredTime(
  { run, steps, totals }: Pick<RunSnapshot, "run" | "steps" | "totals">,
  now: EpochMs,
): DurationMs | null {
  const begin = totals.firstDeviceStartedAt;
  if (begin === null) return null;
  const end = isRunEnded(run.status) ? totals.lastDeviceEndedAt : deviceNow(run, steps, now);
  return durationMs(Math.max(0, (end ?? begin) - begin));
}

/** By the database's clock: from the start that was asked for to the end, or to now. */
export const recordedTime = (
  { startTime, endTime }: Pick<Run, "startTime" | "endTime">,
  now: EpochMs,
): DurationMs => durationMs(Math.max(0, elapsed(startTime, endTime ?? now)));
