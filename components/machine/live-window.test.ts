import { describe, expect, test } from "vitest";
import { cycleStep, programFixture, stepFixture } from "#components/machine/fixtures.ts";
import { endedSpanMs, livePlace, liveSpanMs, MARGIN } from "#components/machine/live-window.ts";
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

describe("endedSpanMs", () => {
  const starts = [0, 10_000, 20_000, 30_000, 40_000].map((atMs) => ({ atMs }));

  test("the last three cycles are in sight however long the purge after them was", () => {
    const spanMs = endedSpanMs(3, starts, 170_000, 30_000);
    const { fromMs, toMs } = livePlace(170_000, spanMs, MARGIN);
    expect(fromMs).toBeLessThan(20_000);
    expect(fromMs).toBeGreaterThan(10_000);
    expect(toMs).toBeGreaterThan(170_000);
  });

  test("all there are of fewer; nothing is drawn narrower than it was live", () => {
    expect(endedSpanMs(10, starts, 48_000, 30_000)).toBe(50_000);
    expect(endedSpanMs(3, starts, 50_000, 60_000)).toBe(60_000);
    expect(endedSpanMs(3, [], 50_000, 60_000)).toBe(60_000);
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
