/**
 * One joined topic of one socket: its token, its bindings, its end. Everything here runs in the order in which the
 * socket's messages came, except the confirmation of the subscription, which must not hold up the heartbeat.
 */
import type { Claims } from "../../keys.ts";
import {
  type Binding,
  type ClaimSet,
  type CompiledBinding,
  claimSet,
  type Subscriber,
} from "../subscription.ts";
import type { Parsed } from "./filter.ts";
import { isOpaqueKey, type Join, parseBindings } from "./join.ts";
import type { ProtocolVersion } from "./protocol.ts";
import { expiredMessage, readClaims, type VerifyToken } from "./tokens.ts";

/** What a channel needs of the server. */
export type ChannelHost = {
  verifyToken: VerifyToken;
  subscribers: Set<Subscriber>;
  nextBindingId(): number;
  /** Confirms bindings for a role once changes are streaming; retries outages until the signal aborts. */
  confirm(
    role: string,
    bindings: readonly Binding[],
    signal: AbortSignal,
  ): Promise<Parsed<CompiledBinding[]>>;
};

/** What a channel needs of its socket. */
export type ChannelWire = {
  readonly version: ProtocolVersion;
  reply(ref: string | null, status: "ok" | "error", response: object): void;
  push(event: string, payload: object): void;
  sendText(frame: string): void;
  /** The channel is over: tell the client, which does not join it again by itself. */
  closed(): void;
  /** The join was refused: the client tries again by itself, so it is not told of a close. */
  forgotten(): void;
};

const LONGEST_TIMER_MS = 3_600_000;

export class Channel implements Subscriber {
  readonly topic: string;
  readonly joinRef: string | null;
  readonly #host: ChannelHost;
  readonly #wire: ChannelWire;
  readonly #ended = new AbortController();
  #token: string | null;
  #claimSet: ClaimSet;
  #bindings: readonly Binding[] = [];
  #active: readonly CompiledBinding[] = [];
  #confirming = new AbortController();
  #isWaiting = false;
  #expiry: NodeJS.Timeout | undefined;

  constructor(
    place: { topic: string; joinRef: string | null; wire: ChannelWire },
    host: ChannelHost,
    holder: { token: string | null; claims: Claims },
  ) {
    this.topic = place.topic;
    this.joinRef = place.joinRef;
    this.#wire = place.wire;
    this.#host = host;
    this.#token = holder.token;
    this.#claimSet = claimSet(holder.claims);
  }

  get version(): ProtocolVersion {
    return this.#wire.version;
  }

  get claimSet(): ClaimSet {
    return this.#claimSet;
  }

  get active(): readonly CompiledBinding[] {
    return this.#active;
  }

  sendText(frame: string): void {
    this.#wire.sendText(frame);
  }

  announce(): void {
    this.#system("postgres_changes", "ok", "Subscribed to PostgreSQL");
  }

  /** Answers the join: at once, or, when the client waits for it, once the subscription is confirmed. */
  join(ref: string | null, { requested, waitMs }: Join): void {
    this.#watchExpiry();
    const ids = requested.map(() => this.#host.nextBindingId());
    const response = { postgres_changes: requested.map((params, index) => ({ ...params, id: ids[index] })) };
    const bindings = parseBindings(requested, ids);
    if (waitMs !== null && requested.length > 0) {
      void this.#joinWhenConfirmed(ref, response, bindings, waitMs);
      return;
    }
    this.#wire.reply(ref, "ok", response);
    if (requested.length === 0) return;
    if (bindings.ok) this.#subscribe(bindings.value);
    else this.#system("postgres_changes", "error", bindings.message);
  }

  /** A token the client sends after joining. Opaque keys, repetitions and nothing at all are ignored, as hosted. */
  async changeToken(token: unknown): Promise<void> {
    if (typeof token !== "string" || isOpaqueKey(token) || token === this.#token) return;
    const claims = await readClaims(this.#host.verifyToken, token);
    if (this.#ended.signal.aborted) return;
    if (!claims.ok) return this.shutDown(claims.message.replace(/^\w+: /, ""));
    this.#token = token;
    this.#claimSet = claimSet(claims.value);
    this.#watchExpiry();
    if (!this.#isWaiting && this.#bindings.length > 0) this.#subscribe(this.#bindings);
  }

  /** Ends the channel with a reason the client is told. */
  shutDown(message: string): void {
    this.#system("system", "error", message);
    this.end();
    this.#wire.closed();
  }

  /** Stops everything of this channel without a word. */
  end(): void {
    clearTimeout(this.#expiry);
    this.#ended.abort();
    this.#confirming.abort();
    this.#active = [];
    this.#host.subscribers.delete(this);
  }

  async #joinWhenConfirmed(
    ref: string | null,
    response: object,
    bindings: Parsed<Binding[]>,
    waitMs: number,
  ): Promise<void> {
    this.#isWaiting = true;
    const result = bindings.ok ? await this.#confirmWithin(bindings.value, waitMs) : bindings;
    this.#isWaiting = false;
    if (this.#ended.signal.aborted) return;
    if (result.ok) {
      this.#wire.reply(ref, "ok", response);
      return this.#activate(result.value);
    }
    this.#wire.reply(ref, "error", { reason: result.message });
    this.end();
    this.#wire.forgotten();
  }

  async #confirmWithin(bindings: readonly Binding[], waitMs: number): Promise<Parsed<CompiledBinding[]>> {
    this.#bindings = bindings;
    const tooLate = AbortSignal.timeout(waitMs);
    const signal = AbortSignal.any([this.#ended.signal, tooLate]);
    const { role } = this.#claimSet;
    const result = await this.#host.confirm(role, bindings, signal);
    if (result.ok && role !== this.#claimSet.role) return this.#confirmWithin(bindings, waitMs);
    if (result.ok) return result;
    if (!tooLate.aborted) {
      return { ok: false, message: `RealtimeDisabledForConfiguration: ${result.message}` };
    }
    const reason = `Timed out after ${waitMs}ms waiting for the postgres_changes subscription`;
    return { ok: false, message: `PostgresChangesSubscribeTimeout: ${reason}` };
  }

  /** Confirms in the background; a later call, for a newer token, takes the place of an earlier one. */
  #subscribe(bindings: readonly Binding[]): void {
    this.#bindings = bindings;
    this.#confirming.abort();
    this.#confirming = new AbortController();
    void this.#subscribeNow(bindings, this.#confirming.signal);
  }

  async #subscribeNow(bindings: readonly Binding[], signal: AbortSignal): Promise<void> {
    const result = await this.#host.confirm(this.#claimSet.role, bindings, signal);
    if (signal.aborted) return;
    if (result.ok) return this.#activate(result.value);
    this.#active = [];
    this.#system("postgres_changes", "error", result.message);
  }

  #activate(active: readonly CompiledBinding[]): void {
    this.#active = active;
    this.#host.subscribers.add(this);
    this.announce();
  }

  #watchExpiry(): void {
    clearTimeout(this.#expiry);
    const expiresAtS = this.#claimSet.claims.exp;
    if (expiresAtS === undefined) return;
    const leftMs = expiresAtS * 1000 - Date.now();
    if (leftMs <= 0) {
      this.shutDown(expiredMessage(expiresAtS));
      return;
    }
    this.#expiry = setTimeout(() => this.#watchExpiry(), Math.min(leftMs, LONGEST_TIMER_MS));
  }

  #system(extension: string, status: "ok" | "error", message: string): void {
    this.#wire.push("system", { extension, status, message, channel: this.topic.replace(/^realtime:/, "") });
  }
}
