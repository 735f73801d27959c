import type { StepExecution } from "#lib/model/step.ts";
import { durationMs } from "#lib/time.ts";
import type { SeqRange } from "./fold/step-ring.ts";
import type { Runtime } from "./runtime.ts";

export type Gap = { runId: string; range: SeqRange };

type Makings = {
  runtime: Runtime;
  gap: () => Gap | null;
  fetch: (gap: Gap, signal: AbortSignal) => Promise<readonly StepExecution[]>;
  put: (steps: readonly StepExecution[]) => void;
  /** The gap that was there is closed. */
  healed: () => void;
  /** Reading by number does not help; everything is to be read again. */
  catchUp: () => void;
};

/** Messages of one transaction arrive one after the other: what is still missing after this was lost. */
const PATIENCE_MS = durationMs(300);
/** A larger range is not fetched step by step: a catch-up brings the newest, which is all a live page keeps. */
const LARGEST_RANGE = 240;

/** Fetches steps that changes have shown to exist and that did not arrive. Guarded by supervisor.test.ts. */
export class GapHealer {
  readonly #makings: Makings;
  #stop = new AbortController();
  #cancel: (() => void) | null = null;
  /** A gap that reading by number did not close: left to the next catch-up, not asked for over and over. */
  #hopeless: string | null = null;

  constructor(makings: Makings) {
    this.#makings = makings;
  }

  /** To be called whenever something was merged. */
  watch(): void {
    const gap = this.#makings.gap();
    if (gap === null || keyOf(gap) === this.#hopeless) {
      this.#cancel?.();
      this.#cancel = null;
      return;
    }
    this.#cancel ??= this.#makings.runtime.after(PATIENCE_MS, () => void this.#heal());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  async #heal(): Promise<void> {
    const { signal } = this.#stop;
    const gap = this.#makings.gap();
    if (gap !== null && !(await this.#isHealed(gap, signal)) && !signal.aborted) this.#makings.catchUp();
    if (signal.aborted) return;
    this.#cancel = null;
    this.watch();
  }

  async #isHealed(gap: Gap, signal: AbortSignal): Promise<boolean> {
    if (gap.range.to - gap.range.from >= LARGEST_RANGE) return this.#giveUp(gap);
    try {
      const steps = await this.#makings.fetch(gap, signal);
      if (signal.aborted) return false;
      this.#makings.put(steps);
    } catch {
      // Not to be had now: the catch-up reports what is wrong, and comes again by itself.
      return this.#giveUp(gap);
    }
    const left = this.#makings.gap();
    if (left?.runId === gap.runId && left.range.from === gap.range.from) return this.#giveUp(gap);
    this.#makings.healed();
    return true;
  }

  #giveUp(gap: Gap): false {
    this.#hopeless = keyOf(gap);
    return false;
  }
}

/** A gap is known by where it begins: its end moves on with every change that arrives behind it. */
const keyOf = ({ runId, range }: Gap): string => `${runId} ${range.from}`;
