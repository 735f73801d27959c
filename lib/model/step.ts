import { type DurationMs, durationMs, type EpochMs } from "#lib/time.ts";

export const stepTypes = ["valve", "purge", "parameter", "wait"] as const;
export type StepType = (typeof stepTypes)[number];

/** What a dose did to the chamber pressure, when the driver can tell. */
export type PulseSummary = {
  peakTorr: number | null;
  areaTorrS: number | null;
  baselineTorr: number | null;
  massGainNgCm2: number | null;
};

/**
 * One `step_execution_history` row. Three durations, never mixed: planned (frozen recipe), measured (controller's
 * clock: deviceStartedAt + measuredMs), recorded (database clock: startedAt to endedAt).
 */
export type StepExecution = {
  id: string;
  runId: string;
  /** 1..N without gaps within a run. */
  seq: number;
  stepNumber: number | null;
  stepType: StepType;
  stepName: string;
  recipeStepId: string | null;
  /** Iteration of every enclosing loop, outermost first, 1-based. */
  loopPath: readonly number[];
  cycle: number | null;
  valveNumber: number | null;
  plannedMs: DurationMs | null;
  measuredMs: DurationMs | null;
  deviationMs: DurationMs | null;
  isDeviation: boolean;
  startedAt: EpochMs;
  endedAt: EpochMs | null;
  deviceStartedAt: EpochMs | null;
  endReason: string | null;
  pulse: PulseSummary | null;
};

export const isStepOpen = (step: StepExecution): boolean => step.endedAt === null;

/** A pulse is a valve step. */
export const isPulse = (step: StepExecution): boolean => step.stepType === "valve";

/**
 * The rule behind the generated columns deviation_ms and is_deviation (more than 25 ms and more than 3 % off, and not
 * merely cut short), for change messages: logical replication leaves generated columns out.
 */
export function deviationOf(
  plannedMs: DurationMs | null,
  measuredMs: DurationMs | null,
  endReason: string | null,
): { deviationMs: DurationMs | null; isDeviation: boolean } {
  if (plannedMs === null || measuredMs === null) return { deviationMs: null, isDeviation: false };
  const deviationMs = durationMs(measuredMs - plannedMs);
  const isBeyond = Math.abs(deviationMs) > Math.max(25, plannedMs * 0.03);
  return { deviationMs, isDeviation: isBeyond && !isCutShort({ deviationMs, endReason }) };
}

/** Whether a stop, a fault or the end of the run took time from the step: it says nothing of how long the step takes. */
export const isCutShort = ({
  deviationMs,
  endReason,
}: Pick<StepExecution, "deviationMs" | "endReason">): boolean =>
  deviationMs !== null &&
  deviationMs < 0 &&
  endReason !== null &&
  endReason !== "next" &&
  endReason !== "completed";
