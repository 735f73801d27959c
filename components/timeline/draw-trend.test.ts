import { describe, expect, test } from "vitest";
import { measuredRange, trendAt, trendRange } from "#components/timeline/draw-trend.ts";

test("what was measured does not reach to the set-point", () => {
  expect(
    measuredRange([
      [0, 1, 2, 3],
      [1, 0.5, 1, 2],
    ]),
  ).toEqual([0.5, 3]);
  expect(measuredRange([])).toBeNull();
});

describe("trendRange", () => {
  test("holds every value and the set-point", () => {
    expect(trendRange([[0, 1, 2, 3]], 5)).toEqual([1, 5]);
  });

  test("is never empty, so that a constant can be drawn", () => {
    expect(trendRange([[0, 2, 2, 2]], null)).toEqual([1, 3]);
  });

  test("is none without a value", () => {
    expect(trendRange([], null)).toBeNull();
  });
});

describe("trendAt", () => {
  const points = [
    [0, 0, 10, 0],
    [100, 0, 20, 0],
  ] as const;

  test.each([
    [40, 10],
    [60, 20],
    [140, 20],
    [151, null],
  ])("at %d ms within 50 ms", (ms, expected) => {
    expect(trendAt(points, ms, 50)).toBe(expected);
  });
});
