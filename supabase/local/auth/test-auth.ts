/** A second auth service on the database of the test stack, for tests that need options of their own. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool, type PoolConfig } from "pg";
import { inject } from "vitest";
import { loadKeys } from "../keys.ts";
import { type AuthOptions, createAuth } from "./create-auth.ts";

const stops: (() => Promise<unknown>)[] = [];

/** Starts one with keys of its own and returns its address; `stopOwnAuths` in an `afterEach` ends it. */
export async function startOwnAuth(
  options: Partial<AuthOptions> = {},
  poolConfig: PoolConfig = {},
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "pulseboard-auth-"));
  const pool = new Pool({ connectionString: inject("stack").dbUrl, max: 4, ...poolConfig });
  const auth = createAuth({ pool, keys: await loadKeys(dir), ...options });
  const server = createServer((req, res) => void auth.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await pool.end();
    await rm(dir, { recursive: true });
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function stopOwnAuths(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}
