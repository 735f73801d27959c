import { expect, test } from "vitest";
import { SAMPLE_START, sampleOpenStep, sampleProgram, sampleStep } from "#lib/model/samples.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { durationMs, later } from "#lib/time.ts";
import { liveWindow, valveLanes, windowOf } from "#lib/view/valve-lanes.ts";

const at = (ms: number) => later(SAMPLE_START, ms);
const step = (seq: number, startMs: number, lasts: number, over: Partial<StepExecution> = {}) =>
  sampleStep({
    seq,
    startedAt: at(startMs),
    deviceStartedAt: at(startMs),
    measuredMs: durationMs(lasts),
    ...over,
  });
const window = { from: at(0), to: at(1_000) };
const bars = (steps: StepExecution[], now: number | null = null) =>
  valveLanes(steps, window, now === null ? null : at(now))[0]?.bars ?? [];

test("a bar lies where the controller's clock put the step", () => {
  expect(bars([step(1, 250, 500)])).toMatchObject([
    { seq: 1, start: 0.25, end: 0.75, isShort: false, isOpen: false, crossesStart: false, crossesEnd: false },
  ]);
});

test("steps that cross an edge are clipped and marked, those beyond are left out", () => {
  expect(bars([step(1, -500, 200), step(2, -200, 400), step(3, 900, 400), step(4, 1_300, 10)])).toMatchObject(
    [
      { seq: 2, start: 0, end: 0.2, crossesStart: true, crossesEnd: false, durationMs: 400 },
      { seq: 3, start: 0.9, end: 1, crossesStart: false, crossesEnd: true, durationMs: 400 },
    ],
  );
});

test("a step around the whole window fills it", () => {
  expect(bars([step(1, -500, 5_000)])).toMatchObject([
    { start: 0, end: 1, crossesStart: true, crossesEnd: true },
  ]);
});

test("an open step reaches now, and never backwards", () => {
  const open = sampleOpenStep({ seq: 1, deviceStartedAt: at(200) });
  expect(bars([open], 800)).toMatchObject([{ start: 0.2, end: 0.8, isOpen: true, durationMs: 600 }]);
  expect(bars([open], 100)).toMatchObject([{ start: 0.2, end: 0.2, isOpen: true, isShort: true }]);
  expect(bars([open], null)).toMatchObject([{ start: 0.2, end: 0.2 }]);
});

test("a pulse too short to be seen is kept and marked", () => {
  expect(bars([step(1, 500, 1)])).toMatchObject([{ seq: 1, isShort: true }]);
});

test("a closed step without a measurement ends where the next begins, else as recorded", () => {
  const unmeasured = { measuredMs: null, endedAt: at(900) };
  expect(bars([step(1, 100, 0, unmeasured), step(2, 400, 100)])).toMatchObject([{ end: 0.4 }, { end: 0.5 }]);
  expect(bars([step(1, 100, 0, unmeasured)])).toMatchObject([{ end: 0.9 }]);
});

test("lanes: valves by number, then purge, parameter and wait; resting valves of the program too", () => {
  const steps = [
    step(1, 0, 10, { stepType: "wait", valveNumber: null }),
    step(2, 10, 10, { stepType: "purge", valveNumber: null }),
    step(3, 20, 10, { valveNumber: 5 }),
    step(4, 30, 10, { stepType: "parameter", valveNumber: null }),
  ];
  const lanes = valveLanes(steps, window, null, { program: sampleProgram() });
  expect(lanes.map((lane) => `${lane.label}: ${lane.bars.length}`)).toEqual([
    "Valve 1: 0",
    "Valve 2: 0",
    "Valve 5: 1",
    "Purge: 1",
    "Parameter: 1",
    "Wait: 1",
  ]);
});

test("an empty window draws nothing", () => {
  expect(valveLanes([step(1, 0, 10)], { from: at(5), to: at(5) }, null)[0]?.bars).toEqual([]);
});

test("windows: the live edge, and all of the steps", () => {
  expect(liveWindow(at(5_000), 1_000)).toEqual({ from: at(4_000), to: at(5_000) });
  expect(windowOf([], null)).toBeNull();
  expect(windowOf([step(1, 0, 10), step(2, 10, 30)], null)).toEqual({ from: at(0), to: at(40) });
  const open = sampleOpenStep({ seq: 2, deviceStartedAt: at(10) });
  expect(windowOf([step(1, 0, 10), open], at(500))).toEqual({ from: at(0), to: at(500) });
});
