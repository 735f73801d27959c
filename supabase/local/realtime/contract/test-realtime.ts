/** A second Realtime server on the database of the test stack, for tests that need keys or options of their own. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { type Keys, loadKeys } from "../../keys.ts";
import { createRealtime, type Realtime, type RealtimeOptions } from "../server.ts";

export type OwnRealtime = { url: string; keys: Keys; realtime: Realtime; log: string[] };

const stops: (() => Promise<unknown>)[] = [];

/** Starts one on a free port; `stopOwnRealtimes` in an `afterEach` ends it. */
export async function startOwnRealtime(options: Partial<RealtimeOptions> = {}): Promise<OwnRealtime> {
  const dir = await mkdtemp(join(tmpdir(), "pulseboard-realtime-"));
  const keys = await loadKeys(dir);
  const log: string[] = [];
  const realtime = await createRealtime({
    dbUrl: inject("stack").dbUrl,
    verifyToken: keys.verifyToken,
    log: (line) => log.push(line),
    ...options,
  });
  const server = createServer();
  server.on("upgrade", (request, socket, head) => realtime.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(async () => {
    await realtime.close();
    await new Promise((resolve) => server.close(resolve));
    await rm(dir, { recursive: true });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys, realtime, log };
}

export async function stopOwnRealtimes(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}
