import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * The network between one browser and its servers, as a proxy on loopback: what is cut loses its open connections and
 * gets no new ones, sockets included. Only the browser is behind it; servers reach each other as ever.
 */
export type Wire = {
  /** For a browser context; loopback is otherwise never sent through a proxy. */
  proxy: { server: string; bypass: string };
  cut(...addresses: string[]): void;
  mend(): void;
  close(): Promise<void>;
};

export async function openWire(): Promise<Wire> {
  const cut = new Set<string>();
  const open = new Map<Duplex, string>();
  const isLost = (host: string, end: Duplex): boolean => {
    if (cut.has(host)) end.destroy();
    else track(open, host, end);
    return cut.has(host);
  };
  const server = createServer((req, res) => {
    const target = new URL(req.url ?? "");
    if (!isLost(target.host, req.socket)) forward(req, res, target);
  });
  server.on("connect", (req: IncomingMessage, socket: Socket) => {
    const host = req.url ?? "";
    if (!isLost(host, socket)) tunnel(host, socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    proxy: { server: `http://127.0.0.1:${port}`, bypass: "<-loopback>" },
    cut: (...addresses) => {
      for (const address of addresses) cut.add(new URL(address).host);
      for (const [end, host] of open) if (cut.has(host)) end.destroy();
    },
    mend: () => cut.clear(),
    close: async () => {
      for (const end of open.keys()) end.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A connection belongs to the host it was last used for. */
function track(open: Map<Duplex, string>, host: string, end: Duplex): void {
  if (!open.has(end)) end.once("close", () => open.delete(end));
  open.set(end, host);
}

function forward(req: IncomingMessage, res: ServerResponse, target: URL): void {
  const { "proxy-connection": _ours, ...headers } = req.headers;
  const onward = request(target, { method: req.method ?? "GET", headers }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(res);
    answer.on("error", () => res.destroy());
  });
  onward.on("error", () => req.socket.destroy());
  res.on("close", () => onward.destroy());
  req.pipe(onward);
}

function tunnel(host: string, near: Socket): void {
  const { hostname, port } = new URL(`http://${host}`);
  const far = connect(Number(port), hostname, () => {
    near.write("HTTP/1.1 200 Connection established\r\n\r\n");
    near.pipe(far);
    far.pipe(near);
  });
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on("error", () => one.destroy());
    one.on("close", () => other.destroy());
  }
}
