import type { CyclePhase, CycleRow } from "#lib/model/cycles.ts";
import type { RunFinding } from "#lib/model/report.ts";
import { findingTitle } from "#lib/view/finding-lines.ts";

/** A finding on the strobe: rows of a column, or, of a step that is in no cycle, a line above `fromRow`. */
export interface StrobeMark {
  readonly title: string;
  /** Its place among the phases shown; null for a step that is in no cycle. */
  readonly phase: number | null;
  readonly fromRow: number;
  readonly toRow: number;
}

/** Where the findings lie among what is shown; those outside of it are left out. */
export function findingMarks(
  findings: readonly RunFinding[],
  phases: readonly CyclePhase[],
  rows: readonly CycleRow[],
): StrobeMark[] {
  return findings.flatMap((finding) => markOf(finding, phases, rows) ?? []);
}

function markOf(
  { kind, series, fromSeq, fromCycle, toCycle }: RunFinding,
  phases: readonly CyclePhase[],
  rows: readonly CycleRow[],
): StrobeMark | null {
  const title = findingTitle(kind);
  if (fromCycle === null) {
    // Between two cycles: above the first one that began after it. After the last one, below it.
    const next = rows.findIndex((row) => row.fromSeq > fromSeq);
    const row = next < 0 ? rows.length : next;
    return { title, phase: null, fromRow: row, toRow: row };
  }
  const phase = phases.findIndex((one) => one.series === series);
  const fromRow = rows.findIndex((row) => row.toCycle >= fromCycle);
  const toRow = rows.findLastIndex((row) => row.fromCycle <= (toCycle ?? fromCycle));
  return phase < 0 || fromRow < 0 || toRow < fromRow ? null : { title, phase, fromRow, toRow };
}

/** What was found of one cell, in words. */
export const titlesOf = (marks: readonly StrobeMark[], phase: number, row: number): string[] => [
  ...new Set(
    marks
      .filter((mark) => mark.phase === phase && mark.fromRow <= row && row <= mark.toRow)
      .map(({ title }) => title),
  ),
];
