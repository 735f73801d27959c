/** Folders, stacks and helpers of one test about the life of the stack; everything is ended and removed after it. */
import { chmod, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, vi } from "vitest";
import { clusterMark, markedProcesses } from "./process/orphans.ts";
import { type Stack, type StackInfo, startStack } from "./stack.ts";
import type { StackOptions } from "./stack-options.ts";
import { type LaunchedStack, launchStack } from "./test-launch.ts";

export const isRoot = process.getuid?.() === 0;
/** A lasting stack on any ports, without demo data. */
export const FREE_PORTS = ["--no-seed", "--port", "0", "--db-port", "0"];
/** Many stacks share few cores here: what is awaited may take long, and is awaited as an event. */
export const PATIENCE = { timeout: 30_000 };

export type Life = {
  root: string;
  dataDir: string;
  start(options: StackOptions): Promise<Stack>;
  launch(args: string[], options?: Parameters<typeof launchStack>[1]): LaunchedStack;
  /** A temporary folder that every account may use, for TMPDIR. */
  ownTmp(): Promise<string>;
};

/** Registers the hooks and gives the values of the test that runs. */
export function stackLife(): Life {
  vi.setConfig({ testTimeout: 120_000 });
  const running: (Stack | LaunchedStack)[] = [];
  const life: Life = {
    root: "",
    dataDir: "",
    start: async (options) => {
      const stack = await startStack({ migrate: false, seed: false, apiPort: 0, dbPort: 0, ...options });
      running.push(stack);
      return stack;
    },
    launch: (args, options = {}) => {
      const launched = launchStack(args, options);
      running.push(launched);
      return launched;
    },
    ownTmp: async () => {
      const folder = join(life.root, "tmp");
      await mkdir(folder);
      await chmod(folder, 0o1777);
      return folder;
    },
  };
  beforeEach(async () => {
    life.root = await realpath(await mkdtemp(join(tmpdir(), "pulseboard-life-")));
    await chmod(life.root, 0o755);
    life.dataDir = join(life.root, "data");
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await ("stop" in one ? one.stop() : one.end("SIGKILL"));
    for (const pid of await processesOf(life.dataDir)) process.kill(pid, "SIGKILL");
    await rm(join("/var/tmp", clusterMark(life.dataDir)), { recursive: true, force: true });
    await rm(life.root, { recursive: true });
    vi.unstubAllEnvs();
  });
  return life;
}

/** Postgres and PostgREST processes of a data directory. */
export async function processesOf(folder: string): Promise<number[]> {
  const mark = clusterMark(folder);
  return [...(await markedProcesses("postgres", mark)), ...(await markedProcesses("postgrest", mark))];
}

/** Runs SQL on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Reads a path of the gateway with the secret key. */
export function get(info: StackInfo, path: string): Promise<Response> {
  return fetch(`${info.apiUrl}${path}`, {
    headers: { apikey: info.secretKey },
    signal: AbortSignal.timeout(20_000),
  });
}
