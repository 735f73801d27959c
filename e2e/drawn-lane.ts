import type { Page } from "@playwright/test";

// Of components/timeline: the axis, a row per level of loops, then a lane each; a bar begins below its lane's top.
const AXIS = 26;
const LOOP = 20;
const LANE = 34;
const BAR_MIDDLE = 15;

type Where = { loops: number; lane: number };

/** Columns of the timeline's drawing, in CSS px from its left, in which a lane's bars are drawn; neighbours are one stretch. */
export async function drawnStretches(page: Page, where: Where): Promise<{ from: number; to: number }[]> {
  const y = AXIS + where.loops * LOOP + where.lane * LANE + BAR_MIDDLE;
  return page.getByLabel(/^Timeline of/).evaluate(readRow, { y });
}

/** Where in the page the middle of a lane's bars is. */
export async function laneAt(page: Page, where: Where, x: number): Promise<{ x: number; y: number }> {
  const box = await page.getByLabel(/^Timeline of/).boundingBox();
  if (!box) throw new Error("There is no timeline.");
  return { x: box.x + x, y: box.y + AXIS + where.loops * LOOP + where.lane * LANE + BAR_MIDDLE };
}

/** Runs in the page. A bar is drawn where a pixel differs from the lane's own ground by more than the faintest line does. */
function readRow(element: Element, { y }: { y: number }): { from: number; to: number }[] {
  const canvas = element as HTMLCanvasElement;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  const ratio = canvas.width / canvas.clientWidth;
  // A line of the axis reaches the whole lane; a bar does not reach its foot.
  const row = (at: number) => context.getImageData(0, Math.round(at * ratio), canvas.width, 1).data;
  const [bars, foot] = [row(y), row(y + 14)];
  const differs = (column: number): boolean => {
    const away = [0, 1, 2].map((part) =>
      Math.abs((bars[4 * column + part] ?? 0) - (foot[4 * column + part] ?? 0)),
    );
    const alpha = Math.abs((bars[4 * column + 3] ?? 0) - (foot[4 * column + 3] ?? 0));
    return Math.max(...away, alpha) > 40;
  };
  const stretches: { from: number; to: number }[] = [];
  for (let column = 0; column < canvas.width; column += 1) {
    if (!differs(column)) continue;
    const last = stretches.at(-1);
    if (last && last.to * ratio >= column - 1) last.to = column / ratio;
    else stretches.push({ from: column / ratio, to: column / ratio });
  }
  return stretches;
}
