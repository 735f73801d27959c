import { describe, expect, test } from "vitest";
import { countMarks, durationAxis, formatFigure, roundMarks } from "#components/charts/figures.ts";

describe("formatFigure", () => {
  test.each([
    [0, "0"],
    [0.412_34, "0.4123"],
    [200, "200"],
    [150.4, "150.4"],
    [0.000_02, "2.00e-5"],
    [-3.5, "−3.5"],
  ])("%d is written %s", (value, expected) => {
    expect(formatFigure(value)).toBe(expected);
  });
});

describe("durationAxis", () => {
  test("tells neighbouring marks apart", () => {
    const write = durationAxis(2900, 3100, 4);
    expect([2900, 2950, 3000, 3050].map(write)).toEqual(
      [2.9, 2.95, 3, 3.05].map((s) => `${s.toFixed(2)}\u00a0s`),
    );
  });

  test("keeps one unit for the whole axis", () => {
    const write = durationAxis(70, 130, 3);
    expect([70, 100, 130].map(write)).toEqual(["70\u00a0ms", "100\u00a0ms", "130\u00a0ms"]);
  });
});

describe("roundMarks", () => {
  test.each([
    [1, 100, 5, [20, 40, 60, 80, 100]],
    [2.9, 3.1, 4, [2.9, 2.95, 3, 3.05, 3.1]],
    [5, 5, 4, [5]],
    [1.649, 1.934, 3, [1.7, 1.8, 1.9]],
    [960, 1045, 4, [960, 980, 1000, 1020, 1040]],
    [0, 14, 3, [0, 5, 10]],
  ])("from %d to %d, about %d", (low, high, wanted, expected) => {
    expect(roundMarks(low, high, wanted)).toEqual(expected);
  });
});

describe("countMarks", () => {
  test.each([
    [1, 4, [1, 2, 3, 4]],
    [3, 5, [3, 4, 5]],
    [7, 7, [7]],
    [1, 100, [1, 20, 40, 60, 80, 100]],
  ])("there is no half cycle from %d to %d", (first, last, expected) => {
    expect(countMarks(first, last)).toEqual(expected);
  });
});
