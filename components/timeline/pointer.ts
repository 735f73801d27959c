import { useSyncExternalStore } from "react";
import type { TimelineSpan } from "#lib/model/timeline.ts";

/** What the pointer is on: a moment in ms from the start of the run, and the span there, if there is one. */
export interface Pointed {
  readonly atMs: number;
  readonly span: TimelineSpan | null;
}

/**
 * Where the pointer is over drawings that share one time axis. It moves with every frame, so it is no state of what it
 * moves over: only what says or shows where it is listens, and nothing is drawn anew.
 */
export class Pointer {
  readonly #listeners = new Set<() => void>();
  #pointed: Pointed | null = null;

  /** Null when it has left. */
  move(to: Pointed | null): void {
    this.#pointed = to;
    for (const listener of this.#listeners) listener();
  }

  readonly read = (): Pointed | null => this.#pointed;

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

const nowhere = (): null => null;

/** The pointer's place; draws its component again when it moves. */
export const usePointed = (pointer: Pointer): Pointed | null =>
  useSyncExternalStore(pointer.listen, pointer.read, nowhere);
