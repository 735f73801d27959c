import { type ChildProcess, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { PARENT_WATCH, ROOT } from "#scripts/paths.ts";

export type ToolRun = { code: number; output: string };

type Options = {
  /** Laid over this process's environment; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  /** Shown while it runs (default), or only kept in `output`. */
  show?: boolean;
  /** Ends it early; the run then has the exit code of a failure. */
  signal?: AbortSignal;
};

const running = new Set<ChildProcess>();

/** Passes a signal on to every tool that is running now. */
export function signalTools(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal);
}

/** Runs a JavaScript or TypeScript program under this Node until it ends. Rejects only when it cannot be started. */
export function runTool(script: string, args: string[], options: Options = {}): Promise<ToolRun> {
  const { env = {}, show = true, signal } = options;
  if (signal?.aborted) return Promise.resolve({ code: 1, output: "" });
  const child = spawn(process.execPath, ["--import", pathToFileURL(PARENT_WATCH).href, script, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env, PULSEBOARD_WATCHED_BY: String(process.pid) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  running.add(child);
  const end = (): void => void child.kill("SIGTERM");
  signal?.addEventListener("abort", end);
  let output = "";
  for (const [stream, screen] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (show) screen.write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      running.delete(child);
      signal?.removeEventListener("abort", end);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** What a test must not inherit from the shell: the address of somebody's real project, or a port. */
export const WITHOUT_CONFIGURATION: Record<string, string | undefined> = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(SUPABASE_|PULSEBOARD_(?!CHROMIUM|SCREENS)|PORT$)/.test(name))
    .map((name) => [name, undefined]),
);
