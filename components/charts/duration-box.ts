import type { DurationLine } from "#components/charts/duration-line.ts";
import type { StepDurations } from "#lib/model/recipe.ts";

/** How a step's durations are spread, in ms; 9 of 10 lie from `p05` to `p95`. */
export interface DurationBox {
  readonly least: number;
  readonly p05: number;
  readonly median: number;
  readonly p95: number;
  readonly most: number;
}

/** Of one run; null when nothing was measured. A dot that stands for several steps counts as often, by its mean. */
export function boxOfLine({ dots }: DurationLine): DurationBox | null {
  const whole = dots
    .flatMap(({ measuredMs, minMs, maxMs, count }) =>
      measuredMs === null || minMs === null || maxMs === null ? [] : [{ measuredMs, minMs, maxMs, count }],
    )
    .toSorted((a, b) => a.measuredMs - b.measuredMs);
  const total = whole.reduce((sum, { count }) => sum + count, 0);
  /** The nearest rank, as percentile_disc has it. */
  const at = (share: number): number => {
    let before = 0;
    for (const { measuredMs, count } of whole) {
      before += count;
      if (before >= share * total) return measuredMs;
    }
    return whole.at(-1)?.measuredMs ?? 0;
  };
  if (total === 0) return null;
  return {
    least: Math.min(...whole.map(({ minMs }) => minMs)),
    p05: at(0.05),
    median: at(0.5),
    p95: at(0.95),
    most: Math.max(...whole.map(({ maxMs }) => maxMs)),
  };
}

/** Of the recipe's newest runs; null when the step was not measured in them as it is planned now. */
export const boxOfRuns = (step: StepDurations | undefined): DurationBox | null => step?.figures ?? null;
