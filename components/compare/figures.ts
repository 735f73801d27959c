import { formatFigure } from "#components/charts/figures.ts";
import type { Align, ComparedSeries, Comparison, StepDifference } from "#lib/model/comparison.ts";
import { durationMs } from "#lib/time.ts";
import { formatDeviation, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

// The figures of a comparison in words. Guarded by figures.test.ts.

const MOST_MS = 2_000;
const MOST_S = 60_000;

/** A value of the measure with its unit, in four digits where they tell: what differs does not read the same. */
export function formatMeasured(value: number, unit: string): string {
  if (unit !== "ms") return `${formatFigure(value)} ${unit}`;
  if (value < MOST_MS) return `${formatFigure(Math.round(value * 10) / 10)} ms`;
  return value < MOST_S ? `${formatFigure(value / 1000)} s` : formatDuration(durationMs(value));
}

export function formatDifference(difference: number, unit: string): string {
  if (unit === "ms") return formatDeviation(durationMs(difference));
  return `${difference < 0 ? "−" : "+"}${formatFigure(Math.abs(difference))} ${unit}`;
}

export const X_NAMES: Readonly<Record<Align, string>> = {
  cycle: "Cycle",
  step: "Execution",
  start: "After the first step",
};

export const formatX = (x: number, align: Align): string =>
  align === "start" ? formatDuration(durationMs(x)) : formatCount(x);

/** Where a run differed: "cycle 51", "cycles 51 to 60", "after 4 min 05 s". */
export function whereOf({ xFrom, xTo, cycle }: StepDifference, align: Align): string {
  if (align === "start") return `after ${formatX(xFrom, align)}`;
  const word = align === "cycle" && cycle !== null ? "cycle" : "execution";
  const [from, to] = [Math.round(xFrom), Math.round(xTo)];
  return to > from ? `${word}s ${formatCount(from)} to ${formatCount(to)}` : `${word} ${formatCount(from)}`;
}

/** A step by its name and its valve; the database's own name of the lane where it has none. */
export function stepTitle({ stepName, lane }: Pick<ComparedSeries, "stepName" | "lane">): string {
  if (!stepName) return lane;
  return lane.startsWith("valve") ? `${stepName}, ${lane}` : stepName;
}

/** What stands out in a step, in a sentence beside its chart. */
export function seriesReading(
  { key, envelope }: ComparedSeries,
  { align, unit, differences }: Comparison,
): string {
  const own = differences.filter((one) => one.key === key);
  const [first] = own;
  if (first === undefined) return envelope ? "no run leaves the good ones" : "no run stands out";
  const rest = own.length > 1 ? `, and ${own.length - 1} more` : "";
  const at = align === "start" ? "" : "at ";
  return `run ${first.index} ${formatDifference(first.difference, unit)} ${at}${whereOf(first, align)}${rest}`;
}
