import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { newMark } from "#scripts/processes/marked.ts";

export type Product = {
  /** Resolves to where the web app is, when it says so; rejects when it ends before. */
  address: Promise<string>;
  /** Ends npm and resolves when everything below it has ended too. */
  stop(): Promise<void>;
};

const WITHIN_MS = 180_000;
const STOPS_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 25;

/** Runs `npm start` in a clone, on free ports, with nothing of this shell's configuration. */
export function startProduct(folder: string, signal: AbortSignal): Product {
  const mark = newMark();
  const child = spawn("npm", ["start"], {
    cwd: folder,
    env: {
      ...cleanEnvironment(),
      PORT: "0",
      PULSEBOARD_STACK_PORT: "0",
      PULSEBOARD_DB_PORT: "0",
      ...mark.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  let output = "";
  const address = new Promise<string>((resolve, reject) => {
    const onText = (text: string): void => {
      output += text;
      const found = /Pulseboard is at (http:\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    };
    child.stdout.setEncoding("utf8").on("data", onText);
    child.stderr.setEncoding("utf8").on("data", onText);
    void ended.then(([code]) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
    AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]).addEventListener("abort", () =>
      reject(new Error(`npm start gave no address:\n${output}`)),
    );
  });
  return {
    address,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
      // npm goes first; what it started notices.
      const deadline = performance.now() + STOPS_WITHIN_MS;
      while (mark.alive().length > 0) {
        if (performance.now() > deadline)
          throw new Error(`npm start left something running: ${mark.alive().join("; ")}`);
        await delay(LOOK_AGAIN_MS);
      }
    },
  };
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|SUPABASE_|PULSEBOARD_|PORT$)/.test(name),
  );
  return Object.fromEntries(entries) as NodeJS.ProcessEnv;
}
