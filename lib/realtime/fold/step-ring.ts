import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import { newerStep } from "./newer.ts";

export type SeqRange = { from: number; to: number };

/**
 * The last `capacity` steps of one run, in order and without a gap, whatever order, repetition or loss they arrive
 * with. A step that comes before its predecessors is held back until they are there; of those, too, only the last
 * `capacity` are kept. O(1) per step.
 * Guarded by step-ring.test.ts.
 */
export class StepRing {
  readonly #capacity: number;
  readonly #steps = new Map<number, StepExecution>();
  readonly #held = new Map<number, StepExecution>();
  readonly #open = new Set<number>();
  /** The largest number that was ever held back: it exists. */
  #known = 0;
  /** Smallest and largest number kept; high is low - 1 while there is none. */
  #low = 1;
  #high = 0;
  #list: readonly StepExecution[] | null = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get high(): number {
    return this.#high;
  }

  /** Ascending; the same array as long as nothing changed. */
  list(): readonly StepExecution[] {
    if (this.#list !== null) return this.#list;
    const list: StepExecution[] = [];
    for (let seq = this.#low; seq <= this.#high; seq += 1) {
      const step = this.#steps.get(seq);
      if (step) list.push(step);
    }
    this.#list = list;
    return list;
  }

  get(seq: number): StepExecution | undefined {
    return this.#steps.get(seq);
  }

  /** Takes one reading of one step. */
  put(step: StepExecution): void {
    if (step.seq < this.#low) return;
    if (step.seq > this.#high + 1) this.#hold(step);
    else this.#place(step);
    for (let next = this.#held.get(this.#high + 1); next; next = this.#held.get(this.#high + 1))
      this.#place(next);
  }

  /** Takes the newest steps of a consistent read, ascending. Jumps when they lie beyond what can be joined up. */
  putRecent(steps: readonly StepExecution[]): void {
    const first = steps[0];
    if (first && first.seq > this.#high + 1) this.#jumpTo(first.seq);
    for (const step of steps) this.put(step);
  }

  /**
   * What must be read by number to be whole again, given that steps up to `known` exist: missing steps, else a step
   * that should have been closed by its successor. Null when nothing is missing.
   */
  gap(known: number, isEnded: boolean): SeqRange | null {
    const to = Math.max(known, this.#known);
    if (to > this.#high) return { from: this.#high + 1, to };
    for (const seq of this.#open) if (seq < this.#high || isEnded) return { from: seq, to: this.#high };
    return null;
  }

  #hold(step: StepExecution): void {
    const kept = this.#held.get(step.seq);
    this.#held.set(step.seq, kept ? newerStep(kept, step) : step);
    this.#known = Math.max(this.#known, step.seq);
    if (this.#held.size <= this.#capacity) return;
    for (const oldest of this.#held.keys()) if (this.#held.delete(oldest)) break;
  }

  #place(step: StepExecution): void {
    this.#held.delete(step.seq);
    const kept = this.#steps.get(step.seq);
    const merged = kept ? newerStep(kept, step) : step;
    if (merged === kept) return;
    this.#steps.set(step.seq, merged);
    if (isStepOpen(merged)) this.#open.add(step.seq);
    else this.#open.delete(step.seq);
    this.#high = Math.max(this.#high, step.seq);
    while (this.#high - this.#low >= this.#capacity) this.#forget(this.#low);
    this.#list = null;
  }

  #forget(seq: number): void {
    this.#steps.delete(seq);
    this.#open.delete(seq);
    this.#low = seq + 1;
  }

  #jumpTo(low: number): void {
    for (const seq of [...this.#held.keys()]) if (seq < low) this.#held.delete(seq);
    this.#steps.clear();
    this.#open.clear();
    this.#low = low;
    this.#high = low - 1;
    this.#list = null;
  }
}
