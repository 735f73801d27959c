import type { CanvasFrame } from "#components/timeline/canvas-surface.ts";
import { iterationText } from "#components/timeline/loop-levels.ts";
import type { TimeScale } from "#components/timeline/time-scale.ts";
import type { LoopLevel, LoopPass } from "#lib/model/timeline.ts";

export const LOOP_HEIGHT = 20;
const BAND_HEIGHT = 12;
const BAND_TOP = 4;
/** Below this width, in px, neighbouring passes are told apart by shade alone. */
const GAP_FROM = 4;

interface LoopsDrawing {
  readonly loops: readonly LoopLevel[];
  readonly scale: TimeScale;
  /** Where a pass that goes on ends for now; null once the run has ended. */
  readonly nowMs: number | null;
}

/** One row per level of nesting: which iteration the run was in. */
export function drawLoops(frame: CanvasFrame, drawing: LoopsDrawing, top: number): void {
  drawing.loops.forEach(({ passes }, index) => {
    const rowTop = top + index * LOOP_HEIGHT;
    frame.context.fillStyle = frame.theme.line;
    frame.context.fillRect(0, rowTop + LOOP_HEIGHT - 0.5, drawing.scale.width, 1);
    for (const pass of passes) drawPass(frame, drawing, pass, rowTop + BAND_TOP);
  });
}

function drawPass(
  { context, theme }: CanvasFrame,
  { scale, nowMs }: LoopsDrawing,
  pass: LoopPass,
  y: number,
): void {
  const endMs = Math.min(pass.endMs, nowMs ?? pass.endMs);
  if (endMs < scale.fromMs || pass.startMs > scale.toMs) return;
  const x = Math.max(-2, scale.x(pass.startMs));
  const width = Math.max(1, Math.min(scale.width + 2, scale.x(endMs)) - x);
  const gap = width >= GAP_FROM ? 1 : 0;
  context.fillStyle = theme.markSoft;
  context.globalAlpha = pass.fromIteration % 2 === 0 ? 0.3 : 0.5;
  context.fillRect(x + gap, y, width - gap, BAND_HEIGHT);
  context.globalAlpha = 1;

  const text = iterationText(pass);
  const room = x + width - Math.max(0, x) - 8;
  if (room < 8) return;
  context.font = `500 10px ${theme.font}`;
  if (context.measureText(text).width > room) return;
  context.fillStyle = theme.inkMuted;
  context.textBaseline = "middle";
  context.fillText(text, Math.max(0, x) + 5, y + BAND_HEIGHT / 2 + 0.5);
}
