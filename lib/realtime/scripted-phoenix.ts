// A Realtime server inside the test, spoken to by the real client library over sockets that are no network: it says
// what the script says, and everything it was told is kept. Frames are version 2: [join_ref, ref, topic, event, payload].

type Binding = { event: string; schema: string; table: string; filter?: string };
type Row = Record<string, unknown>;

/** A `phx_join` that arrived. */
export type Join = { topic: string; ref: string; token: string | null; bindings: readonly Binding[] };

/** One channel that was asked for and has not been left or closed. */
export class PhoenixChannel {
  readonly join: Join;
  readonly #say: (event: string, payload: unknown, ref?: string | null) => void;
  readonly #end: () => void;

  constructor(
    join: Join,
    say: (event: string, payload: unknown, ref?: string | null) => void,
    end: () => void,
  ) {
    this.join = join;
    this.#say = say;
    this.#end = end;
  }

  /** The join's answer: SUBSCRIBED to the client, and no more than that. */
  reply(): void {
    const postgres_changes = this.join.bindings.map((binding, i) => ({ ...binding, id: i + 1 }));
    this.#say("phx_reply", { status: "ok", response: { postgres_changes } }, this.join.ref);
  }
  refuse(reason: string): void {
    this.#end();
    this.#say("phx_reply", { status: "error", response: { reason } }, this.join.ref);
  }
  /** The server's word on whether changes flow. */
  system(status: "ok" | "error", message: string, extension = "postgres_changes"): void {
    this.#say("system", { extension, status, message, channel: this.join.topic });
  }
  accept(): void {
    this.reply();
    this.system("ok", "Subscribed to PostgreSQL");
  }
  /** Ends the channel for good, as the server does after an expired token or too many joins. */
  close(): void {
    this.#end();
    this.#say("phx_close", {}, this.join.ref);
  }
  /** A change of a row; `as`: the binding it is sent under, when that is not its own table's. */
  change(table: string, record: Row, { as = table, errors = null as string[] | null } = {}): void {
    const id = this.join.bindings.findIndex((binding) => binding.table === as) + 1;
    const data = {
      schema: "public",
      table,
      commit_timestamp: "2026-11-21T08:00:00Z",
      type: "UPDATE",
      errors,
    };
    this.#say("postgres_changes", { ids: [id], data: { ...data, columns: [], record, old_record: {} } });
  }
}

type Frame = [joinRef: string | null, ref: string | null, topic: string, event: string, payload: unknown];

export class PhoenixServer {
  readonly joins: Join[] = [];
  /** Every attempt to connect, refused ones too. */
  attempts = 0;
  /** Nothing gets through any more, in either direction, and nobody is told. */
  isBlackHole = false;
  /** Sockets are refused, as a proxy does that knows no WebSocket. */
  isRefusing = false;
  onJoin: (channel: PhoenixChannel) => void = (channel) => channel.accept();
  readonly #channels = new Map<string, { channel: PhoenixChannel; socket: ScriptedSocket }>();
  readonly #sockets = new Set<ScriptedSocket>();

  /** The class that the client library makes its sockets of. */
  socketClass() {
    const server = this;
    return class extends ScriptedSocket {
      constructor(url: string | URL) {
        super(String(url), server);
      }
    };
  }

  get channels(): readonly PhoenixChannel[] {
    return [...this.#channels.values()].map(({ channel }) => channel);
  }
  /** The channel that was joined last. */
  get latest(): PhoenixChannel {
    const latest = this.channels.at(-1);
    if (latest === undefined) throw new Error("no channel is open");
    return latest;
  }
  get sockets(): number {
    return this.#sockets.size;
  }

  /** Sends a change on every channel that asked for its table. */
  change(table: string, record: Row): void {
    for (const channel of this.channels)
      if (channel.join.bindings.some((binding) => binding.table === table)) channel.change(table, record);
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.drop();
  }

  /** Forgets every connection without a word: the other side still takes it for open. */
  forgetSockets(): void {
    for (const socket of [...this.#sockets]) {
      socket.isForgotten = true;
      this.gone(socket);
    }
  }

  connected(socket: ScriptedSocket): boolean {
    this.attempts += 1;
    if (this.isRefusing) return false;
    if (!this.isBlackHole) this.#sockets.add(socket);
    return true;
  }

  gone(socket: ScriptedSocket): void {
    this.#sockets.delete(socket);
    for (const [topic, each] of this.#channels) if (each.socket === socket) this.#channels.delete(topic);
  }

  heard(socket: ScriptedSocket, text: string): void {
    if (this.isBlackHole || socket.isForgotten) return;
    const [joinRef, ref, topic, event, payload] = JSON.parse(text) as Frame;
    const say = (reply: string, what: unknown, to: string | null = null): void => {
      if (!this.isBlackHole && !socket.isForgotten)
        socket.say(JSON.stringify([joinRef, to, topic, reply, what]));
    };
    if (topic === "phoenix") say("phx_reply", { status: "ok", response: {} }, ref);
    if (event === "phx_join") this.#joined(socket, topic, ref ?? "", payload, say);
    if (event === "phx_leave") {
      this.#channels.delete(topic);
      say("phx_reply", { status: "ok", response: {} }, ref);
      say("phx_close", {}, joinRef);
    }
  }

  #joined(
    socket: ScriptedSocket,
    topic: string,
    ref: string,
    payload: unknown,
    say: (event: string, payload: unknown, ref?: string | null) => void,
  ): void {
    const { config, access_token } = payload as {
      config: { postgres_changes: Binding[] };
      access_token?: string;
    };
    const join = { topic, ref, token: access_token ?? null, bindings: config.postgres_changes };
    const channel = new PhoenixChannel(join, say, () => this.#channels.delete(topic));
    this.joins.push(join);
    this.#channels.set(topic, { channel, socket });
    this.onJoin(channel);
  }
}

const CLOSE_PATIENCE_MS = 10_000;

class ScriptedSocket extends EventTarget {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readonly protocol = "";
  readonly bufferedAmount = 0;
  readonly url: string;
  readyState = 0;
  binaryType = "arraybuffer";
  onopen: ((event: Event) => unknown) | null = null;
  onmessage: ((event: MessageEvent) => unknown) | null = null;
  onclose: ((event: CloseEvent) => unknown) | null = null;
  onerror: ((event: Event) => unknown) | null = null;
  isForgotten = false;
  readonly #server: PhoenixServer;

  constructor(url: string, server: PhoenixServer) {
    super();
    this.url = url;
    this.#server = server;
    queueMicrotask(() => this.#connect());
  }

  send(data: unknown): void {
    if (typeof data === "string" && this.readyState === this.OPEN) this.#server.heard(this, data);
  }

  say(text: string): void {
    queueMicrotask(() => {
      if (this.readyState === this.OPEN) this.onmessage?.(new MessageEvent("message", { data: text }));
    });
  }

  /** Closed by the other side, or by the network. */
  drop(): void {
    this.#closed(1006);
  }

  close(): void {
    if (this.readyState >= this.CLOSING) return;
    this.readyState = this.CLOSING;
    // The closing handshake needs an answer that a dead line never brings: the browser gives up at last.
    if (this.#server.isBlackHole || this.isForgotten) setTimeout(() => this.#closed(1006), CLOSE_PATIENCE_MS);
    else queueMicrotask(() => this.#closed(1000));
  }

  #connect(): void {
    if (this.readyState !== this.CONNECTING) return;
    if (!this.#server.connected(this)) {
      this.onerror?.(new Event("error"));
      this.#closed(1006);
      return;
    }
    // A connection into a black hole is never made.
    if (this.#server.isBlackHole) return;
    this.readyState = this.OPEN;
    this.onopen?.(new Event("open"));
  }

  #closed(code: number): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    this.#server.gone(this);
    this.onclose?.(
      Object.assign(new Event("close"), { code, reason: "", wasClean: code === 1000 }) as CloseEvent,
    );
  }
}
