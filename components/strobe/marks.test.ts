import { expect, test } from "vitest";
import { findingMarks, titlesOf } from "#components/strobe/marks.ts";
import type { CyclePhase, CycleRow } from "#lib/model/cycles.ts";
import type { RunFinding } from "#lib/model/report.ts";

const finding = (change: Partial<RunFinding>): RunFinding => ({
  kind: "valve_long",
  series: 2,
  stepName: "Pulse",
  valveNumber: 1,
  parameterName: null,
  unit: "ms",
  fromSeq: 1,
  toSeq: 1,
  fromCycle: 1,
  toCycle: 1,
  startMs: 0,
  endMs: 0,
  count: 1,
  worstSeq: 1,
  worstCycle: 1,
  value: null,
  expected: null,
  limit: null,
  ...change,
});
const phase = (series: number): CyclePhase => ({
  series,
  stepName: `step ${series}`,
  stepType: "valve",
  valveNumber: 1,
  plannedMs: 100,
  group: 1,
});
const phases = [phase(2), phase(3)];
/** Cycles 11 to 20, one a row, of two steps each; step 31 is between cycles 15 and 16. */
const rows: CycleRow[] = Array.from({ length: 10 }, (_, at) => {
  const fromSeq = 21 + at * 2 + (at > 4 ? 1 : 0);
  return { fromCycle: 11 + at, toCycle: 11 + at, fromSeq, toSeq: fromSeq + 1, startMs: 0, endMs: 0 };
});
const marks = (...findings: Partial<RunFinding>[]) => findingMarks(findings.map(finding), phases, rows);

test("a finding covers its cycles in the column of its step", () => {
  expect(marks({ series: 3, fromCycle: 13, toCycle: 17 })).toEqual([
    { title: "Pulse too long", phase: 1, fromRow: 2, toRow: 6 },
  ]);
});

test("one that reaches beyond what is shown is cut there; one outside of it is not shown", () => {
  expect(marks({ fromCycle: 1, toCycle: 12 }, { fromCycle: 18, toCycle: 400 })).toMatchObject([
    { fromRow: 0, toRow: 1 },
    { fromRow: 7, toRow: 9 },
  ]);
  expect(marks({ fromCycle: 1, toCycle: 10 }, { fromCycle: 21, toCycle: 21 }, { series: 9 })).toEqual([]);
});

test("of a step in no cycle: between the cycles before and after it", () => {
  const late = { kind: "late_heater", fromCycle: null, toCycle: null } as const;
  expect(marks({ ...late, fromSeq: 31 }, { ...late, fromSeq: 5 }, { ...late, fromSeq: 99 })).toEqual([
    { title: "Heater late", phase: null, fromRow: 5, toRow: 5 },
    { title: "Heater late", phase: null, fromRow: 0, toRow: 0 },
    { title: "Heater late", phase: null, fromRow: 10, toRow: 10 },
  ]);
});

test("what was found of a cell is said once", () => {
  const found = marks(
    { fromCycle: 12, toCycle: 13 },
    { fromCycle: 13, toCycle: 14 },
    { kind: "missing_pulse", fromCycle: 13, toCycle: 13 },
  );
  expect(titlesOf(found, 0, 2)).toEqual(["Pulse too long", "Dose missing"]);
  expect(titlesOf(found, 1, 2)).toEqual([]);
});
