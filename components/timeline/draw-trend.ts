import type { CanvasFrame } from "#components/timeline/canvas-surface.ts";
import { type TimeScale, timeTicks } from "#components/timeline/time-scale.ts";
import type { TrendPoint } from "#lib/model/timeline.ts";

export interface TrendDrawing {
  readonly points: readonly TrendPoint[];
  readonly setPoint: number | null;
  readonly scale: TimeScale;
  /** Each point stands for itself: what lies between two was not measured. */
  readonly areApart: boolean;
}

const MARGIN = 8;

/** The lowest and highest value that was measured. */
export function measuredRange(points: readonly TrendPoint[]): readonly [number, number] | null {
  if (points.length === 0) return null;
  return [Math.min(...points.map(([, min]) => min)), Math.max(...points.map(([, , , max]) => max))];
}

/** The lowest and highest value that the drawing shows; the set-point is always within. */
export function trendRange(
  points: readonly TrendPoint[],
  setPoint: number | null,
): readonly [number, number] | null {
  let low = setPoint ?? Number.POSITIVE_INFINITY;
  let high = setPoint ?? Number.NEGATIVE_INFINITY;
  for (const [, min, , max] of points) {
    low = Math.min(low, min);
    high = Math.max(high, max);
  }
  if (!Number.isFinite(low)) return null;
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** Smallest to largest as a band, the mean as a line, the set-point dashed, on the time axis of the lanes above. */
export function drawTrend(frame: CanvasFrame, drawing: TrendDrawing): void {
  const { points, setPoint, scale, areApart } = drawing;
  const { context, width, height, theme } = frame;
  context.fillStyle = theme.line;
  for (const ms of timeTicks(scale).at) context.fillRect(Math.round(scale.x(ms)), 0, 1, height);

  const range = trendRange(points, setPoint);
  if (range) {
    const [low, high] = range;
    const y = (value: number) => height - MARGIN - ((value - low) / (high - low)) * (height - 2 * MARGIN);
    if (areApart) drawApart(frame, points, scale, y);
    else drawBand(frame, points, scale, y);
    if (setPoint !== null) {
      context.strokeStyle = theme.inkFaint;
      context.lineWidth = 1;
      context.setLineDash([4, 3]);
      context.beginPath();
      context.moveTo(0, Math.round(y(setPoint)) + 0.5);
      context.lineTo(width, Math.round(y(setPoint)) + 0.5);
      context.stroke();
      context.setLineDash([]);
    }
  }
}

const DOT = 3;

function drawApart(
  { context, theme }: CanvasFrame,
  points: readonly TrendPoint[],
  scale: TimeScale,
  y: (value: number) => number,
): void {
  for (const [t, min, mean, max] of points) {
    context.fillStyle = theme.markSoft;
    context.fillRect(scale.x(t) - 0.5, y(max), 1, y(min) - y(max));
    context.fillStyle = theme.mark;
    context.fillRect(scale.x(t) - DOT / 2, y(mean) - DOT / 2, DOT, DOT);
  }
}

function drawBand(
  { context, theme }: CanvasFrame,
  points: readonly TrendPoint[],
  scale: TimeScale,
  y: (value: number) => number,
): void {
  context.fillStyle = theme.markSoft;
  context.globalAlpha = 0.4;
  context.beginPath();
  for (const [t, , , max] of points) context.lineTo(scale.x(t), y(max));
  for (const [t, min] of points.toReversed()) context.lineTo(scale.x(t), y(min));
  context.fill();
  context.globalAlpha = 1;

  context.strokeStyle = theme.mark;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.beginPath();
  for (const [t, , avg] of points) context.lineTo(scale.x(t), y(avg));
  context.stroke();
}

/** The mean at a moment; null between buckets that are far apart or outside of them. */
export function trendAt(points: readonly TrendPoint[], ms: number, reachMs: number): number | null {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  const near = [points[low - 1], points[low]]
    .filter((point) => point !== undefined)
    .toSorted((a, b) => Math.abs(a[0] - ms) - Math.abs(b[0] - ms))[0];
  return near && Math.abs(near[0] - ms) <= reachMs ? near[2] : null;
}
