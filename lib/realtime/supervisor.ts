import type { FeedState, FeedStatus } from "#lib/model/feed.ts";
import type { StepExecution } from "#lib/model/step.ts";
import type { FeedChange, FeedTransport } from "#lib/supabase/open-feed.ts";
import { RowFault } from "#lib/supabase/rows/row.ts";
import { durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { ChannelLink } from "./channel-link.ts";
import type { Fold } from "./fold/fold.ts";
import type { SeqRange } from "./fold/step-ring.ts";
import { type Feed, LiveStore } from "./live-store.ts";
import type { Runtime, Surrounding } from "./runtime.ts";
import { ClockEstimate } from "./server-clock.ts";

// The feed's state machine. Live means: every channel joined, the server itself confirmed that changes flow, and one
// whole catch-up read began after that and was merged. Whatever casts doubt on it starts another catch-up. The page
// is kept true by reading alone when Realtime is down. Guarded by supervisor.test.ts, branch by branch.

const POLL_LIVE_MS = durationMs(10_000);
const POLL_DEGRADED_MS = durationMs(2_000);
const GAP_PATIENCE_MS = durationMs(300);
/** A first connection that takes longer than this is called degraded, and read for meanwhile. */
const START_PATIENCE_MS = durationMs(5_000);
/** Hidden for longer than this, channels are opened anew with a fresh token rather than trusted. */
const TRUSTED_HIDDEN_MS = 30_000;
/** A missing range larger than this is not fetched step by step: a catch-up brings the newest instead. */
const LARGEST_GAP = 2_000;

export type FeedSource<Snapshot> = {
  /** One consistent read. Rejects when it cannot be had. */
  snapshot(signal: AbortSignal): Promise<Snapshot>;
  steps(runId: string, range: SeqRange, signal: AbortSignal): Promise<StepExecution[]>;
  transport: FeedTransport;
};

export type FeedMakings<Snapshot, Live> = {
  runtime: Runtime;
  fold: Fold<Snapshot, Live>;
  serverTime: EpochMs;
  /** Called when the feed starts, so that merely making one touches nothing. */
  connect: () => FeedSource<Snapshot>;
};

/** Keeps one fold true from `start` to `stop`. */
export class FeedSupervisor<Snapshot extends { serverTime: EpochMs }, Live> {
  readonly store: LiveStore<Live>;
  readonly #runtime: Runtime;
  readonly #fold: Fold<Snapshot, Live>;
  readonly #clock: ClockEstimate;
  readonly #connect: () => FeedSource<Snapshot>;
  #source: FeedSource<Snapshot> | null = null;
  #links = new Map<string, ChannelLink>();
  #stop = new AbortController();
  #endings: (() => void)[] = [];
  #cancelPoll = (): void => undefined;
  #cancelGap: (() => void) | null = null;
  #reading: AbortController | null = null;
  #mustReadAgain = false;
  /** Grows whenever changes may have been missed; live needs a catch-up that began at the present value. */
  #doubts = 1;
  #settledDoubts = 0;
  #readFailure: string | null = null;
  #hasFailed = false;
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
    this.store = new LiveStore(runtime, () => this.#view());
  }

  #view(): Feed<Live> {
    return { data: this.#fold.live(), feed: this.#status, clock: this.#clock };
  }

  start(): void {
    if (this.#source !== null) return;
    this.#stop = new AbortController();
    this.#source = this.#connect();
    this.#endings = [
      this.#runtime.watch((event) => this.#surrounding(event)),
      this.#source.transport.onSignedOut(() => this.#signedOut()),
      this.#runtime.after(START_PATIENCE_MS, () => this.#doubt("The live connection is taking long.")),
    ];
    this.#syncLinks();
    this.#schedulePoll();
    this.#judge();
  }

  stop(): void {
    for (const end of this.#endings) end();
    this.#endings = [];
    this.#cancelPoll();
    this.#cancelGap?.();
    this.#cancelGap = null;
    this.#reading = null;
    this.#mustReadAgain = false;
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#source = null;
    this.#stop.abort();
  }

  /** Takes a snapshot that came another way (a page rendered anew). */
  offer(snapshot: Snapshot): void {
    this.#fold.putSnapshot(snapshot);
    this.#afterMerge();
  }

  // Channels

  #syncLinks(): void {
    const source = this.#source;
    if (source === null) return;
    const wanted = this.#fold.scopes();
    for (const [name, link] of this.#links) {
      if (wanted.some((scope) => scope.name === name)) continue;
      link.close();
      this.#links.delete(name);
    }
    for (const scope of wanted) {
      if (this.#links.has(scope.name)) continue;
      const link = new ChannelLink(scope, source.transport, this.#runtime, {
        moved: () => this.#linkMoved(link),
        ready: () => this.#linkReady(),
        change: (change) => this.#change(change),
      });
      this.#links.set(scope.name, link);
      void link.open();
    }
  }

  #linkMoved(link: ChannelLink): void {
    if (link.reason !== null) {
      this.#hasFailed = true;
      this.#doubts += 1;
      this.#schedulePoll();
    }
    this.#isSignedOut = link.isSignedOut;
    this.#judge();
  }

  #linkReady(): void {
    this.#doubts += 1;
    if (this.#areLinksReady()) this.#catchUp();
    this.#judge();
  }

  #areLinksReady(): boolean {
    return this.#links.size > 0 && [...this.#links.values()].every((link) => link.isReady);
  }

  #change(change: FeedChange): void {
    this.#status = { ...this.#status, lastEventAt: this.#clock.now() };
    if (this.#put(change) === "unknown") this.#catchUp();
    this.#afterMerge();
  }

  #put(change: FeedChange): "taken" | "unknown" {
    try {
      return this.#fold.putChange(change);
    } catch (fault) {
      if (!(fault instanceof RowFault)) throw fault;
      return "unknown";
    }
  }

  #afterMerge(): void {
    this.#syncLinks();
    this.#watchGap();
    this.#judge();
    this.store.touch();
  }

  // Gaps

  #watchGap(): void {
    if (this.#fold.gap() === null) {
      this.#cancelGap?.();
      this.#cancelGap = null;
      return;
    }
    this.#cancelGap ??= this.#runtime.after(GAP_PATIENCE_MS, () => void this.#healGap());
  }

  async #healGap(): Promise<void> {
    const gap = this.#fold.gap();
    const { signal } = this.#stop;
    if (gap !== null && this.#source !== null) {
      if (gap.range.to - gap.range.from >= LARGEST_GAP) this.#catchUp();
      else await this.#fetchGap(gap.runId, gap.range, this.#source, signal);
    }
    if (signal.aborted) return;
    this.#cancelGap = null;
    this.#afterMerge();
  }

  async #fetchGap(
    runId: string,
    range: SeqRange,
    source: FeedSource<Snapshot>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const steps = await source.steps(runId, range, signal);
      if (signal.aborted) return;
      this.#fold.putSteps(steps);
      const left = this.#fold.gap()?.range;
      if (left?.from !== range.from)
        this.#status = { ...this.#status, gapsHealed: this.#status.gapsHealed + 1 };
      else if (left.to === range.to) this.#catchUp();
    } catch {
      // Not to be had by number: the catch-up reports what is wrong, and tries again.
      if (!signal.aborted) this.#catchUp();
    }
  }

  // Catch-up

  #catchUp(): void {
    if (this.#source === null || this.#isSignedOut) return;
    if (this.#reading !== null) {
      this.#mustReadAgain = true;
      return;
    }
    void this.#readOnce(this.#source);
  }

  async #readOnce(source: FeedSource<Snapshot>): Promise<void> {
    const reading = new AbortController();
    this.#reading = reading;
    const doubts = this.#doubts;
    const sentAt = this.#runtime.now();
    try {
      const snapshot = await source.snapshot(AbortSignal.any([reading.signal, this.#stop.signal]));
      if (this.#reading !== reading) return;
      this.#clock.sample(sentAt, this.#runtime.now(), snapshot.serverTime);
      this.#fold.putSnapshot(snapshot);
      this.#settledDoubts = doubts;
      this.#readFailure = null;
      this.#status = {
        ...this.#status,
        lastCatchUpAt: this.#clock.now(),
        clockOffsetMs: this.#clock.offsetMs,
      };
    } catch (fault) {
      if (this.#reading !== reading) return;
      this.#readFailure = fault instanceof Error ? fault.message : String(fault);
      this.#hasFailed = true;
    }
    this.#reading = null;
    this.#afterMerge();
    this.#schedulePoll();
    if (this.#mustReadAgain && this.#readFailure === null) {
      this.#mustReadAgain = false;
      this.#catchUp();
    }
  }

  #schedulePoll(): void {
    this.#cancelPoll();
    if (this.#source === null || this.#runtime.isHidden()) return;
    const delay = this.#status.state === "live" ? POLL_LIVE_MS : POLL_DEGRADED_MS;
    this.#cancelPoll = this.#runtime.after(delay, () => this.#catchUp());
  }

  // Surroundings

  #surrounding(event: Surrounding): void {
    if (event === "hidden") {
      this.#hiddenSince = this.#runtime.now();
      this.#cancelPoll();
      return;
    }
    if (event === "offline") {
      this.#doubt("This computer is offline.");
      return;
    }
    const hiddenFor = this.#hiddenSince === null ? 0 : elapsed(this.#hiddenSince, this.#runtime.now());
    this.#hiddenSince = null;
    this.#wake(event !== "shown" || hiddenFor > TRUSTED_HIDDEN_MS || !this.#areLinksReady());
  }

  /** After an absence nothing is believed: read at once, and open channels anew when they may be dead. */
  #wake(isReopening: boolean): void {
    if (this.#source === null) return;
    this.#doubts += 1;
    this.#clock.forget();
    this.#reading?.abort();
    this.#reading = null;
    if (isReopening) for (const link of this.#links.values()) void link.open();
    this.#catchUp();
    this.#judge();
  }

  #doubt(reason: string): void {
    if (this.#status.state === "live" && this.#runtime.isOnline()) return;
    this.#hasFailed = true;
    this.#readFailure = this.#runtime.isOnline() ? this.#readFailure : reason;
    this.#judge(reason);
    this.#schedulePoll();
  }

  #signedOut(): void {
    this.#isSignedOut = true;
    this.#cancelPoll();
    for (const link of this.#links.values()) link.close();
    this.#judge();
  }

  // State

  #judge(hint: string | null = null): void {
    const [state, reason] = this.#judgement(hint);
    if (state === "live") this.#hasFailed = false;
    if (state === this.#status.state && reason === this.#status.reason) return;
    const since = state === this.#status.state ? this.#status.since : this.#clock.now();
    this.#status = { ...this.#status, state, reason, since };
    this.store.touch();
  }

  #judgement(hint: string | null): [FeedState, string | null] {
    if (this.#isSignedOut) return ["offline", "You are signed out. Sign in again."];
    if (!this.#runtime.isOnline()) return ["offline", "This computer is offline."];
    const links = [...this.#links.values()];
    if (this.#areLinksReady() && this.#settledDoubts === this.#doubts) return ["live", null];
    const reason = links.find((link) => link.reason !== null)?.reason ?? null;
    if (this.#hasFailed) {
      if (this.#readFailure !== null && !this.#areLinksReady()) return ["offline", this.#readFailure];
      return ["degraded", this.#readFailure ?? reason ?? hint ?? "Reading again after an interruption."];
    }
    if (links.some((link) => link.stage === "authorising")) return ["connecting", "Connecting."];
    if (links.some((link) => link.stage === "joining")) return ["joining", "Joining the live channel."];
    if (links.some((link) => link.stage === "confirming"))
      return ["confirming", "Waiting for the server to confirm."];
    return ["syncing", "Reading what happened meanwhile."];
  }
}
