import { type DurationMs, durationMs, type EpochMs, elapsed, later } from "#lib/time.ts";
import type { Runtime } from "./runtime.ts";

/** The server's clock as this browser estimates it. */
export type ServerClock = { now(): EpochMs };

type Sample = { roundTripMs: number; offsetMs: DurationMs };

const SAMPLES_KEPT = 8;

/**
 * Estimates server minus browser clock from answers that carry the server's time. The answer with the shortest round
 * trip of the last few bounds the error best (half its round trip), so it counts. One per server and browser page:
 * what one feed has learnt tells the next how old the page it was drawn from is. Guarded by server-clock.test.ts.
 */
export class ClockEstimate implements ServerClock {
  readonly #browser: Pick<Runtime, "now" | "wall">;
  #samples: Sample[] = [];
  #offset: DurationMs;
  /** The computer's clock minus the steady one when the server's time was last known. */
  #wallAhead: DurationMs;

  /** `seen` is a server time that arrived at an unknown moment before now: the best guess until the first sample. */
  constructor(browser: Pick<Runtime, "now" | "wall">, seen: EpochMs | null) {
    this.#browser = browser;
    this.#offset = seen === null ? durationMs(0) : elapsed(browser.now(), seen);
    this.#wallAhead = elapsed(browser.now(), browser.wall());
  }

  get offsetMs(): DurationMs {
    return this.#offset;
  }

  now(): EpochMs {
    return later(this.#browser.now(), this.#offset);
  }

  sample(sentAt: EpochMs, receivedAt: EpochMs, serverTime: EpochMs): void {
    const roundTripMs = Math.max(0, elapsed(sentAt, receivedAt));
    const offsetMs = durationMs(serverTime - (sentAt + roundTripMs / 2));
    this.#samples = [...this.#samples.slice(1 - SAMPLES_KEPT), { roundTripMs, offsetMs }];
    this.#offset = this.#samples.reduce((best, each) =>
      each.roundTripMs < best.roundTripMs ? each : best,
    ).offsetMs;
    this.#wallAhead = elapsed(this.#browser.now(), this.#browser.wall());
  }

  /** The server's time was this at an unknown moment before now. */
  seen(serverTime: EpochMs): void {
    if (this.#samples.length === 0 && serverTime > this.now())
      this.#offset = elapsed(this.#browser.now(), serverTime);
  }

  /** After sleep the browser's steady clock may have stood still: earlier samples say nothing any more. */
  forget(): void {
    this.#samples = [];
  }

  /**
   * Without an answer since the sleep the computer's clock tells best how long it was. A clock that was only corrected
   * makes what is shown look older than it is, never younger; the next answer puts it right.
   */
  assumeSlept(): void {
    if (this.#samples.length > 0) return;
    const wallAhead = elapsed(this.#browser.now(), this.#browser.wall());
    this.#offset = durationMs(this.#offset + Math.max(0, wallAhead - this.#wallAhead));
    this.#wallAhead = wallAhead;
  }
}
