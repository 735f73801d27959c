import type { FeedChange, FeedScope, FeedTransport } from "#lib/supabase/open-feed.ts";
import { ChannelLink } from "./channel-link.ts";
import type { Runtime } from "./runtime.ts";
import type { ServerClock } from "./server-clock.ts";

type Makings = {
  transport: FeedTransport;
  runtime: Runtime;
  clock: ServerClock;
  /** The stage of a link changed, or something went wrong (`reason` set). */
  moved: (link: ChannelLink) => void;
  /** Changes flow on one more link, but some may be missing. */
  ready: () => void;
  change: (change: FeedChange) => void;
};

/** One link per scope that is shown now. Guarded by supervisor.test.ts. */
export class ChannelLinks {
  readonly #makings: Makings;
  readonly #links = new Map<string, ChannelLink>();

  constructor(makings: Makings) {
    this.#makings = makings;
  }

  list(): readonly ChannelLink[] {
    return [...this.#links.values()];
  }

  /** Every scope is subscribed and confirmed. */
  get areReady(): boolean {
    for (const link of this.#links.values()) if (!link.isReady) return false;
    return this.#links.size > 0;
  }

  /** The session was gone when a link last asked. */
  get areSignedOut(): boolean {
    for (const link of this.#links.values()) if (link.isSignedOut) return true;
    return false;
  }

  /** Opens what is wanted and missing, closes what is no longer wanted. */
  follow(wanted: readonly FeedScope[]): void {
    for (const [name, link] of this.#links) {
      if (wanted.some((scope) => scope.name === name)) continue;
      link.close();
      this.#links.delete(name);
    }
    for (const scope of wanted) {
      if (this.#links.has(scope.name)) continue;
      const link = this.#link(scope);
      this.#links.set(scope.name, link);
      void link.open();
    }
  }

  /** Opens every channel anew over a new connection. */
  reopen(): void {
    this.#makings.transport.reset();
    for (const link of this.#links.values()) void link.open();
  }

  distrust(reason: string): void {
    for (const link of this.#links.values()) link.distrust(reason);
  }

  signedOut(): void {
    for (const link of this.#links.values()) link.signedOut();
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
  }

  #link(scope: FeedScope): ChannelLink {
    const { transport, runtime, clock, moved, ready, change } = this.#makings;
    const events = { moved: () => moved(link), ready, change };
    const link: ChannelLink = new ChannelLink({ scope, transport, runtime, clock, events });
    return link;
  }
}
