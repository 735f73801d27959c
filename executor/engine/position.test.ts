import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planOf } from "#executor/engine/plan.ts";
import { type Action, actionAt, firstPosition, next, positionAt, stepAt } from "#executor/engine/position.ts";
import { isCycleLoop, type LeafStep, type ProgramStep, plannedMsOf, totals } from "#lib/model/program.ts";

const leaf: fc.Arbitrary<LeafStep> = fc.oneof(
  fc.record({
    id: fc.uuid(),
    name: fc.constant("Pulse"),
    type: fc.constant("valve"),
    valve_number: fc.integer({ min: 1, max: 6 }),
    duration_ms: fc.integer({ min: 1, max: 500 }),
  }),
  fc.record({
    id: fc.uuid(),
    name: fc.constant("Purge"),
    type: fc.constant("purge"),
    duration_ms: fc.integer({ min: 1, max: 9000 }),
    gas_type: fc.constant("N2"),
    flow_rate: fc.constant(100),
  }),
  fc.record({
    id: fc.uuid(),
    name: fc.constant("Wait"),
    type: fc.constant("wait"),
    duration_ms: fc.integer({ min: 1, max: 9000 }),
  }),
);
const { steps: anySteps } = fc.letrec<{ steps: ProgramStep[]; step: ProgramStep }>((tie) => ({
  steps: fc.array(tie("step"), { minLength: 1, maxLength: 4 }),
  step: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.record({
      id: fc.uuid(),
      name: fc.constant("Loop"),
      type: fc.constant("loop"),
      iteration_count: fc.integer({ min: 1, max: 4 }),
      children: tie("steps"),
    }),
  ),
}));
const someSteps = anySteps.filter((steps) => totals(steps).steps <= 2000);

/** The slow, obvious way: unroll everything, counting as it goes. */
function unroll(steps: readonly ProgramStep[]): Action[] {
  const actions: Action[] = [];
  let cycles = 0;
  let elapsed = 0;
  const walk = (
    block: readonly ProgramStep[],
    loopPath: number[],
    loopCount: number | null,
    isCycle: boolean,
  ) => {
    for (const step of block) {
      if (step.type !== "loop") {
        const plannedMs = plannedMsOf(step);
        const loopIteration = loopPath.at(-1) ?? null;
        const cycle = isCycle ? cycles : null;
        actions.push({
          seq: actions.length + 1,
          step,
          loopPath,
          cycle,
          plannedMs,
          plannedElapsedMs: elapsed,
          loopCount,
          loopIteration,
        });
        elapsed += plannedMs;
        continue;
      }
      for (let iteration = 1; iteration <= step.iteration_count; iteration += 1) {
        if (isCycleLoop(step)) cycles += 1;
        walk(step.children, [...loopPath, iteration], step.iteration_count, isCycleLoop(step));
      }
    }
  };
  walk(steps, [], null, false);
  return actions;
}

function played(steps: ProgramStep[]): Action[] {
  const actions: Action[] = [];
  for (let at: ReturnType<typeof next> = firstPosition(planOf({ steps })); at !== null; at = next(at))
    actions.push(actionAt(at));
  return actions;
}

describe("playing a program", () => {
  test("gives exactly what naive unrolling gives, in order", () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        expect(played(steps)).toEqual(unroll(steps));
      }),
      { numRuns: 300 },
    );
  });

  test("stepAt jumps to where walking arrives", () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        const plan = planOf({ steps });
        const slow = unroll(steps);
        expect(slow.map((action) => stepAt(plan, action.seq))).toEqual(slow);
        expect([stepAt(plan, 0), stepAt(plan, slow.length + 1), stepAt(plan, 1.5)]).toEqual([
          null,
          null,
          null,
        ]);
      }),
      { numRuns: 200 },
    );
  });

  test("from any place the walk continues as if it had walked there", () => {
    fc.assert(
      fc.property(someSteps, fc.nat(), (steps, pick) => {
        const slow = unroll(steps);
        const seq = (pick % slow.length) + 1;
        const here = positionAt(planOf({ steps }), seq);
        const after = here === null ? null : next(here);
        expect(after === null ? null : actionAt(after)).toEqual(slow[seq] ?? null);
      }),
    );
  });

  test("the plan amounts to the program's totals", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { pass } = planOf({ steps });
        expect({ steps: pass.steps, cycles: pass.cycles, planned_ms: pass.plannedMs }).toEqual(totals(steps));
      }),
    );
  });
});

const pulse: LeafStep = { id: "a", name: "Pulse", type: "valve", valve_number: 1, duration_ms: 100 };
const loopOf = (count: number, children: ProgramStep[]): ProgramStep => ({
  id: "l",
  name: "Loop",
  type: "loop",
  iteration_count: count,
  children,
});

describe("large programs", () => {
  test("a million steps are walked without being unrolled", () => {
    const plan = planOf({ steps: [loopOf(250, [loopOf(1000, [pulse, pulse, pulse, pulse])])] });
    let count = 0;
    let last = firstPosition(plan);
    for (let at: ReturnType<typeof next> = last; at !== null; at = next(at)) {
      last = at;
      count += 1;
    }
    expect(count).toBe(1_000_000);
    expect(actionAt(last)).toMatchObject({
      seq: 1_000_000,
      loopPath: [250, 1000],
      cycle: 250_000,
      plannedElapsedMs: 99_999_900,
    });
  });

  test("a step in the middle of two thousand million is found at once", () => {
    const plan = planOf({ steps: [loopOf(2000, [loopOf(1_000_000, [pulse])])] });
    expect(stepAt(plan, 1_234_567_890)).toMatchObject({ loopPath: [1235, 567_890], cycle: 1_234_567_890 });
  });

  test("nesting is limited by memory, not by the stack", () => {
    let steps: ProgramStep[] = [pulse];
    for (let depth = 0; depth < 20_000; depth += 1) steps = [loopOf(1, steps)];
    const plan = planOf({ steps });
    expect(stepAt(plan, 1)?.loopPath).toHaveLength(20_000);
    expect(next(firstPosition(plan))).toBeNull();
  });
});
