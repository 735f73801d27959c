import { expect, test } from "vitest";
import { SAMPLE_START, sampleFeedStatus, sampleOpenStep, sampleRun, sampleStep } from "#lib/model/samples.ts";
import { durationMs, epochMs, later } from "#lib/time.ts";
import { deviceNow, heldNow } from "#lib/view/device-clock.ts";
import { firstStep, nowCard } from "#lib/view/now-card.ts";

const run = sampleRun();
const start = later(SAMPLE_START, 10_000);
const pulse = sampleOpenStep({ seq: 2, startedAt: start, deviceStartedAt: start });

test("says the step, where it is in its loop, how long it has lasted and what comes next", () => {
  const card = nowCard({ run, steps: [sampleStep({ seq: 1 }), pulse] }, later(start, 50));
  expect(card).toMatchObject({
    seq: 2,
    stepName: "TMA",
    valveNumber: 1,
    breadcrumb: [{ name: "Cycle", iteration: 1, count: 3 }],
    elapsedMs: 50,
    plannedMs: 100,
    fraction: 0.5,
    isOverdue: false,
    isLast: false,
    next: { name: "Purge", stepType: "purge", valveNumber: null, plannedMs: 3_000 },
  });
});

test("a step that overstays by the deviation rule is overdue, and its bar stays full", () => {
  expect(nowCard({ run, steps: [pulse] }, later(start, 125))).toMatchObject({
    isOverdue: false,
    fraction: 1,
  });
  expect(nowCard({ run, steps: [pulse] }, later(start, 126))).toMatchObject({ isOverdue: true, fraction: 1 });
});

test("the last step says so", () => {
  const last = sampleOpenStep({ seq: 13, recipeStepId: "purge-2", loopPath: [3], stepType: "purge" });
  expect(nowCard({ run, steps: [last] }, start)).toMatchObject({ next: null, isLast: true });
});

test("without a program, or a plan, nothing is made up", () => {
  const bare = sampleRun({ program: null });
  const step = sampleOpenStep({ seq: 1, plannedMs: null });
  expect(nowCard({ run: bare, steps: [step] }, start)).toMatchObject({
    breadcrumb: [],
    next: null,
    isLast: false,
    plannedMs: null,
    fraction: null,
    isOverdue: false,
  });
});

test("there is no card between steps, after the end, or without a run", () => {
  expect(nowCard({ run, steps: [] }, start)).toBeNull();
  expect(nowCard({ run, steps: [sampleStep({ seq: 1 })] }, start)).toBeNull();
  expect(nowCard({ run: null, steps: [pulse] }, start)).toBeNull();
  expect(nowCard({ run: sampleRun({ status: "aborted" }), steps: [pulse] }, start)).toBeNull();
});

test("time in the step runs on the controller's clock, however far it is off and however fast", () => {
  const device = epochMs(5_000_000);
  const fast = sampleRun({ speed: 60 });
  const step = sampleOpenStep({ seq: 2, startedAt: start, deviceStartedAt: device });
  expect(deviceNow(fast, [step], later(start, 10))).toBe(device + 600);
  expect(nowCard({ run: fast, steps: [step] }, later(start, 10))?.elapsedMs).toBe(600);
  expect(deviceNow(fast, [step], later(start, -500))).toBe(device);
});

test("between steps the controller's clock stands where the last one ended", () => {
  const step = sampleStep({ seq: 1, startedAt: start, deviceStartedAt: start, measuredMs: durationMs(90) });
  expect(deviceNow(run, [step], later(start, 9_999))).toBe(start + 90);
  expect(deviceNow(run, [], start)).toBeNull();
});

test("nothing is animated further than 15 s beyond the last confirmation", () => {
  const feed = sampleFeedStatus({ lastEventAt: later(start, 2_000), lastCatchUpAt: start });
  expect(heldNow(later(start, 16_999), feed)).toBe(start + 16_999);
  expect(heldNow(later(start, 60_000), feed)).toBe(start + 17_000);
});

test("the first step of a program is known before anything was reported", () => {
  expect(firstStep(run.program ?? fail())).toMatchObject({
    name: "Settle",
    plannedMs: 10_000,
    breadcrumb: [],
  });
});

function fail(): never {
  throw new Error("the sample run has a program");
}
