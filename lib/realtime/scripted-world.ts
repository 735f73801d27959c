import type {
  Authorised,
  FeedChange,
  FeedListener,
  FeedScope,
  LocalTransport,
} from "#lib/supabase/open-feed.ts";
import { type DurationMs, type EpochMs, epochMs } from "#lib/time.ts";
import type { Runtime, Surrounding } from "./runtime.ts";

// A world that tests move by hand: a clock that stands still until told, frames painted on demand, and a server that
// says what the script says.

type Timer = { at: number; run: () => void };

export class ManualRuntime implements Runtime {
  #now: number;
  #timers = new Set<Timer>();
  #frames = new Set<() => void>();
  #watchers = new Set<(event: Surrounding) => void>();
  hidden = false;
  online = true;
  /** What `random` answers next. */
  chance = 1;

  constructor(start: EpochMs) {
    this.#now = start;
  }

  /** How far the computer's clock is ahead of the steady one. */
  wallAhead = 0;

  readonly now = (): EpochMs => epochMs(this.#now);
  readonly wall = (): EpochMs => epochMs(this.#now + this.wallAhead);
  random(): number {
    return this.chance;
  }
  after(delay: DurationMs, run: () => void): () => void {
    const timer = { at: this.#now + delay, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
  frame(run: () => void): () => void {
    this.#frames.add(run);
    return () => this.#frames.delete(run);
  }
  isHidden(): boolean {
    return this.hidden;
  }
  isOnline(): boolean {
    return this.online;
  }
  watch(listener: (event: Surrounding) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }
  get watchers(): number {
    return this.#watchers.size;
  }

  happen(event: Surrounding): void {
    if (event === "hidden" || event === "shown") this.hidden = event === "hidden";
    if (event === "offline" || event === "online") this.online = event === "online";
    for (const watcher of [...this.#watchers]) watcher(event);
  }

  paint(): void {
    const frames = [...this.#frames];
    this.#frames.clear();
    for (const frame of frames) frame();
  }

  /** Lets `ms` go by: timers fire in order, and what they start gets to run. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets everything that has been resolved run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class ScriptedChannel {
  readonly scope: FeedScope;
  readonly listener: FeedListener;
  isClosed = false;

  constructor(scope: FeedScope, listener: FeedListener) {
    this.scope = scope;
    this.listener = listener;
  }

  /** Joins and is confirmed, as a healthy server does. */
  accept(): void {
    this.listener.subscribed();
    this.listener.system(true, "Subscribed to PostgreSQL");
  }
  send(change: Omit<FeedChange, "isTruncated" | "kind"> & Partial<FeedChange>): void {
    this.listener.change({ kind: "UPDATE", isTruncated: false, ...change });
  }
}

export class ScriptedTransport implements LocalTransport {
  readonly channels: ScriptedChannel[] = [];
  readonly authorisations: boolean[] = [];
  resets = 0;
  personId: string | null = "a";
  heardAt: EpochMs | null = null;
  authorised: Authorised | Promise<Authorised> = "ok";
  #signOuts = new Set<() => void>();

  async authorise(isRefreshForced: boolean): Promise<Authorised> {
    this.authorisations.push(isRefreshForced);
    return this.authorised;
  }
  reset(): void {
    this.resets += 1;
  }
  open(scope: FeedScope, listener: FeedListener): { close(): void } {
    const channel = new ScriptedChannel(scope, listener);
    this.channels.push(channel);
    return {
      close: () => {
        channel.isClosed = true;
      },
    };
  }
  onSignedOut(listener: () => void): () => void {
    this.#signOuts.add(listener);
    return () => this.#signOuts.delete(listener);
  }
  signOut(): void {
    for (const listener of [...this.#signOuts]) listener();
  }

  /** The channel opened last. */
  get latest(): ScriptedChannel {
    const channel = this.channels.at(-1);
    if (channel === undefined) throw new Error("no channel has been opened");
    return channel;
  }
  get openChannels(): ScriptedChannel[] {
    return this.channels.filter((channel) => !channel.isClosed);
  }
}
