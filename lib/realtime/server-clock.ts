import { type DurationMs, durationMs, type EpochMs, elapsed, later } from "#lib/time.ts";

/** The server's clock as this browser estimates it. */
export type ServerClock = { now(): EpochMs };

type Sample = { roundTripMs: number; offsetMs: DurationMs };

const SAMPLES_KEPT = 8;

/**
 * Estimates server minus browser clock from answers that carry the server's time. The answer with the shortest round
 * trip of the last few bounds the error best (half its round trip), so it counts.
 */
export class ClockEstimate implements ServerClock {
  readonly #browserNow: () => EpochMs;
  #samples: Sample[] = [];
  #offset: DurationMs;

  /** `seen` is a server time that arrived at an unknown moment before now: the best guess until the first sample. */
  constructor(browserNow: () => EpochMs, seen: EpochMs | null) {
    this.#browserNow = browserNow;
    this.#offset = seen === null ? durationMs(0) : elapsed(browserNow(), seen);
  }

  get offsetMs(): DurationMs {
    return this.#offset;
  }

  now(): EpochMs {
    return later(this.#browserNow(), this.#offset);
  }

  sample(sentAt: EpochMs, receivedAt: EpochMs, serverTime: EpochMs): void {
    const roundTripMs = Math.max(0, elapsed(sentAt, receivedAt));
    const offsetMs = durationMs(serverTime - (sentAt + roundTripMs / 2));
    this.#samples = [...this.#samples.slice(1 - SAMPLES_KEPT), { roundTripMs, offsetMs }];
    this.#offset = this.#samples.reduce((best, each) =>
      each.roundTripMs < best.roundTripMs ? each : best,
    ).offsetMs;
  }

  /** After sleep the browser's steady clock may have stood still: earlier samples say nothing any more. */
  forget(): void {
    this.#samples = [];
  }
}
