/** Streams a request to an upstream on the loopback and its answer back. */
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import { pipeline } from "node:stream";
import { sendJson } from "./send-json.ts";

type Upstream = { port: number; path: string; authorization: string };

/** Longest silence of the upstream: a service-role call may take long, a hung one must end. */
const UPSTREAM_TIMEOUT_MS = 120_000;
/** Below PostgREST's own limit for idle connections (30 s), so a reused socket is not one it just closed. */
const IDLE_SOCKET_MS = 10_000;
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export type RestProxy = {
  forward(req: IncomingMessage, res: ServerResponse, upstream: Upstream): void;
  close(): void;
};

/** A proxy with its own pool of kept connections. */
export function createProxy(): RestProxy {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: IDLE_SOCKET_MS });
  return {
    forward: (req, res, upstream) => forward(agent, req, res, upstream, true),
    close: () => agent.destroy(),
  };
}

function forward(
  agent: Agent,
  req: IncomingMessage,
  res: ServerResponse,
  upstream: Upstream,
  mayRepeat: boolean,
): void {
  const hasBody =
    req.headers["content-length"] !== undefined || req.headers["transfer-encoding"] !== undefined;
  const outgoing = request({
    agent,
    host: "127.0.0.1",
    port: upstream.port,
    method: req.method ?? "GET",
    path: upstream.path,
    headers: requestHeaders(req.headers, upstream),
    timeout: UPSTREAM_TIMEOUT_MS,
  });
  const abort = () => outgoing.destroy();
  res.once("close", abort);
  outgoing.once("timeout", () => outgoing.destroy(new Error("the database API did not answer in time")));
  outgoing.once("response", (incoming) => {
    copyHeaders(incoming, res);
    res.writeHead(incoming.statusCode ?? 502, incoming.statusMessage);
    pipeline(incoming, res, () => undefined);
  });
  outgoing.once("error", (error) => {
    res.off("close", abort);
    if (res.destroyed || res.headersSent) {
      res.destroy();
      return;
    }
    if (mayRepeat && !hasBody && outgoing.reusedSocket) {
      forward(agent, req, res, upstream, false);
      return;
    }
    sendUnavailable(res, error);
  });
  if (hasBody) pipeline(req, outgoing, () => undefined);
  else outgoing.end();
}

function requestHeaders(headers: IncomingHttpHeaders, upstream: Upstream): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && name !== "apikey");
  const chunked = headers["transfer-encoding"] ? { "transfer-encoding": "chunked" } : {};
  return {
    ...Object.fromEntries(kept),
    ...chunked,
    host: `127.0.0.1:${upstream.port}`,
    authorization: upstream.authorization,
  };
}

/** The gateway's own CORS headers stay; everything else is the upstream's. */
function copyHeaders(incoming: IncomingMessage, res: ServerResponse): void {
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || name.startsWith("access-control-")) continue;
    res.setHeader(name, value);
  }
}

function sendUnavailable(res: ServerResponse, error: Error): void {
  sendJson(res, 502, {
    code: "upstream_unavailable",
    message: `The database API did not answer: ${error.message}`,
    hint: "It is started again by itself; try again in a moment.",
    details: null,
  });
}
