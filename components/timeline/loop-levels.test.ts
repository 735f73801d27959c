import { describe, expect, test } from "vitest";
import {
  iterationText,
  livePasses,
  loopsText,
  passBeside,
  withLivePasses,
} from "#components/timeline/loop-levels.ts";
import { SAMPLE_START, sampleOpenStep, sampleStep } from "#lib/model/samples.ts";
import type { LoopLevel } from "#lib/model/timeline.ts";
import { durationMs, later } from "#lib/time.ts";

/** Steps of 100 ms from `at` on, each in the given iterations; the last is still going on. */
const steps = (firstSeq: number, at: number, ...paths: number[][]) =>
  paths.map((loopPath, index) => {
    const common = {
      seq: firstSeq + index,
      loopPath,
      deviceStartedAt: later(SAMPLE_START, at + 100 * index),
    };
    const isLast = index === paths.length - 1;
    return isLast ? sampleOpenStep(common) : sampleStep({ ...common, measuredMs: durationMs(100) });
  });

const pass = (startMs: number, endMs: number, seq: number, from: number, to = from) => ({
  startMs,
  endMs,
  seq,
  fromIteration: from,
  toIteration: to,
});

describe("passes of live steps", () => {
  test("each iteration of each level reaches to the next, and the last to whatever is now", () => {
    const levels = livePasses(steps(2, 100, [1, 1], [1, 1], [1, 2], [2, 1]), SAMPLE_START);
    expect(levels).toEqual([
      { depth: 1, passes: [pass(100, 400, 2, 1), pass(400, Number.POSITIVE_INFINITY, 5, 2)] },
      {
        depth: 2,
        passes: [pass(100, 300, 2, 1), pass(300, 400, 4, 2), pass(400, Number.POSITIVE_INFINITY, 5, 1)],
      },
    ]);
  });

  test("a step outside of the loop ends its last pass, and the loop may begin anew", () => {
    const [level] = livePasses(steps(1, 0, [], [1], [], [1]), SAMPLE_START);
    expect(level?.passes).toEqual([pass(100, 200, 2, 1), pass(300, Number.POSITIVE_INFINITY, 4, 1)]);
  });

  test("without a loop there is no level", () => {
    expect(livePasses(steps(1, 0, [], []), SAMPLE_START)).toEqual([]);
  });
});

describe("live passes over fetched ones", () => {
  const fetched: LoopLevel[] = [{ depth: 1, passes: [pass(0, 500, 1, 1, 5), pass(500, 700, 11, 6)] }];

  test("the pass that goes on across the edge stays one, with its first step", () => {
    const live = livePasses(steps(12, 600, [6], [7]), SAMPLE_START);
    expect(withLivePasses(fetched, live, 600)[0]?.passes).toEqual([
      pass(0, 500, 1, 1, 5),
      pass(500, 700, 11, 6),
      pass(700, Number.POSITIVE_INFINITY, 13, 7),
    ]);
  });

  test("what was fetched of a time that is live by now is replaced", () => {
    const live = livePasses(steps(11, 500, [6], [7]), SAMPLE_START);
    expect(withLivePasses(fetched, live, 500)[0]?.passes).toEqual([
      pass(0, 500, 1, 1, 5),
      pass(500, 600, 11, 6),
      pass(600, Number.POSITIVE_INFINITY, 12, 7),
    ]);
  });

  test("without live steps it is what was fetched", () => {
    expect(withLivePasses(fetched, [], null)).toBe(fetched);
  });
});

const nested: LoopLevel[] = [
  { depth: 1, passes: [pass(0, 1000, 1, 3)] },
  { depth: 2, passes: [pass(0, 400, 1, 1), pass(400, 900, 5, 2, 6)] },
];

test("where a moment is in the loops, outermost first", () => {
  expect([
    loopsText(nested, 399),
    loopsText(nested, 400),
    loopsText(nested, 950),
    loopsText(nested, 1000),
  ]).toEqual(["3 · 1", "3 · 2–6", "3", null]);
  expect(iterationText(pass(0, 1, 1, 12))).toBe("12");
});

test("the innermost pass before and after a moment", () => {
  expect(passBeside(nested, 0, 1, 0)?.seq).toBe(5);
  expect(passBeside(nested, 400, -1, 0)?.seq).toBe(1);
  expect(passBeside(nested, 400, 1, 0)).toBeNull();
  expect(passBeside([], 400, 1, 0)).toBeNull();
});

test("what may have begun before it was read is no beginning", () => {
  const cut: LoopLevel[] = [{ depth: 1, passes: [pass(500, 600, 8, 3), pass(600, 700, 11, 4)] }];
  expect(passBeside(cut, 600, -1, 500)).toBeNull();
  expect(passBeside(cut, 600, -1, 499)?.seq).toBe(8);
  expect(passBeside(cut, 500, 1, 500)?.seq).toBe(11);
});
