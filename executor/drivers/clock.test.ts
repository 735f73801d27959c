import { describe, expect, test } from "vitest";
import { manualClock, pacedClock } from "#executor/drivers/clock.ts";
import { epochMs, later } from "#lib/time.ts";

const never = new AbortController().signal;
const start = epochMs(1_000_000);

describe("pacedClock", () => {
  test("every sleep ends exactly at its moment, however late the host is", async () => {
    const clock = pacedClock(start, 1_000_000);
    for (const ms of [100, 3100.5, 3200.5])
      expect(await clock.sleepUntil(later(start, ms), never)).toBe(start + ms);
    expect(clock.now()).toBe(start + 3200.5);
  });

  test("a host that is late is counted and catches up", async () => {
    const clock = pacedClock(start, 1);
    const sleep = clock.sleepUntil(later(start, 5), never);
    const blockedUntil = performance.now() + 30;
    while (performance.now() < blockedUntil);
    expect(await sleep).toBe(start + 5);
    expect(clock.worstLatenessMs()).toBeGreaterThan(20);
    expect(await clock.sleepUntil(later(start, 10), never)).toBe(start + 10);
  });

  test("real time is device time divided by speed", async () => {
    const before = performance.now();
    await pacedClock(start, 1000).sleepUntil(later(start, 30_000), never);
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
  });

  test("an abort ends the sleep between what was reached and the moment", async () => {
    const clock = pacedClock(start, 10);
    await clock.sleepUntil(later(start, 10), never);
    const abort = new AbortController();
    const sleep = clock.sleepUntil(later(start, 3_600_000), abort.signal);
    abort.abort();
    const woke = await sleep;
    expect(woke).toBeGreaterThanOrEqual(start + 10);
    expect(woke).toBeLessThan(start + 3_600_000);
  });
});

describe("manualClock", () => {
  test("wakes sleepers in order, each at its own moment", async () => {
    const clock = manualClock(start);
    const woken: number[] = [];
    const sleep = async (ms: number) => woken.push((await clock.sleepUntil(later(start, ms), never)) - start);
    const all = [sleep(30), sleep(10), sleep(20), sleep(99)];
    await clock.advance(50);
    expect(woken).toEqual([10, 20, 30]);
    expect(clock.sleepers()).toEqual([start + 99]);
    await clock.advance(49);
    await Promise.all(all);
    expect(woken).toEqual([10, 20, 30, 99]);
  });
});
