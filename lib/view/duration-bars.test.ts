import { expect, test } from "vitest";
import { barsOf } from "./duration-bars.ts";

test("bars span from least to most, the tallest whole, empty parts left out", () => {
  const { bars, planned } = barsOf([1, 0, 4], { least: 100, most: 160 }, 100);
  expect(bars.map(({ share }) => share)).toEqual([0.25, 1]);
  expect(bars[0]?.from).toBeCloseTo(0.04);
  expect(bars[1]?.to).toBeCloseTo(0.96);
  expect(planned).toBeCloseTo(0.04);
});

test("a plan that nothing kept stands beside the bars", () => {
  const { bars, planned } = barsOf([3], { least: 200, most: 220 }, 100);
  expect(planned).toBeCloseTo(0.04);
  expect(bars[0]?.to).toBeCloseTo(0.96);
});

test("jitter of a millisecond stays narrow, about the plan", () => {
  const { bars, planned } = barsOf([5], { least: 999.5, most: 1000.5 }, 1000);
  expect(planned).toBeCloseTo(0.5);
  expect((bars[0]?.to ?? 1) - (bars[0]?.from ?? 0)).toBeLessThan(0.02);
});

test("one and the same duration is drawn", () => {
  expect(barsOf([7], { least: 100, most: 100 }, 100).bars).toHaveLength(1);
});
