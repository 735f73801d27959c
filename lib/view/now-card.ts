import { type LeafStep, type Program, plannedMsOf } from "#lib/model/program.ts";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import type { StepExecution, StepType } from "#lib/model/step.ts";
import { type DurationMs, durationMs, type EpochMs } from "#lib/time.ts";
import { deviceNow, openStep, timeInStep } from "./device-clock.ts";
import { breadcrumb, type Crumb, firstMoment, type Moment, nextMoment } from "./program-walk.ts";

export type NextStep = {
  name: string;
  stepType: StepType;
  valveNumber: number | null;
  plannedMs: DurationMs;
  breadcrumb: readonly Crumb[];
};

export type NowCard = {
  seq: number;
  stepName: string;
  stepType: StepType;
  valveNumber: number | null;
  breadcrumb: readonly Crumb[];
  elapsedMs: DurationMs;
  plannedMs: DurationMs | null;
  /** Elapsed of planned, 0..1; null without a plan. */
  fraction: number | null;
  isOverdue: boolean;
  /** Null after the last step, or when the program does not say. */
  next: NextStep | null;
  isLast: boolean;
};

/** A step may last this much longer than planned before it is called overdue: the rule for deviations. */
const isLate = (elapsedMs: number, plannedMs: number): boolean =>
  elapsedMs - plannedMs > Math.max(25, plannedMs * 0.03);

/** What the machine is doing at server time `now`; null when no step is open. */
export function nowCard(
  { run, steps }: { run: Run | null; steps: readonly StepExecution[] },
  now: EpochMs,
): NowCard | null {
  const step = openStep(steps);
  const at = run === null ? null : deviceNow(run, steps, now);
  if (run === null || step === null || at === null || isRunEnded(run.status)) return null;
  const elapsedMs = timeInStep(step, at);
  const after = run.program ? nextMoment(run.program, step.recipeStepId, step.loopPath) : null;
  return {
    seq: step.seq,
    stepName: step.stepName,
    stepType: step.stepType,
    valveNumber: step.valveNumber,
    breadcrumb: run.program ? breadcrumb(run.program, step.recipeStepId, step.loopPath) : [],
    elapsedMs,
    plannedMs: step.plannedMs,
    fraction: step.plannedMs ? Math.min(1, elapsedMs / step.plannedMs) : null,
    isOverdue: step.plannedMs !== null && isLate(elapsedMs, step.plannedMs),
    next: run.program && after !== null && after !== "end" ? described(run.program, after) : null,
    isLast: after === "end",
  };
}

/** What a run that has not reported a step yet will do first. */
export function firstStep(program: Program): NextStep | null {
  const first = firstMoment(program);
  return first === null ? null : described(program, first);
}

const described = (program: Program, { step, loopPath }: Moment): NextStep => ({
  name: step.name,
  stepType: step.type,
  valveNumber: valveOf(step),
  plannedMs: durationMs(plannedMsOf(step)),
  breadcrumb: breadcrumb(program, step.id, loopPath),
});

const valveOf = (step: LeafStep): number | null => (step.type === "valve" ? step.valve_number : null);
