import { roundMarks } from "#components/charts/figures.ts";
import { type CellPlace, GUTTER_WIDTH, HEAD_HEIGHT, type StrobeLayout } from "#components/strobe/layout.ts";
import type { StrobeMark } from "#components/strobe/marks.ts";
import { type Measure, type ShadedPhase, shadeOf } from "#components/strobe/shade.ts";
import type { CanvasFrame } from "#components/timeline/canvas-surface.ts";
import type { CycleRow } from "#lib/model/cycles.ts";

export interface StrobeDrawing {
  readonly phases: readonly ShadedPhase[];
  readonly rows: readonly CycleRow[];
  readonly layout: StrobeLayout;
  readonly measure: Measure;
  readonly marks: readonly StrobeMark[];
  readonly chosen: CellPlace | null;
}

/** A deviation is never thinner than this, however many rows there are. */
const LEAST_MARK = 2;
/** Width of the bar that marks a finding, and its least height, in px. */
const BAR = 3;
const LEAST_BAR = 5;

/** All cycles upon each other: a shade per cell, deviations over them in the colour and shape they have everywhere. */
export function drawStrobe(frame: CanvasFrame, drawing: StrobeDrawing): void {
  const { context, theme } = frame;
  context.textBaseline = "middle";
  drawing.phases.forEach((_, index) => {
    drawColumn(frame, drawing, index);
  });
  drawCycleNumbers(frame, drawing);
  drawMarks(frame, drawing);
  const { chosen, layout } = drawing;
  const column = chosen ? layout.columns[chosen.phase] : undefined;
  if (!chosen || !column) return;
  context.strokeStyle = theme.accent;
  context.lineWidth = 2;
  const y = HEAD_HEIGHT + chosen.row * layout.rowHeight;
  context.strokeRect(column.x, y - 1, column.width - 1, Math.max(layout.rowHeight, 2) + 2);
}

function drawColumn(frame: CanvasFrame, { phases, layout, measure }: StrobeDrawing, index: number): void {
  const { context, theme } = frame;
  const [shaded, column] = [phases[index], layout.columns[index]];
  if (!shaded || !column) return;
  const width = column.width - 1;

  context.font = `500 11px ${theme.font}`;
  context.fillStyle = theme.ink;
  context.fillText(fitted(context, shaded.phase.stepName, width - 6), column.x + 2, 12);
  context.fillStyle = theme.inkFaint;
  const valve = shaded.phase.valveNumber === null ? "" : `valve ${shaded.phase.valveNumber}`;
  context.fillText(fitted(context, valve, width - 6), column.x + 2, 28);

  shaded.cells.forEach((cell, row) => {
    if (cell.count === 0) return;
    // On whole pixels, so that no seam shows between rows.
    const y = Math.round(HEAD_HEIGHT + row * layout.rowHeight);
    const height = Math.round(HEAD_HEIGHT + (row + 1) * layout.rowHeight) - y;
    const shade = shaded.range === null ? null : shadeOf(cell, shaded.range, measure);
    context.fillStyle = shade === null ? theme.track : theme.mark;
    context.globalAlpha = shade === null ? 0.5 : 0.1 + 0.5 * shade;
    context.fillRect(column.x, y, width, height);
    context.globalAlpha = 1;
  });
  drawDeviations(frame, shaded, column, layout.rowHeight);
}

function drawDeviations(
  { context, theme }: CanvasFrame,
  { cells }: ShadedPhase,
  column: { readonly x: number; readonly width: number },
  rowHeight: number,
): void {
  context.fillStyle = theme.alarm2;
  let lastY = Number.NEGATIVE_INFINITY;
  cells.forEach((cell, row) => {
    if (cell.deviations === 0) return;
    const y = Math.round(HEAD_HEIGHT + row * rowHeight);
    const height = Math.round(HEAD_HEIGHT + (row + 1) * rowHeight) - y;
    context.fillRect(column.x, y, column.width - 1, Math.max(LEAST_MARK, height));
    if (y - lastY < 7) return;
    lastY = y;
    const middle = y + rowHeight / 2;
    context.beginPath();
    context.moveTo(column.x - 1, middle);
    context.lineTo(column.x - 7, middle - 3.5);
    context.lineTo(column.x - 7, middle + 3.5);
    context.fill();
  });
}

/** What was found: a bar at the right edge of its column; of a step in no cycle, a line across with its name. */
function drawMarks({ context, theme }: CanvasFrame, { marks, layout }: StrobeDrawing): void {
  const [first, last] = [layout.columns[0], layout.columns.at(-1)];
  if (!first || !last) return;
  const yOf = (row: number) => Math.round(HEAD_HEIGHT + row * layout.rowHeight);
  context.font = `11px ${theme.font}`;
  for (const { title, phase, fromRow, toRow } of marks) {
    const column = phase === null ? undefined : layout.columns[phase];
    const top = yOf(fromRow);
    if (column) {
      const height = Math.max(LEAST_BAR, yOf(toRow + 1) - top);
      context.fillStyle = theme.surface;
      context.fillRect(column.x + column.width - BAR - 3, top, BAR + 2, height);
      context.fillStyle = theme.alarm2;
      context.fillRect(column.x + column.width - BAR - 2, top, BAR, height);
      continue;
    }
    const end = last.x + last.width - 1;
    const room = context.measureText(title).width + 10;
    context.fillStyle = theme.surface;
    context.fillRect(end - room, top - 8, room, 16);
    context.fillStyle = theme.alarm2;
    context.fillRect(first.x, top - 1, end - room - first.x, 2);
    context.fillText(title, end - room + 5, top);
  }
}

function drawCycleNumbers({ context, theme }: CanvasFrame, { rows, layout }: StrobeDrawing): void {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return;
  context.font = `11px ${theme.font}`;
  context.fillStyle = theme.inkFaint;
  context.textAlign = "right";
  const wanted = Math.max(2, Math.min(10, (rows.length * layout.rowHeight) / 48));
  let lastY = Number.NEGATIVE_INFINITY;
  for (const cycle of [first.fromCycle, ...roundMarks(first.fromCycle, last.toCycle, wanted, 1)]) {
    const row = rows.findIndex((one) => one.fromCycle <= cycle && cycle <= one.toCycle);
    const y = HEAD_HEIGHT + (row + 0.5) * layout.rowHeight;
    if (row < 0 || y - lastY < 14) continue;
    lastY = y;
    context.fillText(String(cycle), GUTTER_WIDTH - 12, y);
  }
  context.textAlign = "left";
}

/** As much of a name as has room. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  for (let length = text.length - 1; length > 0; length -= 1) {
    const cut = `${text.slice(0, length)}…`;
    if (context.measureText(cut).width <= room) return cut;
  }
  return "";
}
