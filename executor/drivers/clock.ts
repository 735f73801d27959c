// The clocks drivers keep time by. A driver never waits for anything but its clock, so a slow database cannot
// stretch a pulse. Guarded by clock.test.ts and by timing.stack.test.ts (300 ms in every database call).

import { setImmediate as yieldToEvents } from "node:timers/promises";
import { type EpochMs, epochMs } from "#lib/time.ts";

/** Time on the machine. Moments may carry fractions of a millisecond. */
export type DriverClock = {
  now(): EpochMs;
  /** Settles when the clock has reached `at`, or at once when `signal` aborts; answers with the time it then is. */
  sleepUntil(at: EpochMs, signal: AbortSignal): Promise<EpochMs>;
};

/** Node's timers are late, rarely early: wake this much before the moment and watch the clock for the rest. */
const WAKE_EARLY_MS = 2;
const SPIN_MS = 0.2;
const LONGEST_TIMER_MS = 3_600_000;

/**
 * The host's monotonic clock, set once to `startedAt`. What it reports is measured: a sleep that the host lets
 * overshoot is seen as such. Deadlines are absolute, and the last two milliseconds are watched, not slept.
 */
export function hostClock(startedAt: EpochMs): DriverClock {
  const origin = startedAt - performance.now();
  const now = () => epochMs(origin + performance.now());
  const sleepUntil = async (at: EpochMs, signal: AbortSignal): Promise<EpochMs> => {
    while (!signal.aborted) {
      const left = at - now();
      if (left <= 0) break;
      if (left > WAKE_EARLY_MS) await timer(Math.min(left - WAKE_EARLY_MS, LONGEST_TIMER_MS), signal);
      else if (left > SPIN_MS) await yieldToEvents();
    }
    return now();
  };
  return { now, sleepUntil };
}

/**
 * Simulated time, paced by the host at `speed` device milliseconds per real one. Every sleep ends exactly at its
 * deadline; when the host is late, later sleeps are cut short until it has caught up. So a run at 60 × speed has the
 * durations of one at 1 ×, not sixty times the host's jitter.
 */
export function pacedClock(startedAt: EpochMs, speed: number): DriverClock {
  const began = performance.now();
  const realNow = () => startedAt + (performance.now() - began) * speed;
  let reached = startedAt;
  const sleepUntil = async (at: EpochMs, signal: AbortSignal): Promise<EpochMs> => {
    while (!signal.aborted) {
      const left = (at - realNow()) / speed;
      if (left <= 0) break;
      await timer(Math.min(left, LONGEST_TIMER_MS), signal);
    }
    await yieldToEvents();
    const now = signal.aborted ? Math.min(Math.max(reached, realNow()), at) : at;
    reached = epochMs(Math.max(reached, now));
    return reached;
  };
  return { now: () => reached, sleepUntil };
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
  return { now: () => time, sleepUntil, advance, sleepers: () => [...sleeping.values()].map(({ at }) => at) };
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
