import { type DurationMs, durationMs } from "#lib/time.ts";
import type { Runtime } from "./runtime.ts";

type Startable = { start(): void; stop(): void };
type Entry = { feed: Startable; holders: number; cancelEnd: (() => void) | null };

/** A page left and come back to (or mounted twice by React in development) finds its feed still running. */
const LINGER_MS: DurationMs = durationMs(5_000);

/** One running feed per key, however many components look at it; stopped when nobody has looked for a while. */
export class FeedRegistry {
  readonly #runtime: Runtime;
  readonly #entries = new Map<string, Entry>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** The running feed under this key, else `made`. Does not start it. */
  find<T extends Startable>(key: string, made: T): T {
    const entry = this.#entries.get(key);
    // A key names one kind of feed only, so what is kept under it has the asked type.
    return entry ? (entry.feed as T) : made;
  }

  /**
   * Starts the feed (the first time) and keeps it running until every holder has let go. Answers with the feed that
   * runs under this key, which is another one when somebody else was first.
   */
  hold<T extends Startable>(key: string, feed: T): { feed: T; letGo: () => void } {
    const entry = this.#entries.get(key) ?? { feed, holders: 0, cancelEnd: null };
    this.#entries.set(key, entry);
    entry.cancelEnd?.();
    entry.cancelEnd = null;
    entry.holders += 1;
    entry.feed.start();
    let isHeld = true;
    const letGo = (): void => {
      if (isHeld) this.#letGo(key, entry);
      isHeld = false;
    };
    return { feed: entry.feed as T, letGo };
  }

  #letGo(key: string, entry: Entry): void {
    entry.holders -= 1;
    if (entry.holders > 0) return;
    entry.cancelEnd = this.#runtime.after(LINGER_MS, () => {
      this.#entries.delete(key);
      entry.feed.stop();
    });
  }
}
