import { describe, expect, test } from "vitest";
import { cycleStep, programFixture, stepFixture } from "#components/machine/fixtures.ts";
import { cycleStarts, liveLanes, liveSpans } from "#components/machine/live-spans.ts";
import { durationMs, epochMs } from "#lib/time.ts";

const origin = epochMs(10_000);

describe("liveSpans", () => {
  test("a measured step ends where the controller says, an unmeasured one where the next begins", () => {
    const steps = [
      stepFixture({ seq: 1, deviceStartedAt: epochMs(10_000), measuredMs: durationMs(40) }),
      stepFixture({ seq: 2, deviceStartedAt: epochMs(10_050), measuredMs: null }),
      stepFixture({ seq: 3, deviceStartedAt: epochMs(10_080), endedAt: null }),
    ];
    expect(liveSpans(steps, origin).map(({ startMs, endMs, isOpen }) => [startMs, endMs, isOpen])).toEqual([
      [0, 40, false],
      [50, 80, false],
      [80, 80, true],
    ]);
  });

  test("a step without a device time has no place on the controller's clock", () => {
    expect(liveSpans([stepFixture({ seq: 1, deviceStartedAt: null })], origin)).toEqual([]);
  });
});

describe("liveLanes", () => {
  test("holds every lane of the recipe before anything has happened", () => {
    const lanes = liveLanes([], programFixture());
    expect(lanes.map(({ key, note }) => [key, note])).toEqual([
      ["valve 1", "TMA pulse"],
      ["valve 2", "Water pulse"],
      ["purge", null],
      ["wait", "Preheat"],
    ]);
    expect(lanes.every((lane) => lane.spans.length === 0)).toBe(true);
  });

  test("keeps a lane that only the run knows", () => {
    const spans = liveSpans(
      [stepFixture({ seq: 1, stepType: "valve", valveNumber: 5, deviceStartedAt: origin })],
      origin,
    );
    expect(liveLanes(spans, programFixture()).map((lane) => lane.key)).toContain("valve 5");
  });
});

test("cycleStarts marks the first step of each cycle, and again after steps outside of cycles", () => {
  const steps = [
    cycleStep(1, 2, epochMs(10_000), false),
    cycleStep(1, 3, epochMs(10_100), false),
    cycleStep(2, 0, epochMs(14_100), false),
  ];
  expect(cycleStarts(steps, origin)).toEqual([
    { cycle: 1, atMs: 0 },
    { cycle: 2, atMs: 4100 },
  ]);
});
