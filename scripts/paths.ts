import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Entry files of the tools that the scripts run, below node_modules. */
const TOOLS = {
  biome: "@biomejs/biome/bin/biome",
  depcruise: "dependency-cruiser/bin/dependency-cruise.mjs",
  knip: "knip/bin/knip.js",
  next: "next/dist/bin/next",
  playwright: "@playwright/test/cli.js",
  squawk: "squawk-cli/js/bin/squawk",
  tsc: "typescript/bin/tsc",
  vitest: "vitest/vitest.mjs",
};

/** Absolute path of a tool's entry file. Not through node_modules/.bin: links there may be missing, and Windows has none. */
export function toolPath(tool: keyof typeof TOOLS): string {
  return join(ROOT, "node_modules", TOOLS[tool]);
}

/** Absolute path of the import that makes a program stop when its parent is gone. */
export const PARENT_WATCH = join(ROOT, "scripts/launch/parent-watch.mjs");
