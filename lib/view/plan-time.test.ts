import { expect, test } from "vitest";
import { planTime } from "./plan-time.ts";

const pace = { runs: 12, p10: 0.99, p50: 1.02, p90: 1.1 };

test("the plan, and the band that its history makes of it", () => {
  expect(planTime(100_000, pace)).toEqual({
    plannedMs: 100_000,
    usual: { from: 99_000, middle: 102_000, to: 110_000.00000000001 },
    runs: 12,
  });
});

test("no history, or too little of it, makes no band", () => {
  expect(planTime(100_000, null)).toEqual({ plannedMs: 100_000, usual: null, runs: 0 });
  expect(planTime(100_000, { ...pace, runs: 2 })).toMatchObject({ usual: null, runs: 2 });
});
