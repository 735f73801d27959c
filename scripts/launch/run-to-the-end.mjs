import { spawn } from "node:child_process";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { whenToldToEnd } from "./told-to-end.mjs";

/** What a program imports that must stop when we are gone. */
export const WATCH = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), "parent-watch.mjs")).href;
/** A terminal and npm both pass Ctrl-C on; the second one within this time is the same key press. */
const SAME_SIGNAL_MS = 500;

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
  const listenNoMore = whenToldToEnd(signalPasser(child));
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`Nothing was run: ${node} could not be run (${error.message}).`);
      resolve(1);
    });
    child.on("exit", (code, signal) => {
      listenNoMore();
      resolve(code ?? exitCodeOf(signal));
    });
  });
}

/** What a shell says of a program that a signal ended. */
export function exitCodeOf(signal) {
  return 128 + (constants.signals[signal] ?? 0);
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
