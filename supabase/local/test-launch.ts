/** Starts the stack command as a process of its own, for the tests of its life and death. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { StackInfo } from "./stack.ts";

const CLI = fileURLToPath(new URL("./cli.ts", import.meta.url));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

export type LaunchedStack = {
  process: ChildProcess;
  /** The JSON line; rejects with what the command said when it ends without one. */
  info: Promise<StackInfo>;
  output(): { stdout: string; stderr: string };
  /** Sends the signal and resolves with the exit code, or null for a process ended by a signal. */
  end(signal: NodeJS.Signals): Promise<number | null>;
};

/** `npm run stack -- --json` with more arguments. */
export function launchStack(args: string[], options: SpawnOptions = {}): LaunchedStack {
  const child = spawn(process.execPath, [CLI, "--json", ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => {
    text.stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    text.stderr += chunk;
  });
  const exited = once(child, "close");
  const info = readInfo(child, text, exited);
  info.catch(() => undefined);
  return {
    process: child,
    info,
    output: () => ({ ...text }),
    end: async (signal) => {
      child.kill(signal);
      const timeout = delay(STOP_TIMEOUT_MS, "late", { ref: false });
      if ((await Promise.race([exited, timeout])) === "late") {
        child.kill("SIGKILL");
        throw new Error(`the stack did not end within ${STOP_TIMEOUT_MS} ms of ${signal}:\n${text.stderr}`);
      }
      return child.exitCode;
    },
  };
}

async function readInfo(
  child: ChildProcess,
  text: { stdout: string; stderr: string },
  exited: Promise<unknown>,
): Promise<StackInfo> {
  const line = new Promise<string>((resolve) => {
    child.stdout?.on("data", () => text.stdout.includes("\n") && resolve(text.stdout));
  });
  const failed = exited.then(() => Promise.reject(new Error(text.stderr)));
  const late = delay(START_TIMEOUT_MS, null, { ref: false }).then(() => {
    throw new Error(`the stack was not ready within ${START_TIMEOUT_MS} ms:\n${text.stderr}`);
  });
  return JSON.parse(await Promise.race([line, failed, late]));
}
