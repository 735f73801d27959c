/** Runs PostgREST for one stack: settings as a hosted project has them, ready when its schema cache is loaded. */
import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Layout } from "../postgres/layout.ts";
import { type Child, startChild } from "../process/child.ts";
import { freePort } from "../process/free-port.ts";
import { readLogFrom, trimLog } from "../process/log-file.ts";
import { endMarkedProcesses } from "../process/orphans.ts";
import { StackFault } from "../stack-fault.ts";

export type PostgrestOptions = {
  layout: Layout;
  program: string;
  /** URL of the `authenticator` role. */
  dbUrl: string;
  /** JWK set that verifies API and user tokens. */
  jwks: { keys: object[] };
};

export type RunningPostgrest = { child: Child; port: number; adminPort: number };

const READY_TIMEOUT_MS = 30_000;
const PORT_ATTEMPTS = 5;

/** Starts PostgREST on free loopback ports and resolves when it answers `/ready`. */
export async function startPostgrest(options: PostgrestOptions): Promise<RunningPostgrest> {
  await endMarkedProcesses("postgrest", options.layout.mark);
  let log = "";
  for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt += 1) {
    const result = await tryStart(options);
    if (typeof result !== "string") return result;
    log = result;
    if (!/Address already in use|resource busy/.test(log)) break;
  }
  const reason = log.trim().split("\n").at(-1) || "it wrote nothing";
  throw new StackFault(`PostgREST did not become ready: ${reason}.`);
}

/** True when PostgREST is connected and its schema cache is loaded. */
export async function isPostgrestReady(adminPort: number): Promise<boolean> {
  const url = `http://127.0.0.1:${adminPort}/ready`;
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.status === 200,
    () => false,
  );
}

async function tryStart(options: PostgrestOptions): Promise<RunningPostgrest | string> {
  const [port, adminPort] = await Promise.all([freePort(), freePort()]);
  const logFile = join(options.layout.runtimeDir, "postgrest.log");
  const logStart = await trimLog(logFile);
  const child = await startChild({
    command: options.program,
    args: [await writeConfig(options.layout)],
    cwd: "/",
    env: {
      PGRST_DB_URI: options.dbUrl,
      PGRST_JWT_SECRET: JSON.stringify(options.jwks),
      PGRST_SERVER_PORT: String(port),
      PGRST_ADMIN_SERVER_PORT: String(adminPort),
    },
    account: options.layout.account,
    deathSignal: "KILL",
    logFile,
  });
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (child.isRunning() && performance.now() < deadline) {
    if (await isPostgrestReady(adminPort)) return { child, port, adminPort };
    await delay(15);
  }
  await child.end(["SIGKILL"], 5000);
  return readLogFrom(logFile, logStart);
}

/** The file holds nothing secret; its name marks the process as this data directory's. */
async function writeConfig({ runtimeDir, mark, account }: Layout): Promise<string> {
  const file = join(runtimeDir, `${mark}.postgrest.conf`);
  const settings = [
    'server-host = "127.0.0.1"',
    'db-schemas = "public"',
    'db-extra-search-path = "public,extensions"',
    'db-anon-role = "anon"',
    "db-max-rows = 1000",
    "db-pool = 20",
    "db-channel-enabled = true",
    'db-channel = "pgrst"',
    "jwt-cache-max-lifetime = 3600",
    'log-level = "error"',
  ];
  await writeFile(file, `${settings.join("\n")}\n`, { mode: 0o600 });
  if (account !== null) await chown(file, account.uid, account.gid);
  return file;
}
