// How the line of a compared run is told from the others: by its number, its dashes and its colour. Twenty differ in the
// last two; the number stands on every line.

const COLOURS = ["var(--run-1)", "var(--run-2)", "var(--run-3)", "var(--run-4)", "var(--run-5)"] as const;
const DASHES = ["none", "6 3", "2 2.5", "9 3 2 3"] as const;

export type RunLook = { readonly stroke: string; readonly strokeDasharray: string };

/** Of the run with this number, from 1. */
export function runLook(index: number): RunLook {
  const place = Math.max(0, index - 1);
  return {
    stroke: COLOURS[place % COLOURS.length] ?? COLOURS[0],
    strokeDasharray: DASHES[Math.floor(place / COLOURS.length) % DASHES.length] ?? DASHES[0],
  };
}
