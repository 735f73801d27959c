// How far a run left its plan, part by part, in a picture no larger than a word. Guarded by sparkline.test.ts.

/** Less than this is the jitter of a healthy valve, and no picture makes it look like more (ms). */
const QUIET_MS = 25;

type Sparkline = readonly (number | null)[];

/** The farthest deviation of all parts (ms); null where none was measured. */
export function worstOf(parts: Sparkline): number | null {
  const measured = parts.filter((part) => part !== null);
  return measured.length === 0 ? null : Math.max(...measured);
}

export type SparkBar = {
  /** Which part, from 0. */
  part: number;
  /** 0..1 of the picture's height. */
  height: number;
  isBeyond: boolean;
};

/** A bar for each part that was measured; the tallest fills the height, unless all of them are jitter. */
export function sparkBars(parts: Sparkline): readonly SparkBar[] {
  const most = Math.max(2 * QUIET_MS, worstOf(parts) ?? 0);
  return parts.flatMap((worst, part) =>
    worst === null ? [] : [{ part, height: worst / most, isBeyond: worst > QUIET_MS }],
  );
}
