/**
 * Child processes of the launcher. Each is its own process group, so Ctrl-C in a terminal reaches the launcher
 * alone and it decides the order; on Linux the kernel signals the child when the launcher dies in any way.
 */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./account.ts";

type ChildExit = { code: number | null; signal: NodeJS.Signals | null };

export type Child = {
  pid: number;
  /** Settles when the process is gone; never rejects. */
  exited: Promise<ChildExit>;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Sends the signals in turn, waiting `patienceMs` after each, until the process is gone. */
  end(signals: NodeJS.Signals[], patienceMs: number): Promise<ChildExit>;
};

export type ChildOptions = {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  account: Account | null;
  /** What the kernel sends to the child when the launcher dies (Linux). */
  deathSignal: "INT" | "TERM" | "KILL";
  /** Standard output and error are appended here; a file, so a busy launcher never blocks the child. */
  logFile: string;
};

/** Starts a process; rejects when it cannot be started at all (missing, not executable, not permitted). */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openSync(options.logFile, "a", 0o600);
  try {
    const { command, args, ids } = withDeathSignal(options);
    const settings: SpawnOptions = {
      cwd: options.cwd,
      env: baseEnvironment(options.env),
      stdio: ["ignore", log, log],
      detached: true,
      ...ids,
    };
    const child = spawn(command, args, settings);
    await once(child, "spawn");
    return watch(child);
  } finally {
    closeSync(log);
  }
}

/** Only what programs need to run: a caller's PGPORT, PGDATA or PGRST_* must not reach them. */
function baseEnvironment(env: Record<string, string>): NodeJS.ProcessEnv {
  const kept: Record<string, string> = { LC_ALL: "C", TZ: "UTC" };
  for (const name of ["PATH", "SystemRoot", "TEMP", "TMP"]) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return { ...kept, ...env } as NodeJS.ProcessEnv;
}

let setprivWorks: boolean | null = null;

function withDeathSignal(options: ChildOptions) {
  setprivWorks ??=
    process.platform === "linux" && spawnSync("setpriv", ["--pdeathsig", "KILL", "true"]).status === 0;
  const { account, command, args } = options;
  if (!setprivWorks) {
    return { command, args, ids: account === null ? {} : { uid: account.uid, gid: account.gid } };
  }
  const who = account === null ? [] : [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"];
  return {
    command: "setpriv",
    args: [...who, `--pdeathsig=${options.deathSignal}`, "--", command, ...args],
    ids: {},
  };
}

function watch(child: ChildProcess): Child {
  const { pid } = child;
  if (pid === undefined) throw new Error(`${child.spawnfile} started without a process id`);
  const exited = new Promise<ChildExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const signal = (name: NodeJS.Signals) => void (isRunning() && child.kill(name));
  return {
    pid,
    exited,
    isRunning,
    signal,
    end: async (signals, patienceMs) => {
      for (const name of signals) {
        signal(name);
        const timer = new AbortController();
        await Promise.race([exited, delay(patienceMs, null, { signal: timer.signal }).catch(() => null)]);
        timer.abort();
        if (!isRunning()) break;
      }
      return exited;
    },
  };
}
