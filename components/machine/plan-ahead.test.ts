import { describe, expect, test } from "vitest";
import { cycleStep, programFixture, stepFixture } from "#components/machine/fixtures.ts";
import { liveLanes } from "#components/machine/live-spans.ts";
import { planAhead } from "#components/machine/plan-ahead.ts";
import { epochMs } from "#lib/time.ts";

const program = programFixture();
const lanes = liveLanes([], program);
const origin = epochMs(0);
const named = (index: number) => lanes[index]?.key;

describe("planAhead", () => {
  test("goes on through the cycle and into the next one", () => {
    const open = cycleStep(1, 2, epochMs(8000), true);
    const ghosts = planAhead(program, [open], lanes, origin, 5000);
    expect(ghosts.map(({ laneIndex, startMs, endMs }) => [named(laneIndex), startMs, endMs])).toEqual([
      ["purge", 8100, 12_100],
      ["valve 1", 12_100, 12_200],
      ["purge", 12_200, 15_200],
    ]);
  });

  test("ends with the recipe", () => {
    const last = stepFixture({ seq: 26, recipeStepId: "final", endedAt: null });
    expect(planAhead(program, [last], lanes, origin, 60_000)).toEqual([]);
  });

  test("says nothing when no step is open or the program does not know it", () => {
    expect(planAhead(program, [cycleStep(1, 2, epochMs(0), false)], lanes, origin, 5000)).toEqual([]);
    expect(
      planAhead(program, [stepFixture({ seq: 1, recipeStepId: "gone", endedAt: null })], lanes, origin, 5000),
    ).toEqual([]);
    expect(planAhead(null, [cycleStep(1, 2, epochMs(0), true)], lanes, origin, 5000)).toEqual([]);
  });
});
