import type { FeedState, FeedStatus } from "#lib/model/feed.ts";
import type { FeedChange } from "#lib/supabase/open-feed.ts";
import { RowFault } from "#lib/supabase/rows/row.ts";
import { durationMs, type EpochMs, epochMs } from "#lib/time.ts";
import { Absence } from "./absence.ts";
import { Canary } from "./canary.ts";
import { CatchUp } from "./catch-up.ts";
import type { ChannelLink } from "./channel-link.ts";
import { ChannelLinks } from "./channel-links.ts";
import type { FeedMakings, FeedSource } from "./feed-source.ts";
import { GapHealer } from "./gap-healer.ts";
import { channelFailure, type Failure, isSettling, judge, MUTE, readFailure } from "./judgement.ts";
import { LiveStore } from "./live-store.ts";

// The feed. Live means: every channel joined, the server itself confirmed that changes flow, one whole catch-up read
// began after that and was merged, no read has failed since, and nothing has been found to happen untold. Whatever
// casts doubt on it starts another catch-up. When Realtime is down the page is kept true by reading alone.
// Guarded by supervisor.test.ts, branch by branch.

const POLL_LIVE_MS = durationMs(10_000);
const POLL_DEGRADED_MS = durationMs(2_000);
/** Coming up, or coming back, that takes longer than this is called degraded. */
const SETTLE_PATIENCE_MS = durationMs(5_000);
/** As above, once nothing has come although it should have. */
const SILENT_PATIENCE_MS = durationMs(2_000);

/** What runs between `start` and `stop`. */
type Running<Snapshot extends { serverTime: EpochMs }> = {
  catchUp: CatchUp<Snapshot>;
  gaps: GapHealer;
  links: ChannelLinks;
  canary: Canary;
  absence: Absence;
  forgetSignOut: () => void;
};

/** Keeps one fold true from `start` to `stop`. */
export class FeedSupervisor<Snapshot extends { serverTime: EpochMs }, Live> {
  readonly store: LiveStore<Live>;
  readonly #makings: FeedMakings<Snapshot, Live>;
  #running: Running<Snapshot> | null = null;
  /** Grows whenever changes may have been missed; live needs a catch-up that began at the present value. */
  #doubts = 1;
  #settledDoubts = 0;
  #readFailure: Failure | null = null;
  /** What went wrong since the feed was last live; null while nothing has. */
  #failure: Failure | null = null;
  #isSignedOut = false;
  #cancelPatience: (() => void) | null = null;
  #status: FeedStatus;

  constructor(makings: FeedMakings<Snapshot, Live>) {
    this.#makings = makings;
    const { runtime, clock, fold, initial } = makings;
    this.#status = {
      state: "connecting",
      since: initial.serverTime,
      lastEventAt: null,
      lastCatchUpAt: initial.serverTime,
      gapsHealed: 0,
      clockOffsetMs: durationMs(0),
      lostAt: initial.serverTime,
      trouble: null,
      reason: null,
    };
    this.store = new LiveStore(runtime, () => ({ data: fold.live(), feed: this.#status, clock }));
  }

  start(): void {
    if (this.#running !== null) return;
    const source = this.#makings.connect();
    this.#isSignedOut = false;
    const catchUp = this.#catchUpOn(source);
    this.#running = {
      catchUp,
      gaps: this.#gapsOn(source, catchUp),
      links: this.#linksOn(source),
      canary: this.#canary(),
      absence: this.#absence(),
      forgetSignOut: source.transport.onSignedOut(() => this.#signedOut()),
    };
    this.#followScopes();
    this.#judge();
  }

  stop(): void {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    running.absence.stop();
    running.forgetSignOut();
    running.catchUp.stop();
    running.gaps.stop();
    running.links.close();
    running.canary.reset();
    this.#endPatience();
    this.#doubts += 1;
  }

  /** Takes a snapshot that came another way: the page was rendered anew. */
  offer(snapshot: Snapshot): void {
    this.#makings.fold.putSnapshot(snapshot);
    const lastCatchUpAt = epochMs(Math.max(this.#status.lastCatchUpAt ?? 0, snapshot.serverTime));
    this.#status = { ...this.#status, lastCatchUpAt };
    this.#merged();
  }

  #catchUpOn(source: FeedSource<Snapshot>): CatchUp<Snapshot> {
    const { runtime, clock } = this.#makings;
    return new CatchUp({
      runtime,
      clock,
      read: (signal) => source.snapshot(signal),
      doubts: () => this.#doubts,
      merged: (snapshot, doubts) => this.#caughtUp(snapshot, doubts),
      failed: (fault) => this.#readFailed(readFailure(fault)),
    });
  }

  #gapsOn(source: FeedSource<Snapshot>, catchUp: CatchUp<Snapshot>): GapHealer {
    const { runtime, fold } = this.#makings;
    return new GapHealer({
      runtime,
      gap: () => fold.gap(),
      fetch: (gap, signal) => source.steps(gap, signal),
      put: (steps) => {
        fold.putSteps(steps);
        this.store.touch();
      },
      healed: () => {
        this.#status = { ...this.#status, gapsHealed: this.#status.gapsHealed + 1 };
        this.store.touch();
      },
      catchUp: () => catchUp.requestPaced(),
    });
  }

  #linksOn({ transport }: FeedSource<Snapshot>): ChannelLinks {
    const { runtime, clock } = this.#makings;
    return new ChannelLinks({
      transport,
      runtime,
      clock,
      moved: (link) => this.#linkMoved(link),
      ready: () => this.#linkReady(),
      change: (change) => this.#change(change),
    });
  }

  #canary(): Canary {
    const { runtime, clock, fold } = this.#makings;
    return new Canary({
      runtime,
      clock,
      nextBeat: (heardAt) => fold.nextBeat(heardAt),
      silent: () => this.#silent(),
      mute: () => this.#running?.links.distrust(MUTE),
    });
  }

  #followScopes(): void {
    this.#running?.links.follow(this.#makings.fold.scopes());
  }

  #linkMoved(link: ChannelLink): void {
    this.#doubts += 1;
    this.#running?.canary.reset();
    if (link.reason !== null) this.#failure ??= channelFailure(link.reason);
    this.#isSignedOut = this.#running?.links.areSignedOut ?? false;
    this.#judge();
  }

  #linkReady(): void {
    const { links, canary, catchUp } = this.#running ?? {};
    this.#doubts += 1;
    canary?.reset();
    if (links?.areReady) catchUp?.request();
    this.#judge();
  }

  #change(change: FeedChange): void {
    this.#status = { ...this.#status, lastEventAt: this.#makings.clock.now() };
    this.#running?.canary.heard();
    if (this.#put(change) === "unknown") this.#running?.catchUp.requestPaced();
    this.#merged();
  }

  #put(change: FeedChange): "taken" | "unknown" {
    try {
      return this.#makings.fold.putChange(change);
    } catch (fault) {
      if (!(fault instanceof RowFault)) throw fault;
      return "unknown";
    }
  }

  #merged(): void {
    this.#followScopes();
    this.#running?.gaps.watch();
    this.#judge();
    this.store.touch();
  }

  #caughtUp(snapshot: Snapshot, doubts: number): void {
    const { clock, fold } = this.#makings;
    this.#running?.absence.answered();
    const isNews = fold.putSnapshot(snapshot) === "news";
    if (this.#running?.links.areReady) this.#running.canary.read(isNews);
    this.#settledDoubts = doubts;
    this.#readFailure = null;
    this.#status = { ...this.#status, lastCatchUpAt: clock.now(), clockOffsetMs: clock.offsetMs };
    this.#merged();
  }

  #readFailed(failure: Failure): void {
    this.#readFailure = failure;
    this.#failure ??= failure;
    this.#judge();
  }

  #absence(): Absence {
    const { runtime, clock } = this.#makings;
    return new Absence({
      runtime,
      clock,
      hidden: () => this.#judge(),
      offline: () => this.#offline(),
      back: (mayBeDead) => this.#back(mayBeDead),
      clockMoved: () => this.store.touch(),
    });
  }

  #offline(): void {
    this.#failure ??= channelFailure("This computer was offline.");
    this.#doubts += 1;
    this.#judge();
  }

  /** After an absence nothing is believed: read at once, and open channels anew when they may be dead. */
  #back(mayBeDead: boolean): void {
    const running = this.#running;
    if (running === null) return;
    this.#doubts += 1;
    running.catchUp.drop();
    if (mayBeDead || !running.links.areReady) running.links.reopen();
    if (!this.#isSignedOut) running.catchUp.request();
    this.#judge();
  }

  /** A controller that should have been heard of was not: the subscription may be dead. */
  #silent(): void {
    this.#doubts += 1;
    this.#running?.catchUp.request();
    this.#endPatience();
    this.#judge(SILENT_PATIENCE_MS);
  }

  #late(): void {
    this.#cancelPatience = null;
    this.#failure ??= channelFailure("The live connection is taking long.");
    this.#judge();
  }

  #signedOut(): void {
    this.#isSignedOut = true;
    this.#running?.links.signedOut();
    this.#judge();
  }

  #judge(patience = SETTLE_PATIENCE_MS): void {
    const { links, canary } = this.#running ?? {};
    const found = judge({
      links: links?.list() ?? [],
      isSettled: this.#settledDoubts === this.#doubts && canary?.isSuspicious !== true,
      isSignedOut: this.#isSignedOut,
      isMute: canary?.isMute ?? false,
      isOnline: this.#makings.runtime.isOnline(),
      readFailure: this.#readFailure,
      failure: this.#failure,
    });
    const { state, trouble, reason } = found;
    if (state === "live") this.#failure = null;
    if (!isSettling(state)) this.#endPatience();
    else if (this.#running)
      this.#cancelPatience ??= this.#makings.runtime.after(patience, () => this.#late());
    this.#pollAs(state);
    const before = this.#status;
    if (state === before.state && trouble === before.trouble && reason === before.reason) return;
    const now = this.#makings.clock.now();
    const since = state === before.state ? before.since : now;
    this.#status = { ...before, ...found, since, lostAt: state === "live" ? null : (before.lostAt ?? now) };
    this.store.touch();
  }

  #endPatience(): void {
    this.#cancelPatience?.();
    this.#cancelPatience = null;
  }

  #pollAs(state: FeedState): void {
    const isQuiet = this.#makings.runtime.isHidden() || this.#isSignedOut;
    this.#running?.catchUp.every(isQuiet ? null : state === "live" ? POLL_LIVE_MS : POLL_DEGRADED_MS);
  }
}
