/** Bars as fractions of a picture's width and height. */
export type DurationBars = {
  bars: readonly { from: number; to: number; share: number }[];
  /** Where the planned duration stands. */
  planned: number;
};

/** Air at both ends, as a part of the width. */
const MARGIN = 0.04;
/** The picture spans this part of the planned duration at least: jitter of a millisecond does not look like chaos. */
const LEAST_SPAN = 0.1;

/**
 * Counts in equal parts from `least` to `most`, on an axis that also holds the planned duration, in its middle when all
 * lies close to it.
 */
export function barsOf(
  counts: readonly number[],
  { least, most }: { readonly least: number; readonly most: number },
  plannedMs: number,
): DurationBars {
  const [low, high] = [Math.min(least, plannedMs), Math.max(most, plannedMs)];
  const span = Math.max(high - low, plannedMs * LEAST_SPAN, 1e-6);
  const begin = (low + high - span) / 2;
  const at = (ms: number) => MARGIN + ((ms - begin) / span) * (1 - 2 * MARGIN);
  const part = (most - least) / Math.max(1, counts.length);
  const tallest = Math.max(1, ...counts);
  return {
    bars: counts.flatMap((count, index) =>
      count === 0
        ? []
        : [{ from: at(least + index * part), to: at(least + (index + 1) * part), share: count / tallest }],
    ),
    planned: at(plannedMs),
  };
}
