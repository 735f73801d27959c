/** The proxy against an upstream under the test's control, on the loopback. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePort } from "../process/free-port.ts";
import { createProxy, type RestProxy } from "./proxy.ts";

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

let proxy: RestProxy;
let servers: Server[];
let upstreamPort: number;
let answer: Handler;
let door: string;

async function listen(handler: Handler): Promise<number> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

beforeEach(async () => {
  servers = [];
  proxy = createProxy();
  answer = (_req, res) => res.end("ok");
  upstreamPort = await listen((req, res) => answer(req, res));
  door = `http://127.0.0.1:${await listen((req, res) =>
    proxy.forward(req, res, { port: upstreamPort, path: req.url ?? "/", authorization: "Bearer role" }),
  )}`;
});

afterEach(async () => {
  proxy.close();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe("the proxy", () => {
  test("passes the request on with the role's token and without the key", async () => {
    let seen: IncomingMessage | undefined;
    let body = "";
    answer = async (req, res) => {
      seen = req;
      for await (const chunk of req) body += chunk;
      res
        .writeHead(409, "Busy", { "content-range": "0-1/2", "access-control-allow-origin": "upstream" })
        .end("[]");
    };
    const reply = await fetch(`${door}/machines?name=eq.%22a%20b%22`, {
      method: "PATCH",
      headers: { apikey: "sb_secret", prefer: "return=minimal" },
      body: "x".repeat(200_000),
    });
    expect(reply.status).toBe(409);
    expect(reply.headers.get("content-range")).toBe("0-1/2");
    expect(reply.headers.has("access-control-allow-origin")).toBe(false);
    expect(seen?.method).toBe("PATCH");
    expect(seen?.url).toBe("/machines?name=eq.%22a%20b%22");
    expect(seen?.headers).toMatchObject({ authorization: "Bearer role", prefer: "return=minimal" });
    expect(seen?.headers).not.toHaveProperty("apikey");
    expect(body).toHaveLength(200_000);
  });

  test("streams: the first part arrives while the upstream still holds the last one back", async () => {
    let finish = () => undefined as unknown;
    answer = (_req, res) => {
      res.write("first");
      finish = () => res.end("last");
    };
    const reader = (await fetch(door)).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("first");
    finish();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("last");
    expect((await reader?.read())?.done).toBe(true);
  });

  test("gives up on the upstream when the client goes away", async () => {
    const arrived = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    answer = (_req, res) => {
      res.once("close", () => left.resolve());
      arrived.resolve();
    };
    const going = new AbortController();
    const request = fetch(door, { signal: going.signal });
    await arrived.promise;
    going.abort();
    await expect(request).rejects.toThrow();
    await left.promise;
  });

  test("keeps its connections", async () => {
    const ports = new Set<number | undefined>();
    answer = (req, res) => {
      ports.add(req.socket.remotePort);
      res.end("ok");
    };
    for (let turn = 0; turn < 5; turn += 1) await (await fetch(door)).text();
    expect(ports.size).toBe(1);
  });

  test("asks again, once, when a kept connection turns out to be closed", async () => {
    await (await fetch(door)).text();
    let turns = 0;
    answer = (req, res) => {
      turns += 1;
      if (turns === 1) req.socket.destroy();
      else res.end("second");
    };
    expect(await (await fetch(door)).text()).toBe("second");
  });

  test("does not repeat what may have been done", async () => {
    await (await fetch(door)).text();
    let turns = 0;
    answer = (req) => {
      turns += 1;
      req.socket.destroy();
    };
    expect((await fetch(door, { method: "POST", body: "{}" })).status).toBe(502);
    expect(turns).toBe(1);
  });

  test("says so when the upstream is away", async () => {
    upstreamPort = await freePort();
    const reply = await fetch(door);
    expect(reply.status).toBe(502);
    expect(await reply.json()).toEqual({
      code: "upstream_unavailable",
      message: `The database API did not answer: connect ECONNREFUSED 127.0.0.1:${upstreamPort}`,
      hint: "It is started again by itself; try again in a moment.",
      details: null,
    });
  });

  test("cuts the answer when the upstream dies in the middle of it", async () => {
    answer = (req, res) => {
      res.writeHead(200, { "content-length": "100" });
      res.write("half", () => req.socket.destroy());
    };
    await expect(fetch(door).then((reply) => reply.text())).rejects.toThrow();
  });
});
