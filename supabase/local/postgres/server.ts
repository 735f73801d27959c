/** Runs the Postgres server of one cluster: start, restart after it died, orderly stop. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Child, startChild } from "../process/child.ts";
import { freePort } from "../process/free-port.ts";
import { readLogFrom, trimLog } from "../process/log-file.ts";
import { endMarkedProcesses } from "../process/orphans.ts";
import { StackFault } from "../stack-fault.ts";
import { programName } from "./binaries.ts";
import { explainPostgresFailure } from "./explain.ts";
import type { Layout } from "./layout.ts";

export type PostgresOptions = {
  layout: Layout;
  native: string;
  /** The cluster directory. */
  directory: string;
  /** 0 chooses a free port. */
  port: number;
  /** False leaves the moment of writing to the system: a server that is killed loses nothing, a loss of power may cost all. */
  isDurable: boolean;
};

export type RunningPostgres = { child: Child; port: number };

const READY_TIMEOUT_MS = 120_000;
const PORT_ATTEMPTS = 5;

/** Starts the server and resolves when it accepts connections; throws a `StackFault` with the reason when it gives up. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  await endMarkedProcesses("postgres", options.layout.mark);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port === 0 ? await freePort() : options.port;
    const result = await tryStart(options, port);
    if (result.ok) return { child: result.child, port };
    const mayRetry = options.port === 0 && /Address already in use/.test(result.log);
    if (!mayRetry || attempt === PORT_ATTEMPTS) {
      throw new StackFault(explainPostgresFailure(result.log, "Postgres", port));
    }
  }
}

/** Stops in order: disconnect clients and write a checkpoint; then without one; then at once. */
export async function stopPostgres(child: Child): Promise<void> {
  await child.end(["SIGINT", "SIGQUIT", "SIGKILL"], 8000);
}

type Started = { ok: true; child: Child } | { ok: false; log: string };

async function tryStart(options: PostgresOptions, port: number): Promise<Started> {
  const logFile = join(options.layout.runtimeDir, "postgres.log");
  const logStart = await trimLog(logFile);
  // The launcher holds the data directory's lock and no process of the cluster is left, so this file is stale,
  // even when its process id belongs to another program by now.
  await rm(join(options.directory, "postmaster.pid"), { force: true });
  const child = await startChild({
    command: join(options.native, "bin", programName("postgres")),
    args: serverArguments(options, port),
    cwd: options.directory,
    env: {},
    account: options.layout.account,
    deathSignal: "INT",
    logFile,
  });
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (child.isRunning() && performance.now() < deadline) {
    if (await isReady(options.directory, child.pid)) return { ok: true, child };
    await delay(10);
  }
  await child.end(["SIGKILL"], 5000);
  return { ok: false, log: await readLogFrom(logFile, logStart) };
}

/** The eighth line of postmaster.pid is the server's own word about itself, as pg_ctl reads it. */
async function isReady(directory: string, pid: number): Promise<boolean> {
  const text = await readFile(join(directory, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

function serverArguments({ directory, layout, isDurable }: PostgresOptions, port: number): string[] {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    fsync: isDurable ? "on" : "off",
    cluster_name: layout.mark,
    wal_level: "logical",
    max_connections: "120",
    max_wal_senders: "20",
    max_replication_slots: "20",
    max_slot_wal_keep_size: "1GB",
    timezone: "UTC",
    log_timezone: "UTC",
  };
  return [
    "-D",
    directory,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}
