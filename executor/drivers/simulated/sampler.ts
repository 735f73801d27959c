import type { Reactor } from "#executor/drivers/simulated/reactor.ts";
import { type EpochMs, epochMs, later } from "#lib/time.ts";

/** Pressure is read often around a pulse, to show its shape, and seldom otherwise; the slow values every second. */
const PULSE_EVERY_MS = 50;
const PULSE_TAIL_MS = 400;
const QUIET_EVERY_MS = 500;
const SLOW_EVERY_MS = 1000;

/** When the next reading is due. `stretch` lengthens every interval (a fast simulation sends no more per second). */
export class Sampler {
  readonly #stretch: number;
  #nextPressureAt: EpochMs;
  #nextSlowAt: EpochMs;
  #denseUntil: EpochMs;

  constructor(startedAt: EpochMs, stretch: number) {
    this.#stretch = stretch;
    this.#nextPressureAt = startedAt;
    this.#nextSlowAt = startedAt;
    this.#denseUntil = startedAt;
  }

  pulseStarts(at: EpochMs): void {
    this.#denseUntil = epochMs(Number.POSITIVE_INFINITY);
    this.#nextPressureAt = epochMs(Math.min(this.#nextPressureAt, later(at, PULSE_EVERY_MS * this.#stretch)));
  }

  pulseEnds(at: EpochMs): void {
    this.#denseUntil = later(at, PULSE_TAIL_MS);
  }

  nextAt(): EpochMs {
    return epochMs(Math.min(this.#nextPressureAt, this.#nextSlowAt));
  }

  /** The readings due at `now`; null when none are. */
  take(now: EpochMs, reactor: Reactor): Record<string, number> | null {
    if (now < this.nextAt()) return null;
    const isSlow = now >= this.#nextSlowAt;
    const every = now < this.#denseUntil ? PULSE_EVERY_MS : QUIET_EVERY_MS;
    this.#nextPressureAt = later(now, every * this.#stretch);
    if (!isSlow) return reactor.readPressure();
    this.#nextSlowAt = later(now, SLOW_EVERY_MS * this.#stretch);
    return reactor.readAll();
  }
}
