import { describe, expect, test } from "vitest";
import { cycleStep, programFixture, stepFixture } from "#components/machine/fixtures.ts";
import { stepSequence } from "#components/machine/step-sequence.ts";
import { durationMs, epochMs } from "#lib/time.ts";

describe("stepSequence", () => {
  const steps = [
    cycleStep(1, 2, epochMs(0), false),
    cycleStep(1, 3, epochMs(100), false),
    { ...cycleStep(2, 0, epochMs(4100), false), measuredMs: durationMs(160), isDeviation: true },
    cycleStep(2, 1, epochMs(4260), true),
  ];

  test("is the block of the running step: before done, itself current, after waiting", () => {
    expect(stepSequence(programFixture(), steps).map(({ name, state }) => [name, state])).toEqual([
      ["TMA pulse", "done"],
      ["Purge after TMA", "current"],
      ["Water pulse", "waiting"],
      ["Purge after water", "waiting"],
    ]);
  });

  test("carries what was measured this time round, not last time", () => {
    const [pulse, , water] = stepSequence(programFixture(), steps);
    expect(pulse).toMatchObject({ measuredMs: 160, isDeviation: true });
    expect(water).toMatchObject({ measuredMs: null, isDeviation: false });
  });

  test("outside of loops it is the recipe's outline, loops as one part", () => {
    const preheat = [stepFixture({ seq: 1, recipeStepId: "preheat", endedAt: null })];
    expect(stepSequence(programFixture(), preheat)).toMatchObject([
      { name: "Preheat", state: "current", plannedMs: 5000 },
      { name: "Stack", kind: "loop", iterations: 2, plannedMs: null, state: "waiting" },
      { name: "Final purge", state: "waiting" },
    ]);
  });

  test("a step that the program does not hold gives no sequence", () => {
    expect(stepSequence(programFixture(), [stepFixture({ seq: 1, recipeStepId: "gone" })])).toEqual([]);
    expect(stepSequence(null, steps)).toEqual([]);
  });
});
