import { describe, expect, test } from "vitest";
import { firstEndingAfter, groupLanes, inAllLanes, spanAt } from "#components/timeline/lanes.ts";
import type { TimelineSpan } from "#lib/model/timeline.ts";
import { durationMs } from "#lib/time.ts";

const span = (
  lane: string,
  startMs: number,
  endMs: number,
  rest: Partial<TimelineSpan> = {},
): TimelineSpan => ({
  lane,
  startMs,
  endMs,
  count: 1,
  seq: 1,
  name: "TMA pulse",
  stepType: "valve",
  plannedMs: durationMs(100),
  measuredMs: durationMs(100),
  worstDeviationMs: durationMs(0),
  deviations: 0,
  isOpen: false,
  ...rest,
});

describe("groupLanes", () => {
  test("puts valves by number before purge, parameter and wait", () => {
    const lanes = groupLanes(
      ["wait", "valve 10", "purge", "valve 2", "parameter"].map((lane) => span(lane, 0, 1)),
    );
    expect(lanes.map((lane) => lane.key)).toEqual(["valve 2", "valve 10", "purge", "parameter", "wait"]);
  });

  test("names the lane's step only when they are all the same", () => {
    const [lane] = groupLanes([span("purge", 0, 1), span("purge", 2, 3, { name: "Final purge" })]);
    expect(lane?.note).toBeNull();
  });
});

test("a lane of the run stays in its place where the window holds none of its steps", () => {
  const whole = groupLanes([span("valve 1", 0, 1), span("valve 3", 2, 3), span("purge", 1, 2)]);
  const shown = groupLanes([span("purge", 1, 2), span("valve 2", 5, 6)]);
  expect(inAllLanes(shown, whole).map(({ key, spans }) => [key, spans.length])).toEqual([
    ["valve 1", 0],
    ["valve 2", 1],
    ["valve 3", 0],
    ["purge", 1],
  ]);
});

describe("spanAt", () => {
  const [lane] = groupLanes([span("valve 1", 100, 200, { seq: 1 }), span("valve 1", 1000, 1100, { seq: 5 })]);
  if (!lane) throw new Error("no lane");

  test.each([
    [150, 0, 1],
    [205, 10, 1],
    [990, 10, 5],
    [500, 10, null],
  ])("at %d ms within %d ms", (ms, reach, seq) => {
    expect(spanAt(lane, ms, reach)?.seq ?? null).toBe(seq);
  });

  test("finds a span that began before the window", () => {
    expect(firstEndingAfter(lane.spans, 150)).toBe(0);
  });
});
