import { openBroadcast } from "#lib/supabase/broadcast.ts";
import type { OpenTabPort, TabEvents, TabMessage } from "./tab-port.ts";

/**
 * Tabs of a real browser: a BroadcastChannel between them, and a lock that one of them holds. The browser takes the lock
 * from a tab that ends, however it ends, and gives it to the next that waits. Without a secure origin there are no locks.
 */
export const browserTabPort: OpenTabPort = (group, events) => {
  const channel = openBroadcast(group);
  if (channel === null || navigator.locks === undefined) return null;
  channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => events.heard(data));
  const lead = new Lead(group, events);
  lead.wait();
  return {
    tab: crypto.randomUUID(),
    post: (message) => channel.postMessage(message),
    takeLead: () => lead.take(),
    close: () => {
      lead.end();
      channel.close();
    },
  };
};

/** This tab's place in the queue for the lock; one at a time, waited for or held. */
class Lead {
  readonly #name: string;
  readonly #events: TabEvents;
  #place: { waiting: AbortController; release: () => void } | null = null;

  constructor(name: string, events: TabEvents) {
    this.#name = name;
    this.#events = events;
  }

  wait(): void {
    const waiting = new AbortController();
    this.#queue(waiting, { signal: waiting.signal });
  }

  take(): void {
    this.end();
    this.#queue(new AbortController(), { steal: true });
  }

  end(): void {
    const place = this.#place;
    this.#place = null;
    place?.waiting.abort();
    place?.release();
  }

  #queue(waiting: AbortController, options: LockOptions): void {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const place = { waiting, release };
    this.#place = place;
    let isHeld = false;
    const held = (): Promise<void> | undefined => {
      if (this.#place !== place) return undefined;
      isHeld = true;
      this.#events.led();
      return released;
    };
    navigator.locks.request(this.#name, options, held).catch(() => {
      if (this.#place !== place) return;
      // A browser that gives no locks to this page, as one that keeps nothing for it: each tab leads itself.
      if (!isHeld) return this.#events.led();
      this.#events.lost();
      this.wait();
    });
  }
}
