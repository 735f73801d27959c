import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

const NAME = "PULSEBOARD_MARK";

/**
 * A mark that every process started with it passes on to its children, and a way to find those that are alive: for tests
 * that promise that nothing is left running. Linux only; elsewhere nothing is found.
 */
export function newMark(): { env: Record<string, string>; alive(): string[] } {
  const value = randomUUID();
  return { env: { [NAME]: value }, alive: () => processesWith(`${NAME}=${value}`) };
}

/** Process id and command line of each. */
function processesWith(entry: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(entry)) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}`];
      } catch {
        // It ended while we looked, or belongs to another account.
        return [];
      }
    });
}
