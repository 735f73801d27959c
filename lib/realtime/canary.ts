import { type DurationMs, durationMs, type EpochMs, later } from "#lib/time.ts";
import type { Runtime } from "./runtime.ts";
import type { ServerClock } from "./server-clock.ts";

type Makings = {
  runtime: Runtime;
  clock: ServerClock;
  /** Server time by which a controller must be heard of again, given when anything was heard of last; null: none need. */
  nextBeat: (heardAt: EpochMs) => EpochMs | null;
  /** Nothing has come for so long that something should have. */
  silent: () => void;
  /** Something happened that was not told. */
  mute: () => void;
};

/** Three periods of a controller's heartbeat. */
const SILENCE_MS = durationMs(6_000);
/** For so long nothing may have happened untold before a silent subscription that was made anew is trusted again. */
const QUIET_MS = durationMs(20_000);
/** A read may be ahead of the message that tells the same. */
const GRACE_MS = durationMs(2_000);

/**
 * Finds out that a confirmed subscription brings nothing: by the heartbeat of the controllers, which travels the same
 * way as everything else, and by what a read shows to have happened untold. Guarded by canary.test.ts.
 */
export class Canary {
  readonly #makings: Makings;
  /** When a change was last heard, or the subscription was confirmed after that; null while it is not confirmed. */
  #heardAt: EpochMs | null = null;
  /** When the last read was merged: what happened later should be told. */
  #readAt: EpochMs | null = null;
  #isSilent = false;
  #isMute = false;
  /** Since when no read has found anything untold, while mute. */
  #quietSince: EpochMs | null = null;
  #cancelSilence: (() => void) | null = null;
  #cancelGrace: (() => void) | null = null;

  constructor(makings: Makings) {
    this.#makings = makings;
  }

  /** Changes that happened were not told; until one is, or none has happened for long. */
  get isMute(): boolean {
    return this.#isMute;
  }

  /** A read told more than the changes did, which may only be late. */
  get isSuspicious(): boolean {
    return this.#cancelGrace !== null;
  }

  /** A change came. */
  heard(): void {
    this.#isSilent = false;
    this.#isMute = false;
    this.#endGrace();
    if (this.#heardAt !== null) this.#listenFrom(this.#makings.clock.now());
  }

  /** A whole read was merged while the subscription was confirmed. `isNews`: it held what changes had not told. */
  read(isNews: boolean): void {
    const now = this.#makings.clock.now();
    const { runtime } = this.#makings;
    if (this.#heardAt === null) this.#listenFrom(now);
    else if (isNews && this.#isSilent) this.#mute();
    else if (isNews && this.#readAt !== null && this.#heardAt <= this.#readAt)
      this.#cancelGrace ??= runtime.after(GRACE_MS, () => this.#mute());
    this.#readAt = now;
    if (this.#isMute) this.#quieten(isNews, now);
  }

  /** The subscription is not confirmed (any more): nothing can be expected of it. */
  reset(): void {
    this.#heardAt = null;
    this.#readAt = null;
    this.#isSilent = false;
    this.#endGrace();
    this.#cancelSilence?.();
    this.#cancelSilence = null;
  }

  #listenFrom(heardAt: EpochMs): void {
    this.#heardAt = heardAt;
    this.#cancelSilence ??= this.#wait(SILENCE_MS);
  }

  #wait(delay: DurationMs): () => void {
    return this.#makings.runtime.after(delay, () => {
      this.#cancelSilence = null;
      if (this.#heardAt !== null) this.#listen(this.#heardAt);
    });
  }

  /** Looked at once in six seconds, so that a change costs next to nothing. */
  #listen(heardAt: EpochMs): void {
    const { runtime, clock, nextBeat, silent } = this.#makings;
    const beat = nextBeat(heardAt);
    // A hidden page is not read; when it is shown, it is.
    if (beat === null || runtime.isHidden()) return;
    const due = Math.max(later(heardAt, SILENCE_MS), beat);
    if (due > clock.now()) {
      this.#cancelSilence = this.#wait(durationMs(due - clock.now()));
      return;
    }
    this.#isSilent = true;
    silent();
  }

  #quieten(isNews: boolean, now: EpochMs): void {
    if (isNews) this.#quietSince = null;
    else this.#quietSince ??= now;
    if (this.#quietSince !== null && now >= later(this.#quietSince, QUIET_MS)) this.#isMute = false;
  }

  #endGrace(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = null;
  }

  #mute(): void {
    this.#endGrace();
    this.#isMute = true;
    this.#quietSince = null;
    this.#makings.mute();
  }
}
