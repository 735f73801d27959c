import { type DurationMs, durationMs, type EpochMs, elapsed, later } from "#lib/time.ts";
import type { Runtime } from "./runtime.ts";
import type { ClockEstimate } from "./server-clock.ts";

type Makings<Snapshot> = {
  runtime: Runtime;
  clock: ClockEstimate;
  read: (signal: AbortSignal) => Promise<Snapshot>;
  /** How sure the feed was when the read began: what came into doubt later is not settled by it. */
  doubts: () => number;
  merged: (snapshot: Snapshot, doubts: number) => void;
  failed: (fault: unknown) => void;
};

/** Whatever single changes ask for: a server whose every message asks would else be read without a pause. */
const PACE_MS = durationMs(1_000);

/** Reads the whole snapshot: on demand and at intervals, one at a time. Guarded by supervisor.test.ts. */
export class CatchUp<Snapshot extends { serverTime: EpochMs }> {
  readonly #makings: Makings<Snapshot>;
  #reading: AbortController | null = null;
  #mustReadAgain = false;
  #cancelPoll = (): void => undefined;
  #pacedAt: EpochMs | null = null;
  #cancelPaced: (() => void) | null = null;
  #period: DurationMs | null = null;

  constructor(makings: Makings<Snapshot>) {
    this.#makings = makings;
  }

  /** Reads now, or once more as soon as the read under way has ended. */
  request(): void {
    if (this.#reading === null) void this.#read();
    else this.#mustReadAgain = true;
  }

  /** As `request`, but at most once in a second. */
  requestPaced(): void {
    const { runtime } = this.#makings;
    const wait = this.#pacedAt === null ? 0 : elapsed(runtime.now(), later(this.#pacedAt, PACE_MS));
    if (wait <= 0) {
      this.#pacedAt = runtime.now();
      this.request();
    } else {
      this.#cancelPaced ??= runtime.after(durationMs(wait), () => {
        this.#cancelPaced = null;
        this.requestPaced();
      });
    }
  }

  /** Reads this long after the last read ended, again and again; null stops that. */
  every(period: DurationMs | null): void {
    if (period === this.#period) return;
    this.#period = period;
    this.#schedule();
  }

  /** Gives up the read under way: after sleep it may hang on a dead connection. */
  drop(): void {
    this.#reading?.abort();
    this.#reading = null;
    this.#mustReadAgain = false;
    this.#cancelPaced?.();
    this.#cancelPaced = null;
  }

  stop(): void {
    this.every(null);
    this.drop();
  }

  #schedule(): void {
    this.#cancelPoll();
    if (this.#period !== null)
      this.#cancelPoll = this.#makings.runtime.after(this.#period, () => this.request());
  }

  async #read(): Promise<void> {
    const { runtime, clock, read, merged, failed } = this.#makings;
    const reading = new AbortController();
    this.#reading = reading;
    const doubts = this.#makings.doubts();
    const sentAt = runtime.now();
    const answer = await read(reading.signal).then(
      (snapshot) => ({ snapshot }),
      (fault: unknown) => ({ fault }),
    );
    if (this.#reading !== reading) return;
    this.#reading = null;
    this.#schedule();
    if ("snapshot" in answer) {
      clock.sample(sentAt, runtime.now(), answer.snapshot.serverTime);
      merged(answer.snapshot, doubts);
    } else failed(answer.fault);
    if (!this.#mustReadAgain) return;
    this.#mustReadAgain = false;
    // After a failure the next interval tries again; at once would only add to the load.
    if ("snapshot" in answer) this.request();
  }
}
