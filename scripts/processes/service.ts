import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { PARENT_WATCH, ROOT } from "#scripts/paths.ts";

export type Service = {
  name: string;
  /** Resolves, never rejects, when the process is gone: with its exit code or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
  /** Asks it to stop and resolves when it has; ends it after a while. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does, with whatever it started itself. */
  kill(): Promise<void>;
};

type Options = {
  name: string;
  /** A JavaScript or TypeScript file, run by this Node. */
  script: string;
  args?: string[];
  /** Laid over this process's environment; undefined removes a variable. */
  env: Record<string, string | undefined>;
  /** Everything it prints, from its start on. */
  logFile: string;
  /** Lines it prints on standard error. */
  onWarning?: (line: string) => void;
};

const PATIENCE_MS = 8000;

/**
 * Starts a long-running program in a process group of its own: Ctrl-C in a terminal then reaches only us, and we decide
 * the order of stopping. It stops by itself when we are gone, however we went (parent-watch.mjs).
 */
export function startService({ name, script, args = [], env, logFile, onWarning }: Options): Service {
  const child = spawn(process.execPath, ["--import", pathToFileURL(PARENT_WATCH).href, script, ...args], {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, ...env, PULSEBOARD_WATCHED_BY: String(process.pid) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const log = createWriteStream(logFile, { mode: 0o600 });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  if (onWarning) eachLine(child.stderr, onWarning);
  const ended = Promise.race([
    once(child, "exit").then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals),
    once(child, "error").then(() => 127),
  ]);
  void ended.then(() => log.end());
  return {
    name,
    ended,
    stop: () => stop(child.pid, ended),
    kill: async () => {
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
      await ended;
    },
  };
}

async function stop(pid: number | undefined, ended: Promise<unknown>): Promise<void> {
  if (pid === undefined) return;
  const patience = new AbortController();
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    signalGroup(pid, signal);
    const waited = delay(PATIENCE_MS, "late", { signal: patience.signal }).catch(() => "stopped");
    if ((await Promise.race([ended, waited])) !== "late") break;
  }
  patience.abort();
  // Whatever the program itself started and left.
  signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function eachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") onLine(line);
  });
}
