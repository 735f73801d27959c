import type { ShadedPhase } from "#components/strobe/shade.ts";

export const HEAD_HEIGHT = 40;
export const GUTTER_WIDTH = 56;
const GROUP_GAP = 8;
const MOST_ROW_HEIGHT = 14;
const MOST_HEIGHT = 560;

export interface StrobeColumn {
  readonly x: number;
  readonly width: number;
}

export interface StrobeLayout {
  readonly columns: readonly StrobeColumn[];
  readonly rowHeight: number;
  readonly height: number;
}

/** Where phases and rows lie, in px. Every phase is as wide as the other: a pulse of 100 ms is seen beside a purge of 4 s. */
export function strobeLayout(phases: readonly ShadedPhase[], rows: number, width: number): StrobeLayout {
  const isNewGroup = (index: number) =>
    index > 0 && phases[index]?.phase.group !== phases[index - 1]?.phase.group;
  const gaps = phases.filter((_, index) => isNewGroup(index)).length;
  const each = Math.max(1, (width - GUTTER_WIDTH - gaps * GROUP_GAP) / Math.max(1, phases.length));
  let x = GUTTER_WIDTH;
  const columns = phases.map((_, index) => {
    if (isNewGroup(index)) x += GROUP_GAP;
    const column = { x, width: each };
    x += each;
    return column;
  });
  const rowHeight = Math.min(MOST_ROW_HEIGHT, MOST_HEIGHT / Math.max(1, rows));
  return { columns, rowHeight, height: HEAD_HEIGHT + Math.max(rowHeight * rows, 1) };
}

export interface CellPlace {
  readonly phase: number;
  readonly row: number;
}

/** The cell at a point; null beside all of them. */
export function cellAt(layout: StrobeLayout, rows: number, x: number, y: number): CellPlace | null {
  const phase = layout.columns.findIndex((column) => x >= column.x && x < column.x + column.width);
  const row = Math.floor((y - HEAD_HEIGHT) / layout.rowHeight);
  return phase < 0 || row < 0 || row >= rows ? null : { phase, row };
}

/** The cell that an arrow key leads to; null for another key. Home and End go to the first and last row. */
export function cellAfter(
  key: string,
  { phase, row }: CellPlace,
  phases: number,
  rows: number,
): CellPlace | null {
  const within = (value: number, count: number) => Math.min(Math.max(value, 0), count - 1);
  if (key === "ArrowLeft") return { phase: within(phase - 1, phases), row };
  if (key === "ArrowRight") return { phase: within(phase + 1, phases), row };
  if (key === "ArrowUp") return { phase, row: within(row - 1, rows) };
  if (key === "ArrowDown") return { phase, row: within(row + 1, rows) };
  if (key === "Home") return { phase, row: 0 };
  return key === "End" ? { phase, row: rows - 1 } : null;
}
