import type { CycleCell, CyclePhase, RunCycles } from "#lib/model/cycles.ts";

/** What the shade of a cell tells: how long the step took, or how high the pressure rose. */
export const measures = ["duration", "peak"] as const;
export type Measure = (typeof measures)[number];

/** What a column's shades lie between, in ms or Torr; null where nothing was measured. */
export type Range = { readonly low: number; readonly high: number };

export interface ShadedPhase {
  readonly phase: CyclePhase;
  readonly cells: readonly CycleCell[];
  readonly range: Range | null;
}

/** A column's shades span at least this share of its middle value: jitter of a healthy valve is no pattern. */
const LEAST_SPAN: Readonly<Record<Measure, number>> = { duration: 0.01, peak: 0.1 };

/** Shares of a column left out at each end: one misfire must not turn all the others the same grey. */
const TAIL = 0.02;

export const measuredValue = (cell: CycleCell, measure: Measure): number | null =>
  measure === "duration" ? cell.measuredMs : cell.peakTorr;

/** The columns that have the measure, each with its own range: a drift of 1 % must show as well in 100 ms as in 4 s. */
export function shadedPhases(cycles: RunCycles, measure: Measure): readonly ShadedPhase[] {
  return cycles.phases.flatMap((phase, index) => {
    const cells = cycles.cells[index] ?? [];
    const range = rangeOf(cells, measure);
    return range === null && measure === "peak" ? [] : [{ phase, cells, range }];
  });
}

function rangeOf(cells: readonly CycleCell[], measure: Measure): Range | null {
  const values = cells
    .filter((cell) => cell.deviations === 0)
    .flatMap((cell) => measuredValue(cell, measure) ?? [])
    .sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))];
  const [low, middle, high] = [at(TAIL), at(0.5), at(1 - TAIL)];
  if (low === undefined || middle === undefined || high === undefined) return null;
  const room = Math.max(0, (LEAST_SPAN[measure] * Math.abs(middle) - (high - low)) / 2);
  return { low: low - room, high: high + room };
}

/** 0 for the least of the column, 1 for the most, 0.5 where all are alike; null where there is nothing to tell. */
export function shadeOf(cell: CycleCell, { low, high }: Range, measure: Measure): number | null {
  const value = measuredValue(cell, measure);
  if (cell.count === 0 || value === null) return null;
  return high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
}
