/**
 * Reads committed row changes from a temporary replication slot, in commit order, and reconnects with back-off.
 * A new slot starts at the present: what was committed while there was none is gone, so `onStreaming` is called
 * for every slot and means "there may be a gap before this moment" (as on the hosted service).
 */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Pgoutput } from "pg-logical-replication";
import { LogicalReplicationService } from "pg-logical-replication";
import { PLAIN_TEXT_SESSION } from "../session.ts";
import { type Relation, type Row, TextPgoutput } from "./pgoutput.ts";

export type Change = {
  type: "INSERT" | "UPDATE" | "DELETE";
  relation: Relation;
  record: Row | null;
  /** The key for an UPDATE that changed it and for a DELETE; the whole row under replica identity full. */
  old: Row | null;
  xid: number;
  /** ISO 8601, milliseconds, UTC. */
  committedAt: string;
};

export type ReplicationOptions = {
  dbUrl: string;
  publication: string;
  /** Makes the database ready for a slot; called before each one. */
  prepare(): Promise<void>;
  /** Called in commit order; the stream is paused until a returned promise settles. */
  onChange(change: Change): Promise<void> | void;
  /** A transaction was read to its end. */
  onCommit(): void;
  onStreaming(): void;
  log(line: string): void;
};

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 1_000;

export class Replication {
  readonly #options: ReplicationOptions;
  readonly #closing = new AbortController();
  #service: LogicalReplicationService | null = null;
  #running: Promise<void> = Promise.resolve();
  #isStreaming = false;
  #slots = 0;
  #streaming = Promise.withResolvers<void>();

  constructor(options: ReplicationOptions) {
    this.#options = options;
  }

  /** Number of the slot being streamed, 0 while there is none. */
  get slot(): number {
    return this.#isStreaming ? this.#slots : 0;
  }

  /** Settles when a slot is being streamed, at once if one is. */
  whenStreaming(): Promise<void> {
    return this.#streaming.promise;
  }

  /** Resolves when the first slot streams; rejects when the first attempt fails. */
  async start(): Promise<void> {
    const first = this.#streamOnce();
    this.#running = first.then(
      (reason) => this.#keepStreaming(reason),
      () => undefined,
    );
    await Promise.race([this.whenStreaming(), first]);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#service?.destroy();
    await this.#running;
  }

  /** Says once per outage why the stream ended, and tries until it streams again. */
  async #keepStreaming(ended: string): Promise<void> {
    const { log } = this.#options;
    let [reason, wait] = [ended, FIRST_DELAY_MS];
    while (!this.#closing.signal.aborted) {
      if (wait === FIRST_DELAY_MS) log(`realtime: the change stream ended (${reason}); it is being restored`);
      try {
        await delay(wait, undefined, { signal: this.#closing.signal });
        reason = await this.#streamOnce();
        wait = FIRST_DELAY_MS;
      } catch {
        wait = Math.min(wait * 2, LONGEST_DELAY_MS);
      }
    }
  }

  /** Streams one slot until its connection ends, and resolves with the reason; rejects when it did not come to that. */
  async #streamOnce(): Promise<string> {
    await this.#options.prepare();
    this.#closing.signal.throwIfAborted();
    const service = this.#createService();
    this.#service = service;
    const plugin = new TextPgoutput({ protoVersion: 1, publicationNames: [this.#options.publication] });
    const slot = `pulseboard_realtime_${randomBytes(8).toString("hex")}`;
    try {
      await service.subscribe(plugin, slot);
      return "the server closed it";
    } catch (error) {
      if (!this.#isStreaming) throw error;
      return error instanceof Error ? error.message : String(error);
    } finally {
      await service.destroy();
      this.#ended();
    }
  }

  #createService(): LogicalReplicationService {
    const { dbUrl } = this.#options;
    const service = new LogicalReplicationService(
      {
        connectionString: dbUrl,
        options: PLAIN_TEXT_SESSION,
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      },
      { acknowledge: { auto: false, timeoutSeconds: 2 }, flowControl: { enabled: true } },
    );
    const decode = this.#decoder();
    service.on("data", (_lsn, message: Pgoutput.Message) => decode(message));
    service.on("start", () => this.#started());
    service.on("heartbeat", async (lsn, _at, isAnswerWanted) => {
      if (isAnswerWanted) await service.acknowledge(byteBefore(lsn));
    });
    // What ends the connection also ends `subscribe`, where it is handled; unheard, it would end the process.
    service.on("error", () => undefined);
    return service;
  }

  #started(): void {
    this.#isStreaming = true;
    this.#slots += 1;
    if (this.#slots > 1) this.#options.log("realtime: the change stream is restored; there may be a gap");
    this.#streaming.resolve();
    this.#options.onStreaming();
  }

  #ended(): void {
    if (!this.#isStreaming) return;
    this.#isStreaming = false;
    this.#streaming = Promise.withResolvers<void>();
  }

  #decoder(): (message: Pgoutput.Message) => Promise<void> | void {
    const { onChange, onCommit } = this.#options;
    let [xid, committedAt] = [0, ""];
    return (message) => {
      switch (message.tag) {
        case "begin":
          xid = message.xid >>> 0;
          committedAt = new Date(Number(message.commitTime) / 1000).toISOString();
          return;
        case "commit":
          return onCommit();
        case "insert":
          return onChange({ ...shared(message), type: "INSERT", record: message.new, old: null });
        case "update":
          return onChange({ ...shared(message), type: "UPDATE", record: message.new, old: before(message) });
        case "delete":
          return onChange({ ...shared(message), type: "DELETE", record: null, old: before(message) });
      }
    };
    function shared({ relation }: { relation: Relation }) {
      return { relation, xid, committedAt };
    }
  }
}

/**
 * The library reports the byte after the one it is given. A server that shuts down waits until exactly its own
 * last position is reported, so it is given the byte before (lifecycle.stack.test.ts).
 */
function byteBefore(lsn: string): string {
  const [upper = "0", lower = "0"] = lsn.split("/");
  const reached = (BigInt(`0x${upper}`) << 32n) + BigInt(`0x${lower}`);
  const position = reached > 0n ? reached - 1n : 0n;
  return `${(position >> 32n).toString(16)}/${(position & 0xffffffffn).toString(16)}`;
}

function before(message: { old: Row | null; key: Row | null }): Row | null {
  return message.old ?? message.key;
}
