import { expect, test } from "vitest";
import type { ComparedSeries, Comparison, StepDifference } from "#lib/model/comparison.ts";
import { formatDifference, formatMeasured, seriesReading, stepTitle, whereOf } from "./figures.ts";

const difference = (over: Partial<StepDifference> = {}): StepDifference => ({
  key: "a",
  stepName: "TMA pulse",
  lane: "valve 1",
  index: 2,
  xFrom: 51,
  xTo: 60,
  value: 152,
  expected: 101,
  difference: 51,
  seq: 203,
  cycle: 51,
  ...over,
});

test("values that differ do not read the same", () => {
  expect([100.04, 100.16, 4001, 12_240, 61_000].map((ms) => formatMeasured(ms, "ms"))).toEqual([
    "100 ms",
    "100.2 ms",
    "4.001 s",
    "12.24 s",
    "1 min 01 s",
  ]);
  expect(formatMeasured(1.2345, "Torr")).toBe("1.234 Torr");
  expect([51, -2].map((ms) => formatDifference(ms, "ms"))).toEqual(["+51 ms", "−2.0 ms"]);
  expect([0.5, -0.25].map((torr) => formatDifference(torr, "Torr"))).toEqual(["+0.5 Torr", "−0.25 Torr"]);
});

test("where a run differed is said in the words of the alignment", () => {
  expect(whereOf(difference(), "cycle")).toBe("cycles 51 to 60");
  expect(whereOf(difference({ xTo: 51 }), "cycle")).toBe("cycle 51");
  expect(whereOf(difference({ cycle: null, xFrom: 1, xTo: 1 }), "cycle")).toBe("execution 1");
  expect(whereOf(difference(), "step")).toBe("executions 51 to 60");
  expect(whereOf(difference({ xFrom: 245_000 }), "start")).toBe("after 4 min 05 s");
});

test("a chart says what stands out in it", () => {
  const series = { key: "a", envelope: null } as ComparedSeries;
  const comparison = { align: "cycle", unit: "ms", differences: [difference(), difference({ key: "b" })] };
  expect(seriesReading(series, comparison as unknown as Comparison)).toBe("run 2 +51 ms at cycles 51 to 60");
  const inTime = { ...comparison, align: "start", differences: [difference({ xFrom: 245_000 })] };
  expect(seriesReading(series, inTime as unknown as Comparison)).toBe("run 2 +51 ms after 4 min 05 s");
  expect(seriesReading({ ...series, key: "c" }, comparison as unknown as Comparison)).toBe(
    "no run stands out",
  );
});

test("a step is called by its name and valve, or by its lane", () => {
  expect(stepTitle({ stepName: "TMA pulse", lane: "valve 1" })).toBe("TMA pulse, valve 1");
  expect(stepTitle({ stepName: "Purge", lane: "purge" })).toBe("Purge");
  expect(stepTitle({ stepName: null, lane: "valve 2" })).toBe("valve 2");
});
