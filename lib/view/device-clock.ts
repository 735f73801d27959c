import type { FeedStatus } from "#lib/model/feed.ts";
import type { Run } from "#lib/model/run.ts";
import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed, epochMs, later } from "#lib/time.ts";

// The controller's clock. Step bars, elapsed times and telemetry live on it; server time is carried over to it through
// the open step, whose start both clocks have stamped.

/** Start of a step by the controller's clock; by the database's for controllers that do not tell. */
export const deviceStart = (step: StepExecution): EpochMs => step.deviceStartedAt ?? step.startedAt;

/** How long a step lasted: measured, else recorded; null while it is open. */
export function knownDuration(step: StepExecution): DurationMs | null {
  if (step.measuredMs !== null) return step.measuredMs;
  return step.endedAt === null ? null : elapsed(step.startedAt, step.endedAt);
}

/** The step that is running now, if any. */
export function openStep(steps: readonly StepExecution[]): StepExecution | null {
  const last = steps.at(-1);
  return last !== undefined && isStepOpen(last) ? last : null;
}

/** The controller's clock at server time `now`; where the last step ended when none is open; null without steps. */
export function deviceNow(
  run: Pick<Run, "speed">,
  steps: readonly StepExecution[],
  now: EpochMs,
): EpochMs | null {
  const last = steps.at(-1);
  if (last === undefined) return null;
  const start = deviceStart(last);
  if (!isStepOpen(last)) return later(start, knownDuration(last) ?? 0);
  return later(start, Math.max(0, elapsed(last.startedAt, now)) * run.speed);
}

/** How far a picture may run ahead of the last thing confirmed. */
const BUDGET_MS = 15_000;

/** `now`, but held back once nothing has been confirmed for 15 s: a screen never animates what it does not know. */
export function heldNow(now: EpochMs, feed: Pick<FeedStatus, "lastEventAt" | "lastCatchUpAt">): EpochMs {
  const confirmed = Math.max(feed.lastEventAt ?? 0, feed.lastCatchUpAt ?? 0);
  return epochMs(Math.min(now, confirmed + BUDGET_MS));
}

/** Time in the open step by the controller's clock. */
export const timeInStep = (step: StepExecution, at: EpochMs): DurationMs =>
  durationMs(Math.max(0, elapsed(deviceStart(step), at)));
