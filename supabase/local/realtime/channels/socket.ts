/**
 * One websocket. Its messages are handled strictly one after the other: checking a token takes time, and a
 * `phx_leave` that overtook its `phx_join` would leave a subscription nobody can end.
 */
import type { RawData, WebSocket } from "ws";
import type { Claims } from "../../keys.ts";
import { Channel, type ChannelHost } from "./channel.ts";
import { parseJoin } from "./join.ts";
import { decodeBinaryFrame, decodeFrame, encodeFrame, type Frame, type ProtocolVersion } from "./protocol.ts";
import { readClaims } from "./tokens.ts";

export type SocketOptions = {
  host: ChannelHost;
  version: ProtocolVersion;
  /** Who the API key of the socket stands for. */
  apiKeyClaims: Claims;
  /** A socket that leaves more than this unread is cut: its client reconnects and reads a fresh snapshot. */
  maxBufferedBytes: number;
  log(line: string): void;
};

const MAX_CHANNELS = 100;

export class RealtimeSocket {
  readonly #ws: WebSocket;
  readonly #options: SocketOptions;
  readonly #channels = new Map<string, Channel>();
  #handled: Promise<void> = Promise.resolve();

  constructor(ws: WebSocket, options: SocketOptions) {
    this.#ws = ws;
    this.#options = options;
    ws.on("message", (data, isBinary) => this.#receive(data, isBinary));
    ws.on("close", () => this.#end());
    ws.on("error", (error) => options.log(`realtime: a socket failed: ${error.message}`));
  }

  terminate(): void {
    this.#end();
    this.#ws.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    const frame = readFrame(this.#options.version, data, isBinary);
    if (frame === null) {
      this.#end();
      this.#ws.close(1007, "not a frame of the channel protocol");
      return;
    }
    this.#handled = this.#handled
      .then(() => this.#handle(frame))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log(`realtime: ${frame.event} on ${frame.topic} failed: ${reason}`);
        this.#reply(frame, "error", { reason: "UnknownErrorOnChannel: see the log of the embedded stack" });
      });
  }

  async #handle(frame: Frame): Promise<void> {
    if (frame.topic === "phoenix" && frame.event === "heartbeat") return this.#reply(frame, "ok", {});
    if (frame.event === "phx_join") return this.#join(frame);
    const channel = this.#channels.get(frame.topic);
    if (channel === undefined) return this.#reply(frame, "error", { reason: "unmatched topic" });
    if (frame.joinRef !== null && frame.joinRef !== channel.joinRef) return;
    switch (frame.event) {
      case "phx_leave":
        this.#reply(frame, "ok", {});
        return this.#close(channel);
      case "access_token":
        return channel.changeToken((frame.payload as { access_token?: unknown }).access_token);
      case "broadcast":
      case "presence":
        return this.#reply(frame, "error", {
          reason: `the embedded stack serves postgres_changes only; ${frame.event} is not available`,
        });
    }
  }

  async #join(frame: Frame): Promise<void> {
    const { topic, joinRef } = frame;
    const { host, apiKeyClaims } = this.#options;
    const refuse = (reason: string) => this.#reply(frame, "error", { reason });
    if (!/^realtime:./.test(topic)) return refuse("TopicNameRequired: You must provide a topic name");
    const join = parseJoin(frame.payload);
    if (!join.ok) return refuse(join.message);
    const { token } = join.value;
    const claims =
      token === null ? { ok: true as const, value: apiKeyClaims } : await readClaims(host.verifyToken, token);
    if (!claims.ok) return refuse(claims.message);
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    const previous = this.#channels.get(topic);
    if (previous !== undefined) this.#close(previous);
    if (this.#channels.size >= MAX_CHANNELS) return refuse("ChannelRateLimitReached: Too many channels");
    const wire = this.#wire(frame);
    const channel = new Channel({ topic, joinRef, wire }, host, { token, claims: claims.value });
    this.#channels.set(topic, channel);
    channel.join(frame.ref, join.value);
  }

  #wire({ topic, joinRef }: Frame) {
    return {
      version: this.#options.version,
      reply: (ref: string | null, status: "ok" | "error", response: object) =>
        this.#reply({ topic, joinRef, ref }, status, response),
      push: (event: string, payload: object) => this.#send({ joinRef, ref: null, topic, event, payload }),
      sendText: (frame: string) => this.#sendText(frame),
      closed: () => this.#sayClosed(topic, joinRef),
      forgotten: () => this.#forget(topic, joinRef),
    };
  }

  #close(channel: Channel): void {
    channel.end();
    this.#sayClosed(channel.topic, channel.joinRef);
  }

  #forget(topic: string, joinRef: string | null): void {
    if (this.#channels.get(topic)?.joinRef === joinRef) this.#channels.delete(topic);
  }

  #sayClosed(topic: string, joinRef: string | null): void {
    this.#forget(topic, joinRef);
    this.#send({ joinRef, ref: joinRef, topic, event: "phx_close", payload: {} });
  }

  #reply(to: Pick<Frame, "topic" | "joinRef" | "ref">, status: "ok" | "error", response: object): void {
    const { joinRef, ref, topic } = to;
    this.#send({ joinRef, ref, topic, event: "phx_reply", payload: { status, response } });
  }

  #send(frame: Frame): void {
    this.#sendText(encodeFrame(this.#options.version, frame));
  }

  #sendText(text: string): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#ws.send(text);
    const { maxBufferedBytes, log } = this.#options;
    if (this.#ws.bufferedAmount <= maxBufferedBytes) return;
    const unread = Math.round(this.#ws.bufferedAmount / 1024);
    log(`realtime: a client does not read its changes (${unread} KiB wait for it); its socket was cut`);
    this.terminate();
  }

  #end(): void {
    for (const channel of this.#channels.values()) channel.end();
    this.#channels.clear();
  }
}

function readFrame(version: ProtocolVersion, data: RawData, isBinary: boolean): Frame | null {
  if (!Buffer.isBuffer(data)) return null;
  return isBinary ? decodeBinaryFrame(data) : decodeFrame(version, data.toString("utf8"));
}
