import type { FeedListener, FeedScope, OpenFeed } from "#lib/supabase/open-feed.ts";
import { durationMs } from "#lib/time.ts";
import type { Runtime } from "../runtime.ts";
import type { ChannelEvent } from "./tab-port.ts";

type Makings = {
  runtime: Runtime;
  /** Opens a channel of this tab's own. */
  open: (scope: FeedScope, listener: FeedListener) => OpenFeed;
  /** To everybody who wants this scope. */
  tell: (scope: string, event: ChannelEvent) => void;
};

type Shared = {
  scope: FeedScope;
  /** Null while it waits for its turn. */
  feed: OpenFeed | null;
  isJoined: boolean;
  isConfirmed: boolean;
};

/** Joins at once; the rest follow one by one, far below what a server allows in a second. */
const BURST = 20;
const PACE_MS = durationMs(100);

/**
 * The channels of a whole browser, in the tab that leads: one per scope, however many tabs want it. A channel that fails
 * is forgotten; whoever wants it again has it opened anew. Guarded by shared-transport.test.ts.
 */
export class ChannelHub {
  readonly #makings: Makings;
  readonly #shared = new Map<string, Shared>();
  #spent = 0;
  #cancelPace: (() => void) | null = null;

  constructor(makings: Makings) {
    this.#makings = makings;
  }

  get ready(): string[] {
    return [...this.#shared.values()]
      .filter(({ isJoined, isConfirmed }) => isJoined && isConfirmed)
      .map(({ scope }) => scope.name);
  }

  /** Opens what is wanted and missing, closes what nobody wants any more. */
  follow(wanted: ReadonlyMap<string, FeedScope>): void {
    for (const [name, shared] of this.#shared) if (!wanted.has(name)) this.#end(shared);
    for (const [name, scope] of wanted) {
      if (this.#shared.has(name)) continue;
      this.#shared.set(name, { scope, feed: null, isJoined: false, isConfirmed: false });
    }
    this.#openNext();
  }

  /** Drops a channel that brings nothing; all of them, when the connection under them is gone. Follow opens them anew. */
  drop(name?: string): void {
    for (const shared of [...this.#shared.values()]) {
      if (!this.#isCurrent(shared) || (name !== undefined && name !== shared.scope.name)) continue;
      this.#end(shared);
      this.#makings.tell(shared.scope.name, { type: "moved" });
    }
  }

  close(): void {
    for (const shared of [...this.#shared.values()]) this.#end(shared);
    this.#cancelPace?.();
    this.#cancelPace = null;
  }

  #end(shared: Shared): void {
    if (this.#isCurrent(shared)) this.#shared.delete(shared.scope.name);
    shared.feed?.close();
    shared.feed = null;
  }

  #isCurrent(shared: Shared): boolean {
    return this.#shared.get(shared.scope.name) === shared;
  }

  #openNext(): void {
    for (const shared of [...this.#shared.values()]) {
      if (shared.feed !== null || this.#spent >= BURST) continue;
      this.#spent += 1;
      this.#open(shared);
    }
    if (this.#spent > 0) this.#cancelPace ??= this.#makings.runtime.after(PACE_MS, () => this.#paced());
  }

  #paced(): void {
    this.#cancelPace = null;
    this.#spent -= 1;
    this.#openNext();
  }

  #open(shared: Shared): void {
    const { name } = shared.scope;
    const tell = (event: ChannelEvent): void => {
      if (this.#isCurrent(shared)) this.#makings.tell(name, event);
    };
    const ended = (event: ChannelEvent): void => {
      if (!this.#isCurrent(shared)) return;
      this.#end(shared);
      this.#makings.tell(name, event);
    };
    const feed = this.#makings.open(shared.scope, {
      subscribed: () => {
        shared.isJoined = true;
        tell({ type: "subscribed" });
      },
      system: (isOk, reason) => {
        shared.isConfirmed = isOk;
        tell({ type: "system", isOk, reason });
      },
      change: (change) => tell({ type: "change", change }),
      failed: (reason) => ended({ type: "failed", reason }),
      refused: (reason) => ended({ type: "refused", reason }),
      closed: () => ended({ type: "closed" }),
    });
    if (this.#isCurrent(shared)) shared.feed = feed;
    else feed.close();
  }
}
