import type { DurationSeries } from "#lib/model/timeline.ts";
import { durationMs } from "#lib/time.ts";
import { formatDeviation, formatDuration } from "#lib/time-format.ts";

/** One place on a duration chart. `x` is the cycle, or the seq for steps outside of cycles. */
export interface DurationDot {
  readonly x: number;
  readonly seq: number;
  readonly plannedMs: number | null;
  readonly measuredMs: number | null;
  /** Null, as `maxMs`, for a step that was cut short: it is shown and compared with nothing. */
  readonly minMs: number | null;
  readonly maxMs: number | null;
  readonly isDeviation: boolean;
  /** How many steps this dot stands for. */
  readonly count: number;
}

/** How long one recipe step took, over the cycles of a run. */
export interface DurationLine {
  readonly key: string;
  readonly label: string;
  readonly plannedMs: number | null;
  readonly dots: readonly DurationDot[];
}

export function durationLines(series: readonly DurationSeries[]): readonly DurationLine[] {
  return series.map((one) => ({
    key: one.key,
    label: one.valveNumber === null ? one.stepName : `${one.stepName}, valve ${one.valveNumber}`,
    plannedMs: one.plannedMs,
    dots: one.points.map((point) => {
      const planned = point.plannedMs ?? one.plannedMs;
      return {
        x: point.cycle ?? point.seq,
        seq: point.seq,
        plannedMs: planned,
        measuredMs: point.measuredMs,
        minMs: point.minMs,
        maxMs: point.maxMs,
        isDeviation: isBeyond(planned, point.minMs) || isBeyond(planned, point.maxMs),
        count: point.count,
      };
    }),
  }));
}

/** The rule of `step_execution_history.is_deviation`: off by more than 25 ms and by more than 3 %. */
function isBeyond(plannedMs: number | null, measuredMs: number | null): boolean {
  if (plannedMs === null || measuredMs === null) return false;
  return Math.abs(measuredMs - plannedMs) > Math.max(25, plannedMs * 0.03);
}

/** The line in words: planned, typical and worst. */
export function durationReading({ plannedMs, dots }: DurationLine): string {
  const measured = dots
    .flatMap((dot) => (dot.measuredMs === null ? [] : [dot.measuredMs]))
    .toSorted((a, b) => a - b);
  const typical = measured[measured.length >> 1];
  const worst = worstDeviation(dots);
  return [
    plannedMs === null ? "not planned" : `planned ${formatDuration(durationMs(plannedMs))}`,
    typical === undefined ? "nothing measured" : `typically ${formatDuration(durationMs(typical))}`,
    worst === null ? null : `worst ${formatDeviation(durationMs(worst))}`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

function worstDeviation(dots: readonly DurationDot[]): number | null {
  const off = dots.flatMap(({ plannedMs, minMs, maxMs }) =>
    plannedMs === null ? [] : [minMs, maxMs].flatMap((ms) => (ms === null ? [] : [ms - plannedMs])),
  );
  return off.reduce<number | null>(
    (worst, ms) => (worst === null || Math.abs(ms) > Math.abs(worst) ? ms : worst),
    null,
  );
}

export interface DurationBin {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly holdsDeviation: boolean;
}

/** How often each duration was measured, in about `wanted` equal bins that start at a round number. */
export function durationBins({ dots, plannedMs }: DurationLine, wanted = 24): readonly DurationBin[] {
  const values = dots.flatMap((dot) =>
    dot.measuredMs === null || dot.minMs === null ? [] : [{ ms: dot.measuredMs, count: dot.count }],
  );
  if (values.length === 0) return [];
  const lowest = Math.min(...values.map(({ ms }) => ms), plannedMs ?? Number.POSITIVE_INFINITY);
  const highest = Math.max(...values.map(({ ms }) => ms), plannedMs ?? 0);
  const width = roundWidth((highest - lowest) / wanted);
  const start = Math.floor(lowest / width) * width;
  const bins = new Array<number>(Math.floor((highest - start) / width) + 1).fill(0);
  for (const { ms, count } of values) {
    const index = Math.floor((ms - start) / width);
    bins[index] = (bins[index] ?? 0) + count;
  }
  return bins.map((count, index) => {
    const fromMs = start + index * width;
    const toMs = fromMs + width;
    const isLow = plannedMs !== null && toMs <= plannedMs && isBeyond(plannedMs, toMs);
    const isHigh = plannedMs !== null && fromMs >= plannedMs && isBeyond(plannedMs, fromMs);
    return { fromMs, toMs, count, holdsDeviation: count > 0 && (isLow || isHigh) };
  });
}

/** The next of 1, 2, 5 times a power of ten, not under a tenth of a millisecond. */
function roundWidth(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 0.1)));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10;
  return step * power;
}
