import { describe, expect, test } from "vitest";
import {
  type DurationDot,
  durationBins,
  durationLines,
  durationReading,
} from "#components/charts/duration-line.ts";

const dot = (x: number, measuredMs: number | null, rest: Partial<DurationDot> = {}): DurationDot => ({
  x,
  seq: x,
  plannedMs: 100,
  measuredMs,
  minMs: measuredMs,
  maxMs: measuredMs,
  isDeviation: false,
  count: 1,
  ...rest,
});

describe("durationLines", () => {
  const point = { cycle: 3, seq: 9, plannedMs: 100, measuredMs: 101, recordedMs: 110, count: 4 };

  test.each([
    ["one of its steps is too long", { minMs: 99, maxMs: 126 }, true],
    ["one of its steps is too short", { minMs: 74, maxMs: 101 }, true],
    ["all stay within 25 ms", { minMs: 75, maxMs: 125 }, false],
  ])("marks a dot when %s", (_why, range, expected) => {
    const [line] = durationLines([
      {
        key: "a",
        stepName: "TMA pulse",
        stepType: "valve",
        valveNumber: 2,
        plannedMs: 100,
        points: [{ ...point, ...range }],
      },
    ]);
    expect(line?.label).toBe("TMA pulse, valve 2");
    expect(line?.dots[0]).toMatchObject({ x: 3, isDeviation: expected });
  });
});

describe("durationReading", () => {
  test("tells planned, typical and worst", () => {
    const line = { key: "a", label: "a", plannedMs: 100, dots: [dot(1, 100), dot(2, 101), dot(3, 160)] };
    expect(durationReading(line)).toBe("planned 100 ms · typically 101 ms · worst +60 ms");
  });

  test("a step that was cut short is no worst one", () => {
    const cut = dot(2, 20, { minMs: null, maxMs: null });
    const line = { key: "a", label: "a", plannedMs: 100, dots: [dot(1, 101), cut] };
    expect(durationReading(line)).toBe("planned 100 ms · typically 101 ms · worst +1.0 ms");
    expect(durationBins(line).reduce((sum, bin) => sum + bin.count, 0)).toBe(1);
  });

  test("says so when nothing was measured", () => {
    expect(durationReading({ key: "a", label: "a", plannedMs: null, dots: [dot(1, null)] })).toBe(
      "not planned · nothing measured",
    );
  });
});

describe("durationBins", () => {
  test("count every step once, weighted, in round bins", () => {
    const bins = durationBins(
      { key: "a", label: "a", plannedMs: 100, dots: [dot(1, 99.5, { count: 3 }), dot(2, 160)] },
      6,
    );
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(4);
    expect(bins.map((bin) => bin.toMs - bin.fromMs).every((width) => width === 20)).toBe(true);
    expect(bins.filter((bin) => bin.holdsDeviation).map((bin) => bin.fromMs)).toEqual([160]);
  });

  test("are none without a measurement", () => {
    expect(durationBins({ key: "a", label: "a", plannedMs: 100, dots: [dot(1, null)] })).toEqual([]);
  });
});
