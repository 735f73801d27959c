import type { DurationMs, EpochMs } from "#lib/time.ts";

/** Everything the feed takes from the world around it, so that tests can move it by hand. */
export type Runtime = {
  /** The browser's clock; steady: a correction of the computer's clock does not show in it. May stand still in sleep. */
  now(): EpochMs;
  /** The computer's clock: goes on in sleep, and jumps when somebody corrects it. */
  wall(): EpochMs;
  /** 0 ≤ n < 1. */
  random(): number;
  /** Calls back once after `delay`; the answer cancels. */
  after(delay: DurationMs, run: () => void): () => void;
  /** Calls back once before the next paint (or soon, when nothing is painted); the answer cancels. */
  frame(run: () => void): () => void;
  isHidden(): boolean;
  isOnline(): boolean;
  watch(listener: (event: Surrounding) => void): () => void;
};

/**
 * `resumed`: the computer slept, or the page came back from the back/forward cache. `leaving`: it is put there, or closed
 * for good.
 */
export type Surrounding = "shown" | "hidden" | "online" | "offline" | "resumed" | "leaving";
