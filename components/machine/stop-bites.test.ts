import { describe, expect, test } from "vitest";
import { cycleStep, programFixture, stepFixture } from "#components/machine/fixtures.ts";
import { cycleLeft, type StopScene, stopBites } from "#components/machine/stop-bites.ts";
import { epochMs } from "#lib/time.ts";

const steps = [
  cycleStep(2, 0, epochMs(10_000), false),
  cycleStep(2, 1, epochMs(10_100), false),
  cycleStep(2, 2, epochMs(13_100), false),
  cycleStep(2, 3, epochMs(13_200), true),
];
const scene = (over: Partial<StopScene> = {}): StopScene => ({
  program: programFixture(),
  steps,
  deviceNow: epochMs(15_000),
  totalCycles: 6,
  ...over,
});

describe("stopBites", () => {
  test("now names the step it cuts short", () => {
    expect(stopBites(scene())[0]?.consequence).toMatch(
      /^Cuts “Purge after water” short at step 9, then the safe end/,
    );
  });

  test("end of cycle names the cycle and what the plan leaves of it", () => {
    expect(stopBites(scene())[1]?.consequence).toMatch(/^Finishes cycle 2 of 6, in about 2\.2 s, then/);
  });

  test("a cycle past its plan is due now, never negative", () => {
    expect(stopBites(scene({ deviceNow: epochMs(99_000) }))[1]?.consequence).toContain("which is due now");
  });

  test("outside of a cycle it says so", () => {
    const preheat = [stepFixture({ seq: 1, recipeStepId: "preheat", endedAt: null })];
    expect(stopBites(scene({ steps: preheat }))[1]?.consequence).toMatch(/^No cycle is open now/);
  });

  test("before the first step", () => {
    expect(stopBites(scene({ steps: [] }))[0]?.consequence).toMatch(/^Takes effect before the next step/);
  });
});

describe("cycleLeft", () => {
  test("gives no figure when the cycle's beginning is not among the steps here", () => {
    const open = cycleStep(2, 3, epochMs(13_200), true);
    expect(cycleLeft(scene({ steps: [open] }), open)).toBeNull();
  });
});
