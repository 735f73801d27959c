import { expect, test } from "vitest";
import { SAMPLE_START, sampleOpenStep, sampleRun } from "#lib/model/samples.ts";
import { later } from "#lib/time.ts";
import { measuredTime, recordedTime } from "#lib/view/run-times.ts";

const at = (ms: number) => later(SAMPLE_START, ms);
const totals = { steps: 2, deviations: 0, firstDeviceStartedAt: at(-1_000_000), lastDeviceEndedAt: null };

test("a fast run has measured more than was recorded", () => {
  const run = sampleRun({ speed: 20 });
  const steps = [sampleOpenStep({ seq: 2, startedAt: at(10_000), deviceStartedAt: at(-800_000) })];
  expect(measuredTime({ run, steps, totals }, at(15_000))).toBe(200_000 + 5_000 * 20);
  expect(recordedTime(run, at(15_000))).toBe(15_000);
});

test("an ended run has measured up to the end of its last step, whatever the time is now", () => {
  const run = sampleRun({ status: "completed", endTime: at(30_000), speed: 20 });
  const ended = { ...totals, lastDeviceEndedAt: at(-400_000) };
  expect(measuredTime({ run, steps: [], totals: ended }, at(90_000))).toBe(600_000);
  expect(recordedTime(run, at(90_000))).toBe(30_000);
});

test("before the first step nothing is measured, and a clock that is behind counts nothing back", () => {
  const none = { ...totals, firstDeviceStartedAt: null };
  expect(measuredTime({ run: sampleRun(), steps: [], totals: none }, at(5_000))).toBeNull();
  expect(recordedTime(sampleRun(), at(-5_000))).toBe(0);
});
