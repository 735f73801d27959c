import { expect, test } from "vitest";
import type { ComparedSeries } from "#lib/model/comparison.ts";
import { numberRow, seriesRange, seriesRows } from "./series-rows.ts";

const series: ComparedSeries = {
  key: "a",
  stepName: "Pulse",
  lane: "valve 1",
  valveNumber: 1,
  x: [1, 2],
  runs: [
    { index: 1, mean: [100, null] },
    { index: 3, mean: [101, 150] },
  ],
  envelope: { min: [99, null], median: [100, null], max: [102, null] },
};

test("columns become places; what a run or the good ones do not have stays empty", () => {
  expect(seriesRows(series)).toEqual([
    { x: 1, band: [99, 102], median: 100, means: [100, 101] },
    { x: 2, band: null, median: null, means: [null, 150] },
  ]);
});

test("all that is drawn fits, and jitter does not fill the height", () => {
  const [low, high] = seriesRange(seriesRows(series), 20);
  expect([low < 99, high > 150]).toEqual([true, true]);
  const calm = seriesRange([{ x: 1, band: null, median: null, means: [100, 101] }], 20);
  expect(calm[1] - calm[0]).toBeGreaterThanOrEqual(20);
  expect(seriesRange([], 20)).toEqual([0, 1]);
});

test("each number has a place of its own on its line", () => {
  const mean = Array.from({ length: 101 }, () => 1);
  expect([0, 1, 2, 3].map((place) => numberRow(mean, place, 4))).toEqual([13, 38, 63, 88]);
  expect(numberRow([null, 1, null], 0, 1)).toBe(1);
  expect(numberRow([null], 0, 1)).toBeNull();
});
