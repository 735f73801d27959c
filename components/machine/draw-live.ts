import type { Trace, TracePoint } from "#components/machine/trace-points.ts";
import { traceRange } from "#components/machine/trace-points.ts";
import type { CanvasFrame } from "#components/timeline/canvas-surface.ts";
import { AXIS_HEIGHT, BAR_HEIGHT, BAR_TOP, drawLanes, LANE_HEIGHT } from "#components/timeline/draw-lanes.ts";
import type { Lane } from "#components/timeline/lanes.ts";
import type { TimeScale } from "#components/timeline/time-scale.ts";

export const TRACE_HEIGHT = 84;
const TRACE_MARGIN = 14;

/** A step that the plan expects next: drawn hollow, right of now. */
export interface Ghost {
  readonly laneIndex: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** `stale`: the edge stands still and what lies right of it is not known, rather than not yet. `ended`: nothing lies there. */
export type LiveState = "live" | "stale" | "ended";

export interface LiveDrawing {
  readonly lanes: readonly Lane[];
  readonly traces: readonly Trace[];
  readonly cycles: readonly { readonly cycle: number; readonly atMs: number }[];
  readonly ghosts: readonly Ghost[];
  readonly scale: TimeScale;
  readonly nowMs: number;
  readonly state: LiveState;
  readonly pointerMs: number | null;
}

export const liveHeight = (lanes: number, traces: number): number =>
  AXIS_HEIGHT + lanes * LANE_HEIGHT + traces * TRACE_HEIGHT + 2;

/** Everything of one frame, from back to front. */
export function drawLive(frame: CanvasFrame, drawing: LiveDrawing): void {
  const traceTop = (index: number) => AXIS_HEIGHT + drawing.lanes.length * LANE_HEIGHT + index * TRACE_HEIGHT;
  drawCycles(frame, drawing);
  drawGhosts(frame, drawing);
  drawing.traces.forEach((trace, index) => {
    drawTrace(frame, trace, drawing, traceTop(index));
  });
  const { scale, nowMs, pointerMs, state } = drawing;
  const isLive = state === "live";
  if (state === "stale") drawUnknown(frame, drawing);
  const lanes = isLive ? drawing.lanes : drawing.lanes.map((lane) => heldAt(lane, nowMs));
  drawLanes(frame, { loops: [], lanes, scale, nowMs: isLive ? nowMs : null, selectedSeq: null });
  if (pointerMs !== null) drawHairline(frame, scale.x(pointerMs));
  if (state === "stale") drawLastKnown(frame, scale.x(nowMs));
  drawing.traces.forEach((trace, index) => {
    drawTraceScale(frame, trace, traceTop(index));
  });
}

function drawHairline({ context, height, theme }: CanvasFrame, x: number): void {
  context.fillStyle = theme.accent;
  context.fillRect(Math.round(x), AXIS_HEIGHT - 6, 1, height);
}

/** An open step of a lost machine is known to have lasted until the edge, and no further. */
const heldAt = (lane: Lane, nowMs: number): Lane => ({
  ...lane,
  spans: lane.spans.map((span) =>
    span.isOpen ? { ...span, endMs: Math.max(span.endMs, nowMs), isOpen: false } : span,
  ),
});

/** Alternate cycles lie on a slightly darker ground, so that the eye can count them without a line in the way. */
function drawCycles({ context, height, theme }: CanvasFrame, { cycles, scale, nowMs }: LiveDrawing): void {
  context.fillStyle = theme.sunken;
  cycles.forEach(({ cycle, atMs }, index) => {
    const endMs = cycles[index + 1]?.atMs ?? nowMs;
    if (cycle % 2 === 1 || endMs < scale.fromMs) return;
    context.fillRect(scale.x(atMs), AXIS_HEIGHT, scale.x(endMs) - scale.x(atMs), height - AXIS_HEIGHT);
  });
}

function drawGhosts({ context, theme }: CanvasFrame, { ghosts, scale }: LiveDrawing): void {
  context.strokeStyle = theme.lineStrong;
  context.lineWidth = 1;
  context.setLineDash([2, 2]);
  for (const ghost of ghosts) {
    if (ghost.startMs > scale.toMs) break;
    const x = Math.round(scale.x(ghost.startMs)) + 0.5;
    const width = Math.max(1, Math.round(scale.x(ghost.endMs) - scale.x(ghost.startMs)));
    context.strokeRect(x, AXIS_HEIGHT + ghost.laneIndex * LANE_HEIGHT + BAR_TOP + 0.5, width, BAR_HEIGHT - 1);
  }
  context.setLineDash([]);
}

function drawTrace(frame: CanvasFrame, trace: Trace, { scale }: LiveDrawing, top: number): void {
  const { context, width, theme } = frame;
  const { low, high } = traceRange(trace);
  const inner = TRACE_HEIGHT - 2 * TRACE_MARGIN;
  const y = (value: number) => top + TRACE_MARGIN + inner * (1 - (value - low) / (high - low));

  context.fillStyle = theme.line;
  context.fillRect(0, top + TRACE_HEIGHT - 0.5, width, 1);
  if (trace.setPoint !== null) drawSetPoint(frame, y(trace.setPoint));
  drawLine(context, scale, visible(trace.points, scale), y, theme.mark);
}

/** The ends of a strip's scale, over everything else and on a ground of their own. */
function drawTraceScale({ context, theme }: CanvasFrame, trace: Trace, top: number): void {
  const { low, high } = traceRange(trace);
  context.font = `10.5px ${theme.font}`;
  context.textBaseline = "middle";
  for (const [value, y] of [
    [high, top + TRACE_MARGIN],
    [low, top + TRACE_HEIGHT - TRACE_MARGIN],
  ] as const) {
    const text = value.toFixed(trace.digits);
    context.globalAlpha = 0.85;
    context.fillStyle = theme.surface;
    context.fillRect(2, y - 8, context.measureText(text).width + 6, 16);
    context.globalAlpha = 1;
    context.fillStyle = theme.inkFaint;
    context.fillText(text, 5, y);
  }
}

function drawSetPoint({ context, width, theme }: CanvasFrame, y: number): void {
  context.strokeStyle = theme.lineStrong;
  context.lineWidth = 1;
  context.setLineDash([4, 4]);
  context.beginPath();
  context.moveTo(0, Math.round(y) + 0.5);
  context.lineTo(width, Math.round(y) + 0.5);
  context.stroke();
  context.setLineDash([]);
}

function drawLine(
  context: CanvasRenderingContext2D,
  scale: TimeScale,
  points: readonly TracePoint[],
  y: (value: number) => number,
  color: string,
): void {
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  points.forEach(([at, value], index) => {
    if (index === 0) context.moveTo(scale.x(at), y(value));
    else context.lineTo(scale.x(at), y(value));
  });
  context.stroke();
}

/** The points in sight, with one neighbour on either side so that lines reach the edge. */
function visible(points: readonly TracePoint[], { fromMs, toMs }: TimeScale): readonly TracePoint[] {
  const first = firstAtOrAfter(points, fromMs);
  const last = firstAtOrAfter(points, toMs);
  return points.slice(Math.max(0, first - 1), last + 1);
}

function firstAtOrAfter(points: readonly TracePoint[], ms: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Hatches what lies after the last thing known. */
function drawUnknown({ context, width, height, theme }: CanvasFrame, { scale, nowMs }: LiveDrawing): void {
  const from = scale.x(nowMs);
  context.save();
  context.beginPath();
  context.rect(from, AXIS_HEIGHT, width - from, height - AXIS_HEIGHT);
  context.clip();
  context.strokeStyle = theme.track;
  context.lineWidth = 2;
  context.beginPath();
  for (let x = from - height; x < width; x += 8) {
    context.moveTo(x, height);
    context.lineTo(x + height, 0);
  }
  context.stroke();
  context.restore();
}

function drawLastKnown({ context, height, theme }: CanvasFrame, x: number): void {
  context.font = `600 10.5px ${theme.font}`;
  context.textBaseline = "middle";
  const width = context.measureText("last known").width + 8;
  context.fillStyle = theme.surface;
  context.fillRect(Math.round(x) - width, 3, width, 18);
  context.fillStyle = theme.inkMuted;
  context.fillText("last known", Math.round(x) - width + 4, 12.5);
  context.fillRect(Math.round(x), AXIS_HEIGHT - 6, 1, height);
}
