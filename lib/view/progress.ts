import type { Pace } from "#lib/model/pace.ts";
import { isRunEnded, type Run, type RunState } from "#lib/model/run.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed, later } from "#lib/time.ts";
import { deviceNow, openStep, timeInStep } from "./device-clock.ts";
import { plannedBefore } from "./program-walk.ts";

export type RunProgressView = {
  /** The cycle being deposited now (the last one seen, between cycles); null when the program has none. */
  cycle: number | null;
  totalCycles: number | null;
  step: number;
  totalSteps: number | null;
  plannedMs: DurationMs | null;
  plannedElapsedMs: DurationMs;
  /** Planned time gone by, 0..1. */
  fraction: number;
  /** Measured over planned time to be expected: the recipe's history, else the recent steps, else 1. */
  ratio: number;
  /** Real time left; 0 when the plan is used up and the run goes on; null without a plan or after the end. */
  remainingMs: DurationMs | null;
  /** Server time at which the run is expected to end, or ended. */
  finishAt: EpochMs | null;
  /** Where eight of ten runs like this one end; null without enough history, and after the end. */
  finishBand: FinishBand | null;
  /** By how much the run has lasted longer than its whole plan; 0 while within it. */
  overrunMs: DurationMs;
  isOverrun: boolean;
};

export type FinishBand = { from: EpochMs; to: EpochMs; runs: number };

type Seen = {
  run: Run;
  runState: RunState | null;
  steps?: readonly StepExecution[];
  pace?: Pace | null;
};

const STEPS_FOR_RATIO = 5;
/** Fewer runs say nothing about a spread. */
export const RUNS_FOR_BAND = 3;

/** How far the run is at server time `now` and when it should end: the plan, stretched as runs of this recipe were. */
export function runProgress({ run, runState, steps = [], pace = null }: Seen, now: EpochMs): RunProgressView {
  const plannedMs = run.plannedMs;
  const plannedElapsedMs = durationMs(plannedGone({ run, runState, steps }, now));
  const own = stretch(steps);
  const history = pace !== null && pace.runs >= RUNS_FOR_BAND ? pace : null;
  const ratio = history?.p50 ?? own ?? 1;
  const isEnded = isRunEnded(run.status);
  const left = plannedMs === null || isEnded ? null : Math.max(0, plannedMs - plannedElapsedMs) / run.speed;
  const remainingMs = left === null ? null : durationMs(left * ratio);
  const lastedMs = elapsed(run.startTime, run.endTime ?? now) * run.speed;
  const overrunMs = durationMs(plannedMs === null ? 0 : Math.max(0, lastedMs - plannedMs));
  return {
    ...counts({ run, runState, steps }),
    plannedMs,
    plannedElapsedMs,
    fraction: plannedMs ? Math.min(1, plannedElapsedMs / plannedMs) : 0,
    ratio,
    remainingMs,
    finishAt: run.endTime ?? (remainingMs === null ? null : later(now, remainingMs)),
    finishBand: left === null || history === null ? null : finishBand(left, history, own, now),
    overrunMs,
    isOverrun: !isEnded && overrunMs > 0,
  };
}

/** A run that is out of step with its recipe's history widens the band to itself. */
function finishBand(leftMs: number, { runs, p10, p90 }: Pace, own: number | null, now: EpochMs): FinishBand {
  return {
    from: later(now, leftMs * Math.min(p10, own ?? p10)),
    to: later(now, leftMs * Math.max(p90, own ?? p90)),
    runs,
  };
}

function counts({ run, runState, steps = [] }: Seen) {
  const progress = runState?.progress ?? null;
  const totalCycles = run.totalCycles ?? run.program?.totals.cycles ?? null;
  const seen = lastCycle(steps) ?? (progress && run.lastSeq > 0 ? progress.completedCycles + 1 : null);
  const reached = run.status === "completed" ? totalCycles : (seen ?? 0);
  return {
    cycle: totalCycles ? Math.min(reached ?? 0, totalCycles) : null,
    totalCycles: totalCycles === 0 ? null : totalCycles,
    step: Math.max(run.lastSeq, steps.at(-1)?.seq ?? 0, runState?.overallStep ?? 0),
    totalSteps: run.totalSteps ?? run.program?.totals.steps ?? null,
  };
}

function lastCycle(steps: readonly StepExecution[]): number | null {
  for (let i = steps.length - 1; i >= 0; i -= 1) {
    const cycle = steps[i]?.cycle ?? null;
    if (cycle !== null) return cycle;
  }
  return null;
}

/** Planned ms gone by: everything before the open step, and of it no more than was planned. */
function plannedGone({ run, runState, steps = [] }: Seen, now: EpochMs): number {
  if (run.status === "completed") return run.plannedMs ?? 0;
  const last = steps.at(-1);
  const before = last && run.program ? plannedBefore(run.program, last.recipeStepId, last.loopPath) : null;
  if (last === undefined || before === null) return runState?.progress?.plannedElapsedMs ?? 0;
  const at = deviceNow(run, steps, now);
  const open = openStep(steps);
  const planned = last.plannedMs ?? 0;
  return before + (open && at !== null ? Math.min(planned, timeInStep(open, at)) : planned);
}

/** Measured over planned time of the recent steps; null until enough of them are known. */
function stretch(steps: readonly StepExecution[]): number | null {
  let plannedMs = 0;
  let measuredMs = 0;
  let known = 0;
  for (const step of steps) {
    if (step.plannedMs === null || step.measuredMs === null) continue;
    plannedMs += step.plannedMs;
    measuredMs += step.measuredMs;
    known += 1;
  }
  return known < STEPS_FOR_RATIO || plannedMs === 0 ? null : measuredMs / plannedMs;
}
