import fc from "fast-check";
import { expect, test } from "vitest";
import { type Program, type ProgramStep, plannedMsOf, totals } from "#lib/model/program.ts";
import { sampleProgram } from "#lib/model/samples.ts";
import { breadcrumb, firstMoment, type Moment, nextMoment, plannedBefore } from "#lib/view/program-walk.ts";

const program = sampleProgram(3);

const at = (moment: Moment | "end" | null): string =>
  moment === null || moment === "end" ? String(moment) : `${moment.step.id}${moment.loopPath.join(".")}`;

test("names what follows, into, around and out of a loop", () => {
  expect(at(nextMoment(program, "settle", []))).toBe("tma1");
  expect(at(nextMoment(program, "tma", [1]))).toBe("purge-11");
  expect(at(nextMoment(program, "purge-2", [1]))).toBe("tma2");
  expect(at(nextMoment(program, "purge-2", [3]))).toBe("end");
});

test("a step that is not in the program has no successor, no planned time and no breadcrumb", () => {
  expect(nextMoment(program, "gone", [1])).toBeNull();
  expect(nextMoment(program, null, [])).toBeNull();
  expect(plannedBefore(program, "gone", [1])).toBeNull();
  expect(breadcrumb(program, "gone", [1])).toEqual([]);
});

test("planned time before a step counts the passes of its loops", () => {
  expect(plannedBefore(program, "settle", [])).toBe(0);
  expect(plannedBefore(program, "tma", [1])).toBe(10_000);
  expect(plannedBefore(program, "water", [3])).toBe(10_000 + 2 * 7_200 + 3_100);
});

test("the breadcrumb names every loop with its iteration", () => {
  expect(breadcrumb(program, "tma", [2])).toEqual([{ name: "Cycle", iteration: 2, count: 3 }]);
  expect(breadcrumb(program, "tma", [])).toEqual([{ name: "Cycle", iteration: null, count: 3 }]);
});

let made = 0;
const leaf = fc.integer({ min: 1, max: 50 }).map((duration_ms): ProgramStep => {
  made += 1;
  return { id: `s${made}`, name: "w", type: "wait", duration_ms };
});
const steps: fc.Arbitrary<ProgramStep[]> = fc.letrec<{ block: ProgramStep[]; loop: ProgramStep }>((tie) => ({
  block: fc.array(fc.oneof({ maxDepth: 3 }, leaf, tie("loop")), { minLength: 1, maxLength: 3 }),
  loop: fc
    .tuple(fc.integer({ min: 1, max: 3 }), tie("block"))
    .map(([iteration_count, children]): ProgramStep => {
      made += 1;
      return { id: `l${made}`, name: "loop", type: "loop", iteration_count, children };
    }),
})).block;

test("following the successors plays every program exactly: all steps, all time, in order", () => {
  fc.assert(
    fc.property(steps, (drawn) => {
      const played: Program = { ...program, steps: drawn, totals: totals(drawn) };
      let moment: Moment | "end" | null = firstMoment(played);
      let count = 0;
      let time = 0;
      while (moment !== "end") {
        if (moment === null) throw new Error("the walk lost its way");
        expect(plannedBefore(played, moment.step.id, moment.loopPath)).toBe(time);
        time += plannedMsOf(moment.step);
        count += 1;
        moment = nextMoment(played, moment.step.id, moment.loopPath);
      }
      expect({ count, time }).toEqual({ count: played.totals.steps, time: played.totals.planned_ms });
    }),
    { numRuns: 200 },
  );
});
