import { describe, expect, test } from "vitest";
import { cycleStep, programFixture, stepFixture } from "#components/machine/fixtures.ts";
import { livePlace, liveSpanMs } from "#components/machine/live-window.ts";
import { epochMs } from "#lib/time.ts";

describe("liveSpanMs", () => {
  const program = programFixture();
  const inCycle = cycleStep(1, 0, epochMs(0), true);

  test.each([
    [3, 21_600],
    [10, 72_000],
  ] as const)("%d planned cycles", (cycles, expected) => {
    expect(liveSpanMs(cycles, program, inCycle, 1)).toBe(expected);
  });

  test("a minute where there is no cycle or no program", () => {
    expect(liveSpanMs(3, program, stepFixture({ seq: 1, recipeStepId: "preheat" }), 1)).toBe(60_000);
    expect(liveSpanMs(3, null, inCycle, 1)).toBe(60_000);
  });

  test("a fast replay stays readable", () => {
    expect(liveSpanMs(3, program, inCycle, 60)).toBe(360_000);
  });
});

describe("livePlace", () => {
  test("a young run fills the picture from the left", () => {
    expect(livePlace(1000, 10_000, 0.12)).toEqual({ fromMs: -200, toMs: 9800 });
  });

  test("an older one flows past a standing edge", () => {
    const { fromMs, toMs } = livePlace(100_000, 10_000, 0.12);
    expect([fromMs, toMs]).toEqual([91_200, 101_200]);
  });
});
