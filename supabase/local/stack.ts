/**
 * The embedded development stack: Postgres, PostgREST and our Auth and Realtime behind one loopback port.
 * Everything that is started is noted on one undo list, so a failing start and `stop()` undo the same way,
 * in reverse order: doors first, Postgres last. Guarded by lifecycle.stack.test.ts.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { dropEmptyFolder } from "#lib/data-folder.ts";
import { migrate } from "#supabase/runner/migrate.ts";
import { DEMO_USERS, type StackUser } from "./demo-users.ts";
import { explainStart } from "./explain-start.ts";
import { startGateway } from "./gateway.ts";
import { type Keys, loadKeys } from "./keys.ts";
import { type Binaries, installedBinaries, usableBinaries } from "./postgres/binaries.ts";
import { openCluster } from "./postgres/cluster.ts";
import { type Layout, openEphemeralLayout, openLayout } from "./postgres/layout.ts";
import { bootstrap, databaseUrl, isSeeded, seed } from "./postgres/prepare.ts";
import { startPostgres, stopPostgres } from "./postgres/server.ts";
import { type Account, childAccount } from "./process/account.ts";
import type { Child } from "./process/child.ts";
import { requireFreePort } from "./process/free-port.ts";
import { writeSecretFile } from "./process/json-file.ts";
import { takeLock } from "./process/lock.ts";
import { endMarkedProcesses } from "./process/orphans.ts";
import { supervise } from "./process/supervise.ts";
import { createUndo, type Undo } from "./process/undo.ts";
import { isPostgrestReady, startPostgrest } from "./rest/postgrest.ts";
import { startServices } from "./services.ts";
import { defaultDataDir, type StackOptions, wantedPorts } from "./stack-options.ts";

export type { StackUser } from "./demo-users.ts";

export type StackInfo = {
  apiUrl: string;
  /** The `postgres` role, directly on the database: passes row security. */
  dbUrl: string;
  publishableKey: string;
  secretKey: string;
  /** The demo people; empty when the database was not seeded. */
  users: StackUser[];
};

export type Stack = StackInfo & {
  stop(): Promise<void>;
  /** For fault tests: an orderly restart, or the server killed and recovered. Resolves when it accepts connections. */
  restartPostgres(kind: "fast" | "kill"): Promise<void>;
};

/** Starts a stack; throws a `StackFault` and leaves nothing running when it cannot. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const undo = createUndo();
  try {
    const { info, restartPostgres } = await start(options, undo);
    return { ...info, restartPostgres, stop: () => undo.run() };
  } catch (error) {
    await undo.run().catch((failure: unknown) => options.onProgress?.(String(failure)));
    throw explainStart(error) ?? error;
  }
}

async function start(options: StackOptions, undo: Undo) {
  const onProgress = options.onProgress ?? (() => undefined);
  const proceed = () => options.signal?.throwIfAborted();
  const ports = wantedPorts(options);
  const { layout, installed } = await openFolders(options, undo);
  if (ports.apiPort !== 0) await requireFreePort(ports.apiPort, "gateway", "PULSEBOARD_STACK_PORT");
  if (ports.dbPort !== 0) await requireFreePort(ports.dbPort, "database", "PULSEBOARD_DB_PORT");
  const binaries = await usableBinaries(installed, layout.account, layout.runtimeDir);
  proceed();

  onProgress("starting Postgres");
  const keys = await loadKeys(layout.dataDir);
  const database = await startDatabase(layout, binaries, options, undo);
  proceed();
  await bootstrap(database.passwords, database.port);
  if (options.migrate !== false) {
    onProgress("migrating the database");
    await migrate(database.url, { onProgress });
  }
  proceed();
  const users = await loadDemo(database.url, options, onProgress);
  proceed();

  onProgress("starting the API");
  const services = await startServices({ dbUrl: database.url, keys, onProgress });
  undo.defer(() => services.close());
  const rest = await startRest(layout, binaries, database.restUrl, keys, onProgress);
  undo.defer(() => rest.stop());
  const gateway = await startGateway({
    port: ports.apiPort,
    keys,
    restPort: () => rest.current().port,
    isReady: () => isPostgrestReady(rest.current().adminPort),
    ...services,
  });
  undo.defer(() => gateway.close());
  const info = describe(gateway.port, database.url, keys, users);
  await publishInfo(layout.dataDir, info, undo);
  return { info, restartPostgres: database.restart };
}

/** Folders and lock; processes an earlier launcher left behind are ended before their ports are looked at. */
async function openFolders(options: StackOptions, undo: Undo) {
  const account = childAccount();
  const installed = await installedBinaries();
  const layout = options.ephemeral
    ? await openEphemeralLayout(account)
    : await openNamedLayout(options.dataDir ?? defaultDataDir(), account, undo);
  if (options.ephemeral)
    undo.defer(() => rm(layout.dataDir, { recursive: true, force: true, maxRetries: 3 }));
  undo.defer(await takeLock(layout.dataDir));
  await endMarkedProcesses("postgrest", layout.mark);
  await endMarkedProcesses("postgres", layout.mark);
  return { layout, installed };
}

/** A start that is refused leaves no empty folder of its own making. */
async function openNamedLayout(dataDir: string, account: Account | null, undo: Undo): Promise<Layout> {
  if (!existsSync(dataDir)) undo.defer(() => dropEmptyFolder(dataDir));
  return await openLayout(dataDir, account);
}

async function startDatabase(layout: Layout, { native }: Binaries, options: StackOptions, undo: Undo) {
  const { directory, passwords } = await openCluster(layout, native);
  const isDurable = options.isDurable ?? options.ephemeral !== true;
  let port = wantedPorts(options).dbPort;
  const server = await supervise({
    name: "Postgres",
    start: () => startPostgres({ layout, native, directory, port, isDurable }),
    end: stopPostgres,
    onProgress: options.onProgress ?? (() => undefined),
  });
  undo.defer(() => server.stop());
  port = server.current().port;
  const kill = (child: Child) => child.end(["SIGKILL"], 5000);
  return {
    port,
    passwords,
    url: databaseUrl("postgres", passwords, port),
    restUrl: databaseUrl("authenticator", passwords, port),
    restart: (kind: "fast" | "kill") => server.restart(kind === "kill" ? kill : stopPostgres),
  };
}

function startRest(
  layout: Layout,
  { postgrest: program }: Binaries,
  dbUrl: string,
  { jwks }: Keys,
  onProgress: (line: string) => void,
) {
  return supervise({
    name: "PostgREST",
    start: () => startPostgrest({ layout, program, dbUrl, jwks }),
    end: (child) => child.end(["SIGTERM", "SIGKILL"], 3000),
    onProgress,
  });
}

async function loadDemo(
  dbUrl: string,
  options: StackOptions,
  onProgress: (line: string) => void,
): Promise<StackUser[]> {
  const wantsSeed = options.seed !== false && options.migrate !== false;
  const file = new URL("../seed.sql", import.meta.url);
  const hasDemo = wantsSeed
    ? await seed(dbUrl, file, () => onProgress("loading the demo data"))
    : await isSeeded(dbUrl);
  return hasDemo ? DEMO_USERS : [];
}

function describe(apiPort: number, dbUrl: string, keys: Keys, users: StackUser[]): StackInfo {
  const { publishableKey, secretKey } = keys;
  return { apiUrl: `http://127.0.0.1:${apiPort}`, dbUrl, publishableKey, secretKey, users };
}

/** Lets other commands on this machine find the running stack: `info.json`, readable by its owner only. */
async function publishInfo(dataDir: string, info: StackInfo, undo: Undo): Promise<void> {
  const file = join(dataDir, "info.json");
  undo.defer(() => rm(file, { force: true }));
  await writeSecretFile(file, info);
}
