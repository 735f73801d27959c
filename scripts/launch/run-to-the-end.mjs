import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const WATCH = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), "parent-watch.mjs")).href;
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];
/** A terminal and npm both pass Ctrl-C on; the second one within this time is the same key press. */
const SAME_SIGNAL_MS = 500;
const PARENT_CHECK_MS = 500;

/**
 * Runs a program to its end and resolves to its exit code. Signals are passed on; should this process be killed, the
 * program notices that the channel closed (parent-watch.mjs) and stops by itself.
 */
export function runToTheEnd(node, args, cwd) {
  const child = spawn(node, ["--import", WATCH, ...args], {
    cwd,
    env: { ...process.env, PULSEBOARD_WATCHED_BY: String(process.pid) },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  const passOn = signalPasser(child);
  for (const signal of FORWARDED) process.on(signal, () => passOn(signal));
  const watch = watchNpm(() => passOn("SIGTERM"));
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`Nothing was run: ${node} could not be run (${error.message}).`);
      resolve(1);
    });
    child.on("exit", (code, signal) => {
      clearInterval(watch);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

function signalPasser(child) {
  const last = new Map();
  return (signal) => {
    const now = Date.now();
    const isRepeated = now - (last.get(signal) ?? 0) < SAME_SIGNAL_MS;
    last.set(signal, now);
    if (!isRepeated) child.kill(signal);
  };
}

/**
 * `kill <npm>` ends npm and perhaps its shell, but not us: under npm, a parent that changes means that npm is gone.
 * Not started by npm, a changed parent is somebody's `nohup`, and nothing to act on.
 */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const before = ancestors().join();
  const timer = setInterval(() => {
    if (ancestors().join() === before) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  timer.unref();
  return timer;
}

/** The parent and, where the parent is npm's shell and the system tells (Linux), the parent of that. */
function ancestors() {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, "utf8");
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const above = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    return /^(sh|dash|bash|ash|busybox)$/.test(name) ? [parent, above] : [parent];
  } catch {
    // No /proc on this system, or the parent went away while we looked.
    return [parent];
  }
}
