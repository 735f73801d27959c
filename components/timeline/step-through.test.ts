import { describe, expect, test } from "vitest";
import { groupLanes } from "#components/timeline/lanes.ts";
import { neighbour, nextDeviation, windowAround } from "#components/timeline/step-through.ts";
import type { TimelineSpan } from "#lib/model/timeline.ts";

const span = (seq: number, lane: string, startMs: number, endMs: number, deviations = 0): TimelineSpan => ({
  lane,
  startMs,
  endMs,
  count: 1,
  seq,
  name: lane,
  stepType: "valve",
  plannedMs: null,
  measuredMs: null,
  worstDeviationMs: null,
  deviations,
  isOpen: false,
});

const lanes = groupLanes([
  span(1, "valve 1", 0, 100, 1),
  span(2, "purge", 100, 1000),
  span(3, "valve 2", 1000, 1100),
  span(4, "purge", 1100, 2000, 1),
]);
const whole = { fromMs: 0, toMs: 2000 };

describe("neighbour", () => {
  test.each([
    [2, 1, 3],
    [2, -1, 1],
    [4, 1, null],
    [null, 1, 1],
  ] as const)("of %s in direction %d", (selected, direction, expected) => {
    expect(neighbour(lanes, selected, direction, whole)?.seq ?? null).toBe(expected);
  });

  test("begins in the window", () => {
    expect(neighbour(lanes, null, 1, { fromMs: 500, toMs: 2000 })?.seq).toBe(3);
  });
});

describe("nextDeviation", () => {
  test.each([
    [-1, 1, 1],
    [0, 1, 4],
    [1100, -1, 1],
    [1100, 1, null],
  ] as const)("from %d in direction %d", (from, direction, expected) => {
    expect(nextDeviation(lanes, from, direction)?.seq ?? null).toBe(expected);
  });
});

describe("windowAround", () => {
  test("stays when the span is in it", () => {
    const window = { fromMs: 900, toMs: 1300 };
    expect(windowAround(window, span(3, "valve 2", 1000, 1100), 2000)).toBe(window);
  });

  test("moves to the span and stays within the run", () => {
    expect(windowAround({ fromMs: 0, toMs: 400 }, span(4, "purge", 1900, 2000), 2000)).toEqual({
      fromMs: 1600,
      toMs: 2000,
    });
  });

  test("grows when the span is wider", () => {
    expect(windowAround({ fromMs: 0, toMs: 100 }, span(2, "purge", 500, 700), 2000)).toEqual({
      fromMs: 400,
      toMs: 800,
    });
  });
});
