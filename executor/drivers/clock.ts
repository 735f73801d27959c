// The clocks drivers keep time by. A driver never waits for anything but its clock, so a slow database cannot
// stretch a pulse. Guarded by clock.test.ts and by timing.stack.test.ts (300 ms in every database call).

import { setImmediate as yieldToEvents } from "node:timers/promises";
import { type EpochMs, epochMs } from "#lib/time.ts";

/** Time on the machine. Moments may carry fractions of a millisecond. */
export type DriverClock = {
  now(): EpochMs;
  /** Settles when the clock has reached `at`, or at once when `signal` aborts; answers with the time it then is. */
  sleepUntil(at: EpochMs, signal: AbortSignal): Promise<EpochMs>;
  /** By how many real milliseconds the host was late, at worst, in doing what this clock asked. */
  worstLatenessMs(): number;
};

const LONGEST_TIMER_MS = 3_600_000;

/**
 * The clock of a simulated machine. Like a PLC's, it is its own: every sleep ends exactly at its deadline, and the host
 * only paces it, at `speed` device milliseconds per real one. A host that is late notices late, which is counted, and
 * catches up; it does not stretch a step, at 60 × speed no more than at 1 ×.
 */
export function pacedClock(startedAt: EpochMs, speed: number): DriverClock {
  const began = performance.now();
  const realNow = () => startedAt + (performance.now() - began) * speed;
  let reached = startedAt;
  let worstMs = 0;
  const sleepUntil = async (at: EpochMs, signal: AbortSignal): Promise<EpochMs> => {
    while (!signal.aborted) {
      const left = (at - realNow()) / speed;
      if (left <= 0) break;
      await timer(Math.min(left, LONGEST_TIMER_MS), signal);
    }
    await yieldToEvents();
    if (!signal.aborted) worstMs = Math.max(worstMs, (realNow() - at) / speed);
    const now = signal.aborted ? Math.min(Math.max(reached, realNow()), at) : at;
    reached = epochMs(Math.max(reached, now));
    return reached;
  };
  return { now: () => reached, sleepUntil, worstLatenessMs: () => worstMs };
}

export type ManualClock = DriverClock & {
  /** Moves time on, waking sleepers in order of their deadlines; each acts before the next one wakes. */
  advance(ms: number): Promise<void>;
  /** Deadlines that are slept for now. */
  sleepers(): EpochMs[];
};

/** A clock that only moves when told to. */
export function manualClock(startedAt: EpochMs): ManualClock {
  let time = startedAt;
  const sleeping = new Map<symbol, { at: EpochMs; wake: () => void }>();
  const sleepUntil = (at: EpochMs, signal: AbortSignal): Promise<EpochMs> => {
    if (at <= time || signal.aborted) return Promise.resolve(time);
    return new Promise((resolve) => {
      const key = Symbol();
      const wake = () => {
        sleeping.delete(key);
        signal.removeEventListener("abort", wake);
        resolve(time);
      };
      sleeping.set(key, { at, wake });
      signal.addEventListener("abort", wake, { once: true });
    });
  };
  const advance = async (ms: number): Promise<void> => {
    const target = epochMs(time + ms);
    await yieldToEvents();
    for (;;) {
      const due = [...sleeping.values()].filter(({ at }) => at <= target).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      time = epochMs(Math.max(time, due.at));
      due.wake();
      await yieldToEvents();
    }
    time = target;
  };
  const sleepers = () => [...sleeping.values()].map(({ at }) => at);
  return { now: () => time, sleepUntil, worstLatenessMs: () => 0, advance, sleepers };
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(handle);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const handle = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
