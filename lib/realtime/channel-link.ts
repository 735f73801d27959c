import type {
  Authorised,
  FeedChange,
  FeedListener,
  FeedScope,
  FeedTransport,
  OpenFeed,
} from "#lib/supabase/open-feed.ts";
import { type DurationMs, durationMs } from "#lib/time.ts";
import type { Runtime } from "./runtime.ts";
import type { ServerClock } from "./server-clock.ts";

// Keeps one scope subscribed. A channel that closed (token expired, too many joins, permission changed) the library never
// brings back; one that failed with its socket it would, every ten seconds, in step with every other browser and leaving
// something behind each time. So both are dropped here and opened anew, with a pause that grows and varies.
// Guarded by channel-link.test.ts.

export type LinkStage = "authorising" | "joining" | "confirming" | "ready";

export type LinkEvents = {
  /** The stage changed, or something went wrong (`reason` set). */
  moved(): void;
  /** Changes flow from now on, but those since the last catch-up may be missing: read again. */
  ready(): void;
  change(change: FeedChange): void;
};

type LinkMakings = {
  scope: FeedScope;
  transport: FeedTransport;
  runtime: Runtime;
  clock: ServerClock;
  events: LinkEvents;
};

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** How long the join and the server's confirmation may take before the channel is opened anew. */
const PATIENCE_MS = durationMs(20_000);
const AUTHORISE_LIMIT_MS = durationMs(15_000);
/** Renewing a session is not free (each renewal is single-use and shared by all tabs): not more often than this. */
const RENEW_PERIOD_MS = 300_000;
/** Only a channel that stayed ready this long forgets its failures; else a flapping server would be stormed. */
const STEADY_MS = durationMs(10_000);

export class ChannelLink {
  readonly #scope: FeedScope;
  readonly #transport: FeedTransport;
  readonly #runtime: Runtime;
  readonly #clock: ServerClock;
  readonly #events: LinkEvents;
  #channel: OpenFeed | null = null;
  /** Grows with every attempt; what an earlier channel still says is not listened to. */
  #attempt = 0;
  #failures = 0;
  #renewedAt = -Number.MAX_VALUE;
  #mustRenew = false;
  #isConfirmed = false;
  #isJoined = false;
  #cancelTimer = (): void => undefined;
  stage: LinkStage = "authorising";
  /** Why this link is not ready, in the server's or our words; null while all goes well. */
  reason: string | null = null;
  /** The session was gone when it was last asked for; a service that does not answer says nothing. */
  isSignedOut = false;
  /** What the server said was wrong before it closed the channel. */
  #lastWord: string | null = null;

  constructor({ scope, transport, runtime, clock, events }: LinkMakings) {
    this.#scope = scope;
    this.#transport = transport;
    this.#runtime = runtime;
    this.#clock = clock;
    this.#events = events;
  }

  /** Opens the channel, dropping one that is open. Never rejects. */
  async open(): Promise<void> {
    this.#drop();
    const attempt = this.#attempt;
    this.stage = "authorising";
    this.#events.moved();
    const authorised = await this.#authorise();
    if (attempt !== this.#attempt) return;
    this.#cancelTimer();
    if (authorised !== "unreachable") this.isSignedOut = authorised === "signed-out";
    if (authorised === "ok") this.#join(attempt);
    else
      this.#retry(
        authorised === "signed-out" ? "You are signed out." : "The sign-in service did not answer.",
      );
  }

  close(): void {
    this.#drop();
  }

  /** Closes it because the person signed out; it stays closed until it is opened again. */
  signedOut(): void {
    this.#drop();
    this.stage = "authorising";
    this.isSignedOut = true;
  }

  /** Opens a ready channel anew, with the usual pause: it does not bring what it should. */
  distrust(reason: string): void {
    if (this.isReady) this.#retry(reason, true);
  }

  /** True when the channel has been ready and has not complained since. */
  get isReady(): boolean {
    return this.stage === "ready";
  }

  async #authorise(): Promise<Authorised> {
    const late = new Promise<Authorised>((resolve) => {
      this.#cancelTimer = this.#runtime.after(AUTHORISE_LIMIT_MS, () => resolve("unreachable"));
    });
    const isRenewing = this.#mustRenew;
    if (isRenewing) this.#renewedAt = this.#runtime.now();
    this.#mustRenew = false;
    const asked = this.#transport
      .authorise(isRenewing, this.#clock.now())
      .catch((): Authorised => "unreachable");
    return Promise.race([asked, late]);
  }

  #join(attempt: number): void {
    this.stage = "joining";
    this.#lastWord = null;
    this.#events.moved();
    this.#waitFor("The server did not confirm the subscription.");
    const isCurrent = (): boolean => attempt === this.#attempt;
    const channel = this.#subscribe({
      subscribed: () => isCurrent() && this.#subscribed(),
      failed: (reason) => isCurrent() && this.#retry(reason),
      moved: () => isCurrent() && this.#moved(),
      refused: (reason) => isCurrent() && this.#turnedAway(reason),
      closed: () => isCurrent() && this.#turnedAway(this.#lastWord ?? "The server closed the channel."),
      system: (isOk, reason) => isCurrent() && (isOk ? this.#confirmed() : this.#unconfirmed(reason)),
      change: (change) => isCurrent() && this.#events.change(change),
    });
    if (isCurrent()) this.#channel = channel;
    else channel?.close();
  }

  /** Null when no channel could be opened at all: a browser may forbid the socket outright. */
  #subscribe(listener: FeedListener): OpenFeed | null {
    try {
      return this.#transport.open(this.#scope, listener);
    } catch (fault) {
      this.#retry(fault instanceof Error ? fault.message : String(fault));
      return null;
    }
  }

  #subscribed(): void {
    this.#isJoined = true;
    this.#advance();
  }

  #confirmed(): void {
    this.#isConfirmed = true;
    this.#advance();
  }

  #advance(): void {
    if (!this.#isJoined || !this.#isConfirmed) {
      if (this.#isJoined) this.stage = "confirming";
      this.#events.moved();
      return;
    }
    this.stage = "ready";
    this.reason = null;
    this.#cancelTimer();
    this.#cancelTimer = this.#runtime.after(STEADY_MS, () => {
      this.#failures = 0;
    });
    this.#events.ready();
  }

  #moved(): void {
    this.#isJoined = false;
    this.#isConfirmed = false;
    this.stage = "joining";
    this.#waitFor("The server did not confirm the subscription.");
    this.#events.moved();
  }

  /** The server cannot send changes. It may yet: then it says so, without another join. */
  #unconfirmed(reason: string): void {
    this.#isConfirmed = false;
    if (this.#isJoined) this.stage = "confirming";
    this.reason = reason;
    this.#lastWord = reason;
    this.#waitFor(reason);
    this.#events.moved();
  }

  /** Turned away again right after opening: maybe a token that only looks valid here, since the server decides. */
  #turnedAway(reason: string): void {
    const isRecent = this.#runtime.now() - this.#renewedAt < RENEW_PERIOD_MS;
    this.#mustRenew = this.#failures > 0 && !isRecent;
    this.#retry(reason);
  }

  #waitFor(reason: string): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#runtime.after(PATIENCE_MS, () => this.#retry(reason, true));
  }

  #retry(reason: string, isDead = false): void {
    this.#drop(isDead);
    this.stage = "authorising";
    this.reason = reason;
    const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#cancelTimer = this.#runtime.after(this.#jittered(longest), () => void this.open());
    this.#events.moved();
  }

  /** Between half and all of `longest`, so that a thousand browsers do not come back in the same instant. */
  #jittered(longest: number): DurationMs {
    return durationMs(longest / 2 + this.#runtime.random() * (longest / 2));
  }

  #drop(isDead = false): void {
    this.#attempt += 1;
    this.#cancelTimer();
    this.#isJoined = false;
    this.#isConfirmed = false;
    this.#channel?.close(isDead);
    this.#channel = null;
  }
}
