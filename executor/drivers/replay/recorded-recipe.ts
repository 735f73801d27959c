import type { RecordedRow, Recording } from "#executor/drivers/replay/recording.ts";

/** A recipe step to be stored; the id and the order come with storing it. */
export type DraftStep =
  | { type: "valve"; name: string; valveNumber: number; durationMs: number }
  | { type: "purge"; name: string; durationMs: number }
  | { type: "loop"; name: string; times: number; children: DraftStep[] };

const LONGEST_CYCLE = 8;

/**
 * The recipe behind a recorded list of steps. A block of pulses of at least two precursors that repeats becomes a loop
 * of cycles; a series of one precursor (a saturation test) does not: it deposits no cycle. All else stays as it is.
 */
export function recordedRecipe({ rows }: Pick<Recording, "rows">): DraftStep[] {
  const steps: DraftStep[] = [];
  for (let at = 0; at < rows.length; ) {
    const found = repeatAt(rows, at);
    if (found === null) {
      steps.push(...draftOf(rows.slice(at, at + 1)));
      at += 1;
      continue;
    }
    const cycle = rows.slice(at, at + found.length);
    const name = `${[...new Set(cycle.map(({ precursor }) => precursor))].join(" + ")} cycle`;
    steps.push({ type: "loop", name, times: found.times, children: draftOf(cycle) });
    at += found.length * found.times;
  }
  return steps;
}

/** The shortest cycle that begins here and comes at least twice; null when there is none. */
function repeatAt(rows: readonly RecordedRow[], at: number): { length: number; times: number } | null {
  for (let length = 2; length <= LONGEST_CYCLE; length += 1) {
    const cycle = rows.slice(at, at + length);
    if (cycle.some(({ plannedPulseMs }) => plannedPulseMs === null)) return null;
    if (new Set(cycle.map(({ precursorNumber }) => precursorNumber)).size < 2) continue;
    let times = 1;
    while (cycle.every((row, index) => isAlike(row, rows[at + times * length + index]))) times += 1;
    if (times >= 2) return { length, times };
  }
  return null;
}

const isAlike = (row: RecordedRow, other: RecordedRow | undefined): boolean =>
  other !== undefined &&
  row.precursorNumber === other.precursorNumber &&
  row.plannedPulseMs === other.plannedPulseMs &&
  row.plannedPurgeMs === other.plannedPurgeMs;

const draftOf = (rows: readonly RecordedRow[]): DraftStep[] =>
  rows.flatMap(({ precursor, precursorNumber, plannedPulseMs, plannedPurgeMs }): DraftStep[] => {
    if (plannedPulseMs === null) return [{ type: "purge", name: "Purge", durationMs: plannedPurgeMs }];
    return [
      { type: "valve", name: `${precursor} pulse`, valveNumber: precursorNumber, durationMs: plannedPulseMs },
      { type: "purge", name: `${precursor} purge`, durationMs: plannedPurgeMs },
    ];
  });
