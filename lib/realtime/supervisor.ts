import type { FeedState, FeedStatus } from "#lib/model/feed.ts";
import type { StepExecution } from "#lib/model/step.ts";
import type { FeedChange, FeedTransport } from "#lib/supabase/open-feed.ts";
import { RowFault } from "#lib/supabase/rows/row.ts";
import { durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { CatchUp } from "./catch-up.ts";
import { ChannelLink } from "./channel-link.ts";
import type { Fold } from "./fold/fold.ts";
import { type Gap, GapHealer } from "./gap-healer.ts";
import { judge } from "./judgement.ts";
import { LiveStore } from "./live-store.ts";
import type { Runtime, Surrounding } from "./runtime.ts";
import { ClockEstimate } from "./server-clock.ts";

// The feed. Live means: every channel joined, the server itself confirmed that changes flow, and one whole catch-up
// read began after that and was merged. Whatever casts doubt on it starts another catch-up. When Realtime is down the
// page is kept true by reading alone. Guarded by supervisor.test.ts, branch by branch.

const POLL_LIVE_MS = durationMs(10_000);
const POLL_DEGRADED_MS = durationMs(2_000);
/** A first connection that takes longer than this is called degraded. */
const START_PATIENCE_MS = durationMs(5_000);
/** Hidden for longer than this, channels are opened anew with a fresh token rather than trusted. */
const TRUSTED_HIDDEN_MS = 30_000;

export type FeedSource<Snapshot> = {
  /** One consistent read. Rejects when it cannot be had. */
  snapshot(signal: AbortSignal): Promise<Snapshot>;
  /** Steps of a run by number, both ends included. */
  steps(gap: Gap, signal: AbortSignal): Promise<readonly StepExecution[]>;
  transport: FeedTransport;
};

export type FeedMakings<Snapshot, Live> = {
  runtime: Runtime;
  fold: Fold<Snapshot, Live>;
  serverTime: EpochMs;
  /** Called when the feed starts, so that merely making one touches nothing. */
  connect: () => FeedSource<Snapshot>;
};

/** What runs between `start` and `stop`. */
type Running<Snapshot extends { serverTime: EpochMs }> = {
  transport: FeedTransport;
  catchUp: CatchUp<Snapshot>;
  gaps: GapHealer;
  links: Map<string, ChannelLink>;
  endings: (() => void)[];
};

/** Keeps one fold true from `start` to `stop`. */
export class FeedSupervisor<Snapshot extends { serverTime: EpochMs }, Live> {
  readonly store: LiveStore<Live>;
  readonly #runtime: Runtime;
  readonly #fold: Fold<Snapshot, Live>;
  readonly #clock: ClockEstimate;
  readonly #connect: () => FeedSource<Snapshot>;
  #running: Running<Snapshot> | null = null;
  /** Grows whenever changes may have been missed; live needs a catch-up that began at the present value. */
  #doubts = 1;
  #settledDoubts = 0;
  #readFailure: string | null = null;
  /** What went wrong since the feed was last live; null while nothing has. */
  #trouble: string | null = null;
  #isSignedOut = false;
  #hiddenSince: EpochMs | null = null;
  #status: FeedStatus;

  constructor({ runtime, fold, serverTime, connect }: FeedMakings<Snapshot, Live>) {
    this.#runtime = runtime;
    this.#fold = fold;
    this.#connect = connect;
    this.#clock = new ClockEstimate(runtime.now, serverTime);
    this.#status = {
      state: "connecting",
      since: serverTime,
      lastEventAt: null,
      lastCatchUpAt: serverTime,
      gapsHealed: 0,
      clockOffsetMs: durationMs(0),
      reason: null,
    };
    this.store = new LiveStore(runtime, () => ({
      data: fold.live(),
      feed: this.#status,
      clock: this.#clock,
    }));
  }

  start(): void {
    if (this.#running !== null) return;
    const source = this.#connect();
    const { transport } = source;
    const catchUp = this.#catchUpOn(source);
    this.#isSignedOut = false;
    this.#running = {
      transport,
      catchUp,
      gaps: this.#gapsOn(source, catchUp),
      links: new Map(),
      endings: [
        this.#runtime.watch((event) => this.#surrounding(event)),
        transport.onSignedOut(() => this.#signedOut()),
        this.#runtime.after(START_PATIENCE_MS, () => this.#late()),
      ],
    };
    this.#syncLinks();
    this.#judge();
  }

  stop(): void {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    for (const end of running.endings) end();
    running.catchUp.stop();
    running.gaps.stop();
    for (const link of running.links.values()) link.close();
    this.#doubts += 1;
  }

  /** Takes a snapshot that came another way: the page was rendered anew. */
  offer(snapshot: Snapshot): void {
    this.#fold.putSnapshot(snapshot);
    this.#merged();
  }

  #catchUpOn(source: FeedSource<Snapshot>): CatchUp<Snapshot> {
    return new CatchUp({
      runtime: this.#runtime,
      clock: this.#clock,
      read: (signal) => source.snapshot(signal),
      doubts: () => this.#doubts,
      merged: (snapshot, doubts) => this.#caughtUp(snapshot, doubts),
      failed: (reason) => this.#readFailed(reason),
    });
  }

  #gapsOn(source: FeedSource<Snapshot>, catchUp: CatchUp<Snapshot>): GapHealer {
    return new GapHealer({
      runtime: this.#runtime,
      gap: () => this.#fold.gap(),
      fetch: (gap, signal) => source.steps(gap, signal),
      put: (steps) => {
        this.#fold.putSteps(steps);
        this.store.touch();
      },
      healed: () => {
        this.#status = { ...this.#status, gapsHealed: this.#status.gapsHealed + 1 };
        this.store.touch();
      },
      catchUp: () => catchUp.request(),
    });
  }

  #syncLinks(): void {
    const running = this.#running;
    if (running === null) return;
    const { links, transport } = running;
    const wanted = this.#fold.scopes();
    for (const [name, link] of links) {
      if (wanted.some((scope) => scope.name === name)) continue;
      link.close();
      links.delete(name);
    }
    for (const scope of wanted) {
      if (links.has(scope.name)) continue;
      const link = new ChannelLink(scope, transport, this.#runtime, {
        moved: () => this.#linkMoved(link),
        ready: () => this.#linkReady(),
        change: (change) => this.#change(change),
      });
      links.set(scope.name, link);
      void link.open();
    }
  }

  #linkMoved(link: ChannelLink): void {
    this.#doubts += 1;
    if (link.reason !== null) this.#trouble ??= link.reason;
    this.#isSignedOut = link.isSignedOut;
    this.#judge();
  }

  #linkReady(): void {
    this.#doubts += 1;
    if (this.#areLinksReady()) this.#running?.catchUp.request();
    this.#judge();
  }

  #areLinksReady(): boolean {
    const links = [...(this.#running?.links.values() ?? [])];
    return links.length > 0 && links.every((link) => link.isReady);
  }

  #change(change: FeedChange): void {
    this.#status = { ...this.#status, lastEventAt: this.#clock.now() };
    if (this.#put(change) === "unknown") this.#running?.catchUp.request();
    this.#merged();
  }

  #put(change: FeedChange): "taken" | "unknown" {
    try {
      return this.#fold.putChange(change);
    } catch (fault) {
      if (!(fault instanceof RowFault)) throw fault;
      return "unknown";
    }
  }

  #merged(): void {
    this.#syncLinks();
    this.#running?.gaps.watch();
    this.#judge();
    this.store.touch();
  }

  #caughtUp(snapshot: Snapshot, doubts: number): void {
    this.#fold.putSnapshot(snapshot);
    this.#settledDoubts = doubts;
    this.#readFailure = null;
    const clockOffsetMs = this.#clock.offsetMs;
    this.#status = { ...this.#status, lastCatchUpAt: this.#clock.now(), clockOffsetMs };
    this.#merged();
  }

  #readFailed(reason: string): void {
    this.#readFailure = reason;
    this.#trouble ??= reason;
    this.#judge();
  }

  #surrounding(event: Surrounding): void {
    if (event === "hidden") {
      this.#hiddenSince = this.#runtime.now();
      this.#judge();
    } else if (event === "offline") {
      this.#trouble ??= "This computer was offline.";
      this.#doubts += 1;
      this.#judge();
    } else {
      const since = this.#hiddenSince ?? this.#runtime.now();
      const isLong = elapsed(since, this.#runtime.now()) > TRUSTED_HIDDEN_MS;
      this.#hiddenSince = null;
      this.#wake(event !== "shown" || isLong || !this.#areLinksReady());
    }
  }

  /** After an absence nothing is believed: read at once, and open channels anew when they may be dead. */
  #wake(isReopening: boolean): void {
    const running = this.#running;
    if (running === null) return;
    this.#doubts += 1;
    this.#clock.forget();
    running.catchUp.drop();
    if (isReopening) for (const link of running.links.values()) void link.open();
    running.catchUp.request();
    this.#judge();
  }

  /** The first connection takes too long to be called anything but trouble. */
  #late(): void {
    if (this.#status.state === "live") return;
    this.#trouble ??= "The live connection is taking long.";
    this.#judge();
  }

  #signedOut(): void {
    this.#isSignedOut = true;
    for (const link of this.#running?.links.values() ?? []) link.close();
    this.#judge();
  }

  #judge(): void {
    const [state, reason] = judge({
      links: [...(this.#running?.links.values() ?? [])],
      isSettled: this.#settledDoubts === this.#doubts,
      isSignedOut: this.#isSignedOut,
      isOnline: this.#runtime.isOnline(),
      readFailure: this.#readFailure,
      trouble: this.#trouble,
    });
    if (state === "live") this.#trouble = null;
    this.#pollAs(state);
    const before = this.#status;
    if (state === before.state && reason === before.reason) return;
    const since = state === before.state ? before.since : this.#clock.now();
    this.#status = { ...before, state, reason, since };
    this.store.touch();
  }

  #pollAs(state: FeedState): void {
    const isQuiet = this.#runtime.isHidden() || this.#isSignedOut;
    this.#running?.catchUp.every(isQuiet ? null : state === "live" ? POLL_LIVE_MS : POLL_DEGRADED_MS);
  }
}
