import { durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import type { Runtime, Surrounding } from "./runtime.ts";
import type { ClockEstimate } from "./server-clock.ts";

type Makings = {
  runtime: Runtime;
  clock: ClockEstimate;
  hidden: () => void;
  offline: () => void;
  /** Back again; channels that may have died meanwhile are to be opened anew. */
  back: (mayBeDead: boolean) => void;
  /** The server's time is estimated anew. */
  clockMoved: () => void;
};

/** Hidden for longer than this, channels are opened anew with a fresh token rather than trusted. */
const TRUSTED_HIDDEN_MS = 30_000;
/** A wake that gets no answer within this goes by the computer's clock: what is shown may be a night old. */
const ANSWER_PATIENCE_MS = durationMs(1_000);

/** Notices that the page was away: hidden, asleep, frozen, without a network. Guarded by supervisor.test.ts. */
export class Absence {
  readonly #makings: Makings;
  readonly #unwatch: () => void;
  #hiddenSince: { steady: EpochMs; wall: EpochMs } | null = null;
  #cancelWait: (() => void) | null = null;

  constructor(makings: Makings) {
    this.#makings = makings;
    this.#unwatch = makings.runtime.watch((event) => this.#happened(event));
  }

  /** The server answered with its time. */
  answered(): void {
    this.#cancelWait?.();
    this.#cancelWait = null;
  }

  stop(): void {
    this.#unwatch();
    this.answered();
  }

  #happened(event: Surrounding): void {
    const { runtime, hidden, offline } = this.#makings;
    if (event === "hidden") {
      this.#hiddenSince = { steady: runtime.now(), wall: runtime.wall() };
      hidden();
    } else if (event === "offline") offline();
    else if (event !== "leaving") this.#back(event);
  }

  #back(event: Surrounding): void {
    const { runtime, clock, back, clockMoved } = this.#makings;
    const mayBeDead = event !== "shown" || this.#wasHiddenLong();
    this.#hiddenSince = null;
    clock.forget();
    this.answered();
    this.#cancelWait = runtime.after(ANSWER_PATIENCE_MS, () => {
      clock.assumeSlept();
      clockMoved();
    });
    back(mayBeDead);
  }

  /** By either clock: the steady one may have stood still in sleep, the other may have been set back. */
  #wasHiddenLong(): boolean {
    const { runtime } = this.#makings;
    const since = this.#hiddenSince;
    if (since === null) return false;
    const longest = Math.max(elapsed(since.steady, runtime.now()), elapsed(since.wall, runtime.wall()));
    return longest > TRUSTED_HIDDEN_MS;
  }
}
