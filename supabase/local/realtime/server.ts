/**
 * The embedded stack's Realtime: `postgres_changes` of hosted Supabase, row security honoured, for unmodified
 * clients. Broadcast, presence and private channels are refused in words. For development on the loopback only.
 */
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Pool } from "pg";
import { type WebSocket, WebSocketServer } from "ws";
import type { Claims } from "../keys.ts";
import { Catalogue } from "./changes/catalogue.ts";
import { Delivery } from "./changes/delivery.ts";
import { Replication } from "./changes/replication.ts";
import { admit, refuseUpgrade } from "./channels/admission.ts";
import type { ChannelHost } from "./channels/channel.ts";
import { compileBindings } from "./channels/compile.ts";
import type { Parsed } from "./channels/filter.ts";
import type { ProtocolVersion } from "./channels/protocol.ts";
import { RealtimeSocket } from "./channels/socket.ts";
import type { VerifyToken } from "./channels/tokens.ts";
import { createPool } from "./session.ts";
import type { Binding, CompiledBinding, Subscriber } from "./subscription.ts";

export type RealtimeOptions = {
  /** A role that may replicate and `set role` to the API roles. */
  dbUrl: string;
  /** Claims of a user token or API key; throws when it is unknown, forged or expired. */
  verifyToken: VerifyToken;
  log?: (line: string) => void;
  /** Unread bytes after which a socket is cut. */
  maxBufferedBytes?: number;
};

export type Realtime = {
  /** Takes over an upgrade of `/realtime/v1/websocket?apikey=…&vsn=…`. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends every socket and connection; nothing is left in the database. */
  close(): Promise<void>;
};

const PUBLICATION = "supabase_realtime";
const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
const RETRY_MS = 100;

/** Resolves when changes are streaming. Throws when the database cannot be reached or lacks the rights. */
export async function createRealtime(options: RealtimeOptions): Promise<Realtime> {
  const server = new RealtimeServer(options);
  try {
    await server.start();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

class RealtimeServer implements Realtime {
  readonly #options: RealtimeOptions;
  readonly #log: (line: string) => void;
  readonly #pool: Pool;
  readonly #subscribers = new Set<Subscriber>();
  readonly #sockets = new Set<RealtimeSocket>();
  readonly #wss = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  readonly #delivery: Delivery;
  readonly #replication: Replication;
  readonly #closing = new AbortController();
  #lastBindingId = 0;

  constructor(options: RealtimeOptions) {
    this.#options = options;
    this.#log = options.log ?? (() => undefined);
    this.#pool = createPool(options.dbUrl, this.#log);
    this.#delivery = new Delivery({
      pool: this.#pool,
      catalogue: new Catalogue(this.#pool),
      subscribers: this.#subscribers,
      onGap: () => this.#announceAll(),
      log: this.#log,
    });
    this.#replication = new Replication({
      dbUrl: options.dbUrl,
      publication: PUBLICATION,
      prepare: () => this.#applySchema(),
      onChange: (change) => this.#delivery.push(change),
      onCommit: () => this.#delivery.commit(),
      onStreaming: () => this.#announceAll(),
      log: this.#log,
    });
  }

  start(): Promise<void> {
    return this.#replication.start();
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const abort = () => socket.destroy();
    socket.on("error", abort);
    void admit(request, this.#options.verifyToken)
      .then((admitted) => {
        if (!admitted.ok) return refuseUpgrade(socket, admitted.message);
        socket.off("error", abort);
        this.#wss.handleUpgrade(request, socket, head, (ws) => this.#open(ws, admitted.value));
      })
      .catch((error: unknown) => {
        this.#log(`realtime: an upgrade failed: ${error instanceof Error ? error.message : String(error)}`);
        socket.destroy();
      });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const socket of this.#sockets) socket.terminate();
    this.#wss.close();
    await this.#replication.close();
    await this.#delivery.idle();
    if (!this.#pool.ended) await this.#pool.end();
  }

  async #applySchema(): Promise<void> {
    await this.#pool.query(await readFile(new URL("./schema.sql", import.meta.url), "utf8"));
  }

  #open(ws: WebSocket, { version, claims }: { version: ProtocolVersion; claims: Claims }): void {
    const socket = new RealtimeSocket(ws, {
      host: this.#host(),
      version,
      apiKeyClaims: claims,
      maxBufferedBytes: this.#options.maxBufferedBytes ?? MAX_BUFFERED_BYTES,
      log: this.#log,
    });
    this.#sockets.add(socket);
    ws.on("close", () => this.#sockets.delete(socket));
    if (this.#closing.signal.aborted) socket.terminate();
  }

  #host(): ChannelHost {
    return {
      verifyToken: this.#options.verifyToken,
      subscribers: this.#subscribers,
      nextBindingId: () => {
        this.#lastBindingId += 1;
        return this.#lastBindingId;
      },
      confirm: (role, bindings, signal) =>
        this.#confirm(role, bindings, AbortSignal.any([signal, this.#closing.signal])),
    };
  }

  async #confirm(
    role: string,
    bindings: readonly Binding[],
    signal: AbortSignal,
  ): Promise<Parsed<CompiledBinding[]>> {
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    while (!signal.aborted) {
      await Promise.race([this.#replication.whenStreaming(), aborted]);
      if (signal.aborted) break;
      const { slot } = this.#replication;
      try {
        const compiled = await compileBindings(this.#pool, PUBLICATION, role, bindings);
        if (slot === this.#replication.slot) return compiled;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#log(`realtime: a subscription waits for the database: ${reason}`);
        await Promise.race([delay(RETRY_MS), aborted]);
      }
    }
    return { ok: false, message: "the subscription was given up before the database answered" };
  }

  #announceAll(): void {
    if (this.#replication.slot === 0) return;
    for (const subscriber of this.#subscribers) subscriber.announce();
  }
}
