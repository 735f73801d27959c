import { openBroadcast } from "./broadcast.ts";
import type { Client } from "./call.ts";
import { timedFetch } from "./timed-fetch.ts";

// What a page holds of the person's session: an access token for some minutes. The session itself, which can be renewed,
// stays in a cookie that scripts cannot read; the web server renews it and hands out the token. Guarded by
// browser-session.test.ts.

/** Where the web server hands out the token: GET gives a good one, POST a new one. */
export const SESSION_PATH = "/session";

/**
 * What it answers: the token and how long it is good for, which needs no agreement about the time of day. That nobody is
 * signed in is an answer too, and no fault for a browser to report.
 */
export type SessionToken =
  | {
      accessToken: string;
      expiresAt: number /** Seconds since 1970, on the server's clock. */;
      expiresInMs: number;
    }
  | { accessToken: null };

type Held = { token: string; expiresAt: number; until: number };

type Makings = {
  /** Asks `SESSION_PATH`. */
  ask: (method: "GET" | "POST") => Promise<Response>;
  now: () => number;
  /** Tells the other pages of this browser, and hears of it from them. */
  channel: Pick<BroadcastChannel, "postMessage" | "addEventListener"> | null;
};

/** Asked for anew this long before it ends: the web server renews a session that has less than 90 s left. */
const MARGIN_MS = 60_000;
const ASK_LIMIT_MS = 10_000;
/** A server that refuses every token is not asked for a new one with every request. */
const RENEW_PERIOD_MS = 60_000;
const CHANNEL = "pulseboard session";
const SIGNED_OUT = "signed out";
/** With the person's id. */
const SIGNED_IN = "signed in ";

type AuthAnswer = Awaited<ReturnType<Client["auth"]["getSession"]>>;

/** The person's access token, kept fresh. Serves as the `auth` of the browser's client. */
export class BrowserSession {
  readonly #makings: Makings;
  readonly #listeners = new Set<(event: string) => void>();
  #held: Held | null = null;
  #asking: Promise<AuthAnswer> | null = null;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(makings: Makings) {
    this.#makings = makings;
    makings.channel?.addEventListener("message", ({ data }) => {
      if (data === SIGNED_OUT) this.#end();
    });
  }

  /** A token that is good now; null when there is no session or it cannot be learned. */
  async token(): Promise<string | null> {
    const { data } = await this.getSession();
    return data.session?.access_token ?? null;
  }

  /** The token after one that was refused, of which only the server's clock can say whether it is good; null when there is none. */
  async tokenAfter(refused: string): Promise<string | null> {
    const now = this.#makings.now();
    if (this.#held?.token === refused && now - this.#renewedAt >= RENEW_PERIOD_MS) {
      this.#renewedAt = now;
      await this.refreshSession();
    }
    const next = await this.token();
    return next === refused ? null : next;
  }

  getSession(): Promise<AuthAnswer> {
    const held = this.#held;
    if (held !== null && this.#makings.now() < held.until - MARGIN_MS) return Promise.resolve(answerOf(held));
    return this.#once("GET");
  }

  refreshSession(): Promise<AuthAnswer> {
    return this.#once("POST");
  }

  onAuthStateChange(listener: (event: string) => void) {
    this.#listeners.add(listener);
    return { data: { subscription: { unsubscribe: () => void this.#listeners.delete(listener) } } };
  }

  /** Many readers of one page ask at once; the server is asked one time. */
  #once(method: "GET" | "POST"): Promise<AuthAnswer> {
    this.#asking ??= this.#ask(method).finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #ask(method: "GET" | "POST"): Promise<AuthAnswer> {
    const answer = await this.#makings.ask(method).catch(() => null);
    if (answer?.ok) {
      const handed = (await answer.json()) as SessionToken;
      if (handed.accessToken === null) {
        this.#end();
        return answerOf(null);
      }
      const { accessToken: token, expiresAt, expiresInMs } = handed;
      // Somebody else has signed in on another page: what this one knows is not theirs.
      if (this.#held !== null && personOf(this.#held.token) !== personOf(token)) {
        this.#end();
        return answerOf(null);
      }
      this.#held = { token, expiresAt, until: this.#makings.now() + expiresInMs };
      return answerOf(this.#held);
    }
    // A token that is still good serves while the web server is away.
    const held = this.#held;
    if (held !== null && this.#makings.now() < held.until) return answerOf(held);
    return { data: { session: null }, error: { name: "SessionUnreachable", status: answer?.status ?? 0 } };
  }

  #end(): void {
    const wasSignedIn = this.#held !== null;
    this.#held = null;
    if (wasSignedIn) for (const listener of [...this.#listeners]) listener("SIGNED_OUT");
  }
}

const answerOf = (held: Held | null): AuthAnswer => ({
  data: { session: held && { access_token: held.token, expires_at: held.expiresAt } },
  error: null,
});

/** The session of the person at this browser. */
export const openBrowserSession = (): BrowserSession =>
  new BrowserSession({
    ask: (method) => timedFetch(ASK_LIMIT_MS)(SESSION_PATH, { method, cache: "no-store" }),
    now: () => Date.now(),
    channel: channel(),
  });

let isLeaving = false;

/** Tells every page of this browser that the person signs out. */
export function announceSignOut(): void {
  isLeaving = true;
  channel()?.postMessage(SIGNED_OUT);
}

type Elsewhere = {
  /** The person signs out on another page; the page that does it is on its way anyhow. */
  signedOut: () => void;
  /** Another page belongs to somebody else by now, and so does the one session of this browser. */
  otherPerson: () => void;
};

/** Tells the other pages whose this one is, and hears of the person's end elsewhere. */
export function watchOtherPages(personId: string, { signedOut, otherPerson }: Elsewhere): () => void {
  isLeaving = false;
  const heard = channel();
  heard?.addEventListener("message", ({ data }) => {
    if (data === SIGNED_OUT) {
      if (!isLeaving) signedOut();
    } else if (data !== SIGNED_IN + personId && String(data).startsWith(SIGNED_IN)) otherPerson();
  });
  heard?.postMessage(SIGNED_IN + personId);
  return () => heard?.close();
}

const channel = (): BroadcastChannel | null => openBroadcast(CHANNEL);

/** Whose token it is, by its own word; null when it does not say. */
export function personOf(token: string): string | null {
  const claims = token.split(".")[1];
  if (claims === undefined) return null;
  const { sub } = JSON.parse(atob(claims.replace(/-/g, "+").replace(/_/g, "/"))) as { sub?: unknown };
  return typeof sub === "string" ? sub : null;
}
