/** Half of a jump of the estimate is made up in about this time (real ms). */
const HALF_LIFE_MS = 120;
/** An estimate further off than this (real ms) is a new situation, not jitter: follow it at once. */
const JUMP_MS = 1_500;

/**
 * Keeps the live edge moving evenly. Each step report gives a fresh estimate of the controller's clock, early or late
 * by its time on the wire; drawn as it comes, the edge would twitch with every step. The edge runs at the run's speed
 * and leans towards the estimate. Guarded by live-edge.test.ts.
 */
export class LiveEdge {
  #edgeMs: number | null = null;
  #lastNow = 0;

  /** `now`: server time; `estimateMs`: the controller's clock by the last report; `speed`: device ms per real ms. */
  at(now: number, estimateMs: number, speed: number): number {
    const realMs = now - this.#lastNow;
    this.#lastNow = now;
    if (this.#edgeMs === null || realMs < 0 || realMs > JUMP_MS) return this.#follow(estimateMs);
    const free = this.#edgeMs + realMs * speed;
    const off = estimateMs - free;
    if (Math.abs(off) > JUMP_MS * Math.max(1, speed)) return this.#follow(estimateMs);
    const share = 1 - 0.5 ** (realMs / HALF_LIFE_MS);
    // Never backwards: what was drawn as past stays past.
    this.#edgeMs = Math.max(this.#edgeMs, free + off * share);
    return this.#edgeMs;
  }

  #follow(estimateMs: number): number {
    this.#edgeMs = estimateMs;
    return estimateMs;
  }
}
