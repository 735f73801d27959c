import type { FeedStatus } from "#lib/model/feed.ts";
import type { Runtime } from "./runtime.ts";
import type { ServerClock } from "./server-clock.ts";

/** What a page sees of a feed. Replaced as a whole, at most once per frame, and only when something changed. */
export type Feed<T> = { data: T; feed: FeedStatus; clock: ServerClock };

/** Collects changes and tells its subscribers once per frame. For useSyncExternalStore. */
export class LiveStore<T> {
  readonly #runtime: Runtime;
  readonly #compute: () => Feed<T>;
  readonly #listeners = new Set<() => void>();
  #view: Feed<T>;
  #isScheduled = false;

  constructor(runtime: Runtime, compute: () => Feed<T>) {
    this.#runtime = runtime;
    this.#compute = compute;
    this.#view = compute();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): Feed<T> => this.#view;

  /** Something changed: the subscribers hear of it with the next frame. */
  touch(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#runtime.frame(() => {
      this.#isScheduled = false;
      this.#view = this.#compute();
      for (const listener of [...this.#listeners]) listener();
    });
  }
}
