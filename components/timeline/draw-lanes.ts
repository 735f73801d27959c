import type { CanvasFrame } from "#components/timeline/canvas-surface.ts";
import type { CanvasTheme } from "#components/timeline/canvas-theme.ts";
import { drawLoops, LOOP_HEIGHT } from "#components/timeline/draw-loops.ts";
import { firstEndingAfter, type Lane } from "#components/timeline/lanes.ts";
import { formatOffset, type TimeScale, timeTicks } from "#components/timeline/time-scale.ts";
import type { LoopLevel, TimelineSpan } from "#lib/model/timeline.ts";

export const AXIS_HEIGHT = 26;
export const LANE_HEIGHT = 34;
export const BAR_HEIGHT = 16;
/** Distance of a bar from the top of its lane. */
export const BAR_TOP = 7;

/** Narrower than this, in px, a planned duration beside a measured one tells nothing. */
const PLANNED_FROM = 10;

export interface LanesDrawing {
  readonly loops: readonly LoopLevel[];
  readonly lanes: readonly Lane[];
  readonly scale: TimeScale;
  /** The live edge; open steps reach it. Null once the run has ended. */
  readonly nowMs: number | null;
  readonly selectedSeq: number | null;
}

/** Where the first lane begins, below the axis and the rows of the loops. */
export const lanesTop = (loops: number): number => AXIS_HEIGHT + loops * LOOP_HEIGHT;

export const lanesHeight = (count: number, loops: number): number => lanesTop(loops) + count * LANE_HEIGHT;

/** Draws axis, loops, lanes, spans, deviations and the live edge, from back to front. */
export function drawLanes(frame: CanvasFrame, drawing: LanesDrawing): void {
  const top = lanesTop(drawing.loops.length);
  drawAxis(frame, drawing.scale);
  drawLoops(frame, drawing, AXIS_HEIGHT);
  drawing.lanes.forEach((lane, index) => {
    drawLane(frame, drawing, lane, top + index * LANE_HEIGHT);
  });
  if (drawing.nowMs !== null) drawNow(frame, drawing.scale.x(drawing.nowMs));
}

function drawAxis({ context, height, theme }: CanvasFrame, scale: TimeScale): void {
  const { stepMs, at } = timeTicks(scale);
  context.font = `11px ${theme.font}`;
  context.textBaseline = "middle";
  for (const ms of at) {
    const x = Math.round(scale.x(ms)) + 0.5;
    context.fillStyle = theme.line;
    context.fillRect(x - 0.5, AXIS_HEIGHT - 5, 1, height - AXIS_HEIGHT + 5);
    context.fillStyle = theme.inkFaint;
    context.fillText(formatOffset(ms, stepMs), x + 4, AXIS_HEIGHT / 2);
  }
  context.fillStyle = theme.line;
  context.fillRect(0, AXIS_HEIGHT - 0.5, scale.width, 1);
}

function drawLane(frame: CanvasFrame, drawing: LanesDrawing, lane: Lane, top: number): void {
  const { context, theme } = frame;
  const { scale } = drawing;
  context.fillStyle = theme.line;
  context.fillRect(0, top + LANE_HEIGHT - 0.5, scale.width, 1);

  let lastMarkX = Number.NEGATIVE_INFINITY;
  for (let index = firstEndingAfter(lane.spans, scale.fromMs); index < lane.spans.length; index += 1) {
    const span = lane.spans[index];
    if (!span || span.startMs > scale.toMs) break;
    const bar = barOf(span, drawing);
    drawBar(context, theme, span, bar, top);
    if (span.seq === drawing.selectedSeq) drawSelection(context, theme, bar, top);
    if (span.deviations > 0 && bar.x - lastMarkX >= 6) {
      drawDeviation(context, theme, bar.x + Math.min(bar.width, 8) / 2, top);
      lastMarkX = bar.x;
    }
  }
}

interface Bar {
  readonly x: number;
  readonly width: number;
  /** Where the recipe meant it to end; null when merged, unplanned or too small to tell. */
  readonly plannedEndX: number | null;
}

/** No step is invisible: at least one pixel, and an open step reaches the live edge. */
function barOf(span: TimelineSpan, { scale, nowMs }: LanesDrawing): Bar {
  const endMs = span.isOpen ? Math.max(span.endMs, nowMs ?? scale.toMs) : span.endMs;
  const x = Math.max(-2, scale.x(span.startMs));
  const width = Math.max(1, Math.min(scale.width + 2, scale.x(endMs)) - x);
  const plannedWidth = (span.plannedMs ?? 0) / scale.msPerPixel;
  const canShowPlanned = span.count === 1 && span.plannedMs !== null && plannedWidth >= PLANNED_FROM;
  return { x, width, plannedEndX: canShowPlanned ? scale.x(span.startMs + (span.plannedMs ?? 0)) : null };
}

function drawBar(
  context: CanvasRenderingContext2D,
  theme: CanvasTheme,
  span: TimelineSpan,
  bar: Bar,
  top: number,
): void {
  const y = top + BAR_TOP;
  const isPulse = span.stepType === "valve";
  context.fillStyle = isPulse ? theme.mark : theme.markSoft;
  context.globalAlpha = (isPulse ? 1 : 0.5) * (span.count > 1 ? 0.7 : 1);
  context.fillRect(bar.x, y, bar.width, BAR_HEIGHT);
  context.globalAlpha = 1;

  if (bar.plannedEndX !== null) {
    context.fillStyle = theme.inkMuted;
    context.fillRect(bar.x, y + BAR_HEIGHT + 2, bar.plannedEndX - bar.x, 1);
    context.fillRect(bar.plannedEndX - 1, y + BAR_HEIGHT, 1, 4);
  }
  if (span.isOpen) {
    context.fillStyle = theme.ink;
    context.fillRect(bar.x + bar.width - 2, y - 2, 2, BAR_HEIGHT + 4);
  }
  const label = span.count > 1 ? `×${span.count}` : span.name;
  writeInside(context, theme, label, bar, y + BAR_HEIGHT / 2, isPulse);
}

function writeInside(
  context: CanvasRenderingContext2D,
  theme: CanvasTheme,
  text: string,
  bar: Bar,
  y: number,
  isPulse: boolean,
): void {
  const from = Math.max(0, bar.x);
  const room = bar.x + bar.width - from - 10;
  if (room < 14) return;
  context.font = `500 10.5px ${theme.font}`;
  if (context.measureText(text).width > room) return;
  context.fillStyle = isPulse ? theme.surface : theme.ink;
  context.fillText(text, from + 5, y + 0.5);
}

function drawSelection(context: CanvasRenderingContext2D, theme: CanvasTheme, bar: Bar, top: number): void {
  context.strokeStyle = theme.accent;
  context.lineWidth = 2;
  context.strokeRect(bar.x - 2, top + BAR_TOP - 2, Math.max(bar.width, 3) + 4, BAR_HEIGHT + 4);
}

function drawDeviation(context: CanvasRenderingContext2D, theme: CanvasTheme, x: number, top: number): void {
  context.fillStyle = theme.alarm2;
  context.beginPath();
  context.moveTo(x, top + 0.5);
  context.lineTo(x + 3.5, top + 6);
  context.lineTo(x - 3.5, top + 6);
  context.fill();
}

function drawNow({ context, height, theme }: CanvasFrame, x: number): void {
  context.fillStyle = theme.ink;
  context.fillRect(Math.round(x), AXIS_HEIGHT - 6, 1, height);
  context.font = `600 10.5px ${theme.font}`;
  const width = context.measureText("now").width + 8;
  context.fillRect(Math.round(x) - width, 4, width, 16);
  context.fillStyle = theme.surface;
  context.textBaseline = "middle";
  context.fillText("now", Math.round(x) - width + 4, 12.5);
}
