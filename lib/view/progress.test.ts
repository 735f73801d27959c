import { describe, expect, test } from "vitest";
import { SAMPLE_START, sampleOpenStep, sampleRun, sampleRunState, sampleStep } from "#lib/model/samples.ts";
import { durationMs, later } from "#lib/time.ts";
import { runProgress } from "#lib/view/progress.ts";

const planned = 10_000 + 3 * 7_200;
const run = sampleRun({ lastSeq: 6 });

/** The second cycle's first pulse, which the plan puts 17.2 s into the run. */
const openAt = later(SAMPLE_START, 17_200);
const open = sampleOpenStep({ seq: 6, loopPath: [2], cycle: 2, startedAt: openAt, deviceStartedAt: openAt });

test("counts cycles and steps and takes the planned time from the program", () => {
  const view = runProgress({ run, runState: null, steps: [open] }, later(openAt, 50));
  expect(view).toMatchObject({
    cycle: 2,
    totalCycles: 3,
    step: 6,
    totalSteps: 13,
    plannedMs: planned,
    plannedElapsedMs: 17_250,
    ratio: 1,
    remainingMs: planned - 17_250,
    isOverrun: false,
    overrunMs: 0,
  });
  expect(view.fraction).toBeCloseTo(17_250 / planned);
  expect(view.finishAt).toBe(openAt + 50 + planned - 17_250);
});

test("a step that overstays does not use up the plan of the steps after it", () => {
  const view = runProgress({ run, runState: null, steps: [open] }, later(openAt, 5_000));
  expect(view.plannedElapsedMs).toBe(17_300);
});

test("the time left is stretched as the measured steps were, once enough are known", () => {
  const measured = [1, 2, 3, 4].map((seq) => sampleStep({ seq, measuredMs: durationMs(110) }));
  expect(runProgress({ run, runState: null, steps: [...measured, open] }, openAt).ratio).toBe(1);
  const enough = [...measured, sampleStep({ seq: 5, measuredMs: durationMs(110) }), open];
  const view = runProgress({ run, runState: null, steps: enough }, openAt);
  expect(view.ratio).toBeCloseTo(1.1);
  expect(view.remainingMs).toBeCloseTo((planned - 17_200) * 1.1);
});

test("real time left is shorter on a machine that plays faster", () => {
  const fast = sampleRun({ lastSeq: 6, speed: 60 });
  expect(runProgress({ run: fast, runState: null, steps: [open] }, openAt).remainingMs).toBeCloseTo(
    (planned - 17_200) / 60,
  );
});

test("an overrun is shown as such and the end stays a time", () => {
  const now = later(SAMPLE_START, planned + 5_000);
  const late = sampleOpenStep({
    seq: 13,
    recipeStepId: "purge-2",
    loopPath: [3],
    cycle: 3,
    plannedMs: durationMs(4_000),
  });
  const view = runProgress({ run: sampleRun({ lastSeq: 13 }), runState: null, steps: [late] }, now);
  expect(view).toMatchObject({
    isOverrun: true,
    overrunMs: 5_000,
    remainingMs: 0,
    finishAt: now,
    fraction: 1,
  });
});

test("the fleet has no steps: the state row says how far", () => {
  const runState = sampleRunState({
    overallStep: 6,
    progress: {
      totalSteps: 13,
      completedSteps: 5,
      totalCycles: 3,
      completedCycles: 1,
      plannedElapsedMs: durationMs(17_200),
    },
  });
  expect(runProgress({ run, runState }, openAt)).toMatchObject({
    cycle: 2,
    step: 6,
    plannedElapsedMs: 17_200,
  });
});

test("a run that has only been requested stands at nothing", () => {
  const preparing = sampleRun({ status: "preparing" });
  expect(
    runProgress({ run: preparing, runState: sampleRunState({ overallStep: 0 }) }, SAMPLE_START),
  ).toMatchObject({
    cycle: 0,
    step: 0,
    fraction: 0,
    remainingMs: planned,
  });
});

test("a completed run is whole; an aborted one stays where it was", () => {
  const endTime = later(SAMPLE_START, 20_000);
  const completed = sampleRun({ status: "completed", endTime, lastSeq: 13 });
  expect(runProgress({ run: completed, runState: null }, later(endTime, 1))).toMatchObject({
    cycle: 3,
    fraction: 1,
    remainingMs: null,
    finishAt: endTime,
    isOverrun: false,
  });
  const aborted = sampleRun({ status: "aborted", endTime, lastSeq: 6 });
  const closed = sampleStep({ seq: 6, loopPath: [2], cycle: 2 });
  expect(runProgress({ run: aborted, runState: null, steps: [closed] }, later(endTime, 1))).toMatchObject({
    cycle: 2,
    plannedElapsedMs: 17_300,
    remainingMs: null,
  });
});

test("a run without a plan has no end time, and a program without cycles no cycles", () => {
  const bare = sampleRun({ program: null, plannedMs: null, totalCycles: 0, totalSteps: null });
  expect(runProgress({ run: bare, runState: null, steps: [open] }, openAt)).toMatchObject({
    cycle: null,
    totalCycles: null,
    fraction: 0,
    remainingMs: null,
    finishAt: null,
    isOverrun: false,
  });
});

describe("with a history of the recipe", () => {
  const pace = { runs: 12, p10: 0.99, p50: 1.02, p90: 1.1 };
  const left = planned - 17_200;

  test("the end is a band from its 10th to its 90th percentile", () => {
    const view = runProgress({ run, runState: null, steps: [open], pace }, openAt);
    expect(view.finishBand).toEqual({
      from: later(openAt, left * 0.99),
      to: later(openAt, left * 1.1),
      runs: 12,
    });
    expect(view.remainingMs).toBeCloseTo(left * 1.02);
  });

  test("a run that is slower than all of them widens the band", () => {
    const slow = [1, 2, 3, 4, 5].map((seq) => sampleStep({ seq, measuredMs: durationMs(150) }));
    const view = runProgress({ run, runState: null, steps: [...slow, open], pace }, openAt);
    expect(view.finishBand?.to).toBeCloseTo(openAt + left * 1.5);
  });

  test("on a faster clock the band is as much shorter", () => {
    const fast = sampleRun({ lastSeq: 6, speed: 60 });
    const view = runProgress({ run: fast, runState: null, steps: [open], pace }, openAt);
    expect(view.finishBand?.from).toBeCloseTo(openAt + (left * 0.99) / 60);
  });

  test.each([null, { ...pace, runs: 2 }])("there is none without three runs, nor after the end", (few) => {
    expect(runProgress({ run, runState: null, steps: [open], pace: few }, openAt).finishBand).toBeNull();
    const endTime = later(openAt, 1);
    const ended = sampleRun({ status: "completed", endTime });
    expect(runProgress({ run: ended, runState: null, pace }, endTime).finishBand).toBeNull();
  });
});
