import { expect, test } from "vitest";
import { epochMs } from "#lib/time.ts";
import { ManualRuntime } from "./scripted-world.ts";
import { ClockEstimate } from "./server-clock.ts";

const clockAt = (ms: number, seen: number | null) =>
  new ClockEstimate(new ManualRuntime(epochMs(ms)), seen === null ? null : epochMs(seen));

test("before the first sample the time the page was rendered is the best guess", () => {
  expect(clockAt(1_000, 61_000).now()).toBe(61_000);
  expect(clockAt(1_000, null).now()).toBe(1_000);
});

test("the sample with the shortest round trip counts; its middle is when the server looked", () => {
  const clock = clockAt(1_000, 1_000);
  clock.sample(epochMs(1_000), epochMs(1_400), epochMs(6_000));
  expect(clock.offsetMs).toBe(4_800);
  clock.sample(epochMs(2_000), epochMs(2_010), epochMs(7_005));
  expect(clock.offsetMs).toBe(5_000);
  clock.sample(epochMs(3_000), epochMs(3_900), epochMs(8_000));
  expect(clock.offsetMs).toBe(5_000);
});

test("only the last eight samples count, so that a drifting clock is followed", () => {
  const clock = clockAt(0, 0);
  clock.sample(epochMs(0), epochMs(2), epochMs(1));
  for (let i = 0; i < 8; i += 1) clock.sample(epochMs(0), epochMs(10), epochMs(105));
  expect(clock.offsetMs).toBe(100);
});

test("after sleep earlier samples say nothing", () => {
  const clock = clockAt(0, 0);
  clock.sample(epochMs(0), epochMs(2), epochMs(1));
  clock.forget();
  expect(clock.offsetMs).toBe(0);
  clock.sample(epochMs(0), epochMs(500), epochMs(60_250));
  expect(clock.offsetMs).toBe(60_000);
});

test("slept while the steady clock stood still: without an answer the computer's clock says for how long", () => {
  const runtime = new ManualRuntime(epochMs(0));
  const clock = new ClockEstimate(runtime, epochMs(0));
  clock.sample(epochMs(0), epochMs(2), epochMs(5_001));
  runtime.wallAhead = 3_600_000;
  clock.assumeSlept();
  expect(clock.now()).toBe(5_000);
  clock.forget();
  clock.assumeSlept();
  expect(clock.now()).toBe(3_605_000);
  clock.assumeSlept();
  expect(clock.now()).toBe(3_605_000);
  runtime.wallAhead = 0;
  clock.assumeSlept();
  expect(clock.now()).toBe(3_605_000);
  clock.sample(epochMs(0), epochMs(2), epochMs(5_001));
  expect(clock.now()).toBe(5_000);
});
