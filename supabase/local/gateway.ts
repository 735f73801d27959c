/** The one loopback port of the embedded stack: /rest/v1, /auth/v1, /realtime/v1/websocket and /health. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { admit } from "./gateway/api-key.ts";
import { applyCors } from "./gateway/cors.ts";
import { createProxy, type RestProxy } from "./gateway/proxy.ts";
import { sendJson } from "./gateway/send-json.ts";
import type { Keys } from "./keys.ts";
import { portFault } from "./process/free-port.ts";

export type GatewayOptions = {
  /** 0 chooses a free port. */
  port: number;
  keys: Keys;
  /** Where PostgREST listens now; it may move when it is started again. */
  restPort: () => number;
  isReady: () => Promise<boolean>;
  auth: { handle(req: IncomingMessage, res: ServerResponse): Promise<void> };
  realtime: { handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void };
};

export type Gateway = { port: number; close(): Promise<void> };

/** Starts listening on 127.0.0.1, never on another address. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const proxy = createProxy();
  const server = createServer((req, res) => {
    handle(req, res, options, proxy).catch((error: unknown) => {
      if (res.headersSent) res.destroy();
      else
        sendJson(res, 500, { code: "unexpected_failure", message: String(error), hint: null, details: null });
    });
  });
  // Longer than clients keep a connection, so that it is never closed under a request that is being sent.
  server.keepAliveTimeout = 65_000;
  server.on("upgrade", (req, socket, head) => upgrade(req, socket, head, options));
  server.listen(options.port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw portFault(error, options.port, "gateway", "PULSEBOARD_STACK_PORT") ?? error;
  }
  return { port: portOf(server), close: () => close(server, proxy) };
}

async function handle(
  req: IncomingMessage,
  res: ServerResponse,
  options: GatewayOptions,
  proxy: RestProxy,
): Promise<void> {
  if (applyCors(req, res)) return;
  const { path, query } = splitTarget(req);
  if (path === "/health") return sendHealth(res, options);
  const isOpen = path.startsWith("/auth/v1/.well-known/");
  const service = /^\/(rest|auth)\/v1(?=\/|$)/.exec(path)?.[1];
  if (service === undefined) {
    return sendJson(res, 404, refusalBody("not_found", `Nothing is served at ${path}`, SERVED));
  }
  if (isOpen) return options.auth.handle(req, res);
  const admission = admit(req.headers, new URLSearchParams(query), options.keys);
  if (!admission.ok)
    return sendJson(res, 401, refusalBody(admission.code, admission.message, admission.hint));
  if (service === "auth") return options.auth.handle(req, res);
  const target = `${path.slice("/rest/v1".length) || "/"}${withoutApiKey(query)}`;
  proxy.forward(req, res, {
    port: options.restPort(),
    path: target,
    authorization: admission.authorization,
  });
}

const SERVED = "This port serves /rest/v1, /auth/v1, /realtime/v1/websocket and /health.";

function refusalBody(code: string, message: string, hint: string) {
  return { code, message, hint, details: null };
}

/** Path and query as they were written: PostgREST's syntax is delicate and must arrive unchanged. */
function splitTarget(req: IncomingMessage): { path: string; query: string } {
  const [path = "/", ...rest] = (req.url ?? "/").split("?");
  return { path, query: rest.join("?") };
}

function withoutApiKey(query: string): string {
  const kept = query.split("&").filter((part) => part !== "" && !part.startsWith("apikey="));
  return kept.length === 0 ? "" : `?${kept.join("&")}`;
}

async function sendHealth(res: ServerResponse, options: GatewayOptions): Promise<void> {
  const isReady = await options.isReady();
  sendJson(res, isReady ? 200 : 503, {
    status: isReady ? "ok" : "unavailable",
    stack: "pulseboard embedded development stack",
  });
}

function upgrade(req: IncomingMessage, socket: Duplex, head: Buffer, options: GatewayOptions): void {
  socket.on("error", () => socket.destroy());
  if (splitTarget(req).path === "/realtime/v1/websocket") options.realtime.handleUpgrade(req, socket, head);
  else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

async function close(server: Server, proxy: RestProxy): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
  proxy.close();
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gateway has no port");
  return address.port;
}
