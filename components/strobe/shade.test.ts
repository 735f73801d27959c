import { describe, expect, test } from "vitest";
import type { CycleCell, RunCycles } from "#lib/model/cycles.ts";
import { shadedPhases, shadeOf } from "./shade.ts";

const cell = (change: Partial<CycleCell>): CycleCell => ({
  count: 1,
  measuredMs: 100,
  worstMs: 0,
  worstSeq: 1,
  deviations: 0,
  peakTorr: null,
  ...change,
});
const cycles = (...cells: CycleCell[][]): RunCycles => ({
  fromCycle: 1,
  toCycle: cells[0]?.length ?? 0,
  totalCycles: null,
  phases: cells.map((_, index) => ({
    series: 1,
    stepName: `Step ${index}`,
    stepType: "valve",
    valveNumber: 1,
    plannedMs: 100,
    group: 1,
  })),
  rows: [],
  cells,
});

describe("shades", () => {
  test("each column has its own range, and a misfire does not stretch it", () => {
    const pulses = Array.from({ length: 100 }, (_, n) => cell({ measuredMs: 100 + n / 50 }));
    pulses[50] = cell({ measuredMs: 400, deviations: 1 });
    const purges = Array.from({ length: 100 }, (_, n) => cell({ measuredMs: 4_000 + n }));
    const [pulse, purge] = shadedPhases(cycles(pulses, purges), "duration");
    expect(pulse?.range).toEqual({ low: 100.04, high: 101.94 });
    expect(purge?.range).toEqual({ low: 4_002, high: 4_097 });
  });

  test("jitter of less than a hundredth is no pattern", () => {
    const purges = Array.from({ length: 100 }, (_, n) => cell({ measuredMs: 4_000 + (n % 3) }));
    expect(shadedPhases(cycles(purges), "duration")[0]?.range).toEqual({ low: 3_980.995, high: 4_021.005 });
  });

  test("from the least to the most of the column, and no further", () => {
    const range = { low: 100, high: 102 };
    const shade = (measuredMs: number | null) => shadeOf(cell({ measuredMs }), range, "duration");
    expect([90, 100, 101, 102, 150, null].map(shade)).toEqual([0, 0, 0.5, 1, 1, null]);
    expect(shadeOf(cell({}), { low: 100, high: 100 }, "duration")).toBe(0.5);
    expect(shadeOf(cell({ count: 0 }), range, "duration")).toBeNull();
  });

  test("a step without a peak is no column of the peaks, and one of the durations", () => {
    const folded = cycles([cell({ peakTorr: 0.05 })], [cell({})], [cell({ measuredMs: null })]);
    expect(shadedPhases(folded, "peak").map(({ phase }) => phase.stepName)).toEqual(["Step 0"]);
    expect(shadedPhases(folded, "duration").map(({ range }) => range !== null)).toEqual([true, true, false]);
  });
});
