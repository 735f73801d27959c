import type { FeedListener, FeedScope } from "#lib/supabase/open-feed.ts";
import type { ChannelEvent } from "./tab-port.ts";

/** What this tab wants to hear of, whichever tab has the channel. */
export class Subscription {
  readonly scope: FeedScope;
  readonly #listener: FeedListener;
  /** Its channel has joined, and it was told so. */
  isJoined = false;
  /** How often it was asked for in vain. */
  waited = 0;

  constructor(scope: FeedScope, listener: FeedListener) {
    this.scope = scope;
    this.#listener = listener;
  }

  deliver(event: ChannelEvent): void {
    const listener = this.#listener;
    // Who came after the channel had joined was not told.
    if (event.type === "subscribed" || (event.type === "system" && event.isOk && !this.isJoined)) {
      this.isJoined = true;
      listener.subscribed();
    }
    if (event.type === "change") listener.change(event.change);
    else if (event.type === "system") listener.system(event.isOk, event.reason);
    else if (event.type === "failed") listener.failed(event.reason);
    else if (event.type === "refused") listener.refused(event.reason);
    else if (event.type === "closed") listener.closed();
    else if (event.type === "moved") {
      this.isJoined = false;
      listener.moved?.();
    }
  }
}
