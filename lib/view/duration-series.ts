import { isCutShort, type StepExecution, type StepType } from "#lib/model/step.ts";
import type { DurationMs } from "#lib/time.ts";

export type StepDurationPoint = {
  seq: number;
  cycle: number | null;
  plannedMs: DurationMs | null;
  measuredMs: DurationMs | null;
  deviationMs: DurationMs | null;
  isDeviation: boolean;
  isCutShort: boolean;
};
export type StepDurationSeries = {
  key: string;
  label: string;
  stepType: StepType;
  valveNumber: number | null;
  plannedMs: DurationMs | null;
  points: readonly StepDurationPoint[];
};

/** Valve and purge steps as one series per step of the recipe, in the order they first ran. Measured steps only. */
export function stepDurationSeries(steps: readonly StepExecution[]): StepDurationSeries[] {
  const series = new Map<string, StepDurationSeries & { points: StepDurationPoint[] }>();
  for (const step of steps) {
    if (step.measuredMs === null || (step.stepType !== "valve" && step.stepType !== "purge")) continue;
    const key = seriesKey(step);
    const known = series.get(key) ?? {
      key,
      label: step.stepName,
      stepType: step.stepType,
      valveNumber: step.valveNumber,
      plannedMs: step.plannedMs,
      points: [],
    };
    series.set(key, known);
    known.points.push({
      seq: step.seq,
      cycle: step.cycle,
      plannedMs: step.plannedMs,
      measuredMs: step.measuredMs,
      deviationMs: step.deviationMs,
      isDeviation: step.isDeviation,
      isCutShort: isCutShort(step),
    });
  }
  return [...series.values()];
}

/** What executions of the same step have in common: the recipe's step, else the lane and name. */
export const seriesKey = (step: StepExecution): string =>
  step.recipeStepId ?? `${step.stepType} ${step.valveNumber ?? ""} ${step.stepName}`;
