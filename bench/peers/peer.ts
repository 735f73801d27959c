/** A step as every chart gets it: the row it belongs to, and when it began and ended in ms from the start of the run. */
export type PeerStep = { lane: number; startMs: number; endMs: number };

/** A chart of steps in rows: it can be dragged, zoomed with Ctrl and the wheel, and tells what the pointer is on. */
export type PeerChart = {
  /** Draws all of the steps; resolves when the chart says that it is done. */
  draw(steps: PeerStep[]): Promise<void>;
  /** Adds a step that has just ended, and shows the last `spanMs` up to it. */
  append(step: PeerStep, spanMs: number): void;
};

/** Charts draw into `box`, which is empty and `WIDTH` by `HEIGHT` px. */
export type OpenChart = (box: HTMLElement, lanes: readonly string[]) => PeerChart;

export const WIDTH = 1100;
export const HEIGHT = 240;
export const COLOURS = ["#2563eb", "#0d9488", "#94a3b8"];
