import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installMissing } from "./install.mjs";
import { findNode, nodePackage } from "./node.mjs";
import { exitCodeOf, runToTheEnd } from "./run-to-the-end.mjs";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What each command runs. */
const PROGRAMS = {
  start: "scripts/start.ts",
  test: "scripts/test.ts",
  check: "scripts/check.ts",
  stack: "supabase/local/cli.ts",
  migrate: "supabase/runner/cli.ts",
  executor: "executor/main.ts",
  replay: "executor/replay.ts",
  bench: "bench/main.ts",
  faults: "scripts/faults.ts",
  retention: "scripts/retention.ts",
  types: "scripts/generate-types.ts",
};

/** Runs one command in the repository, installing dependencies first when they are missing; resolves to an exit code. */
export async function launch([command, ...args]) {
  const program = Object.hasOwn(PROGRAMS, command ?? "") ? PROGRAMS[command] : undefined;
  if (program === undefined) {
    return refuse(`there is no command "${command ?? ""}"; use one of ${Object.keys(PROGRAMS).join(", ")}.`);
  }
  const { failure, endedBy } = await installMissing(ROOT);
  if (endedBy !== undefined) {
    console.error("Nothing was run: the installation was called off; the next start begins it anew.");
    return exitCodeOf(endedBy);
  }
  if (failure !== undefined) return refuse(failure);
  const node = findNode(ROOT);
  if (node === undefined) {
    return refuse(
      `this is Node ${process.versions.node}, the programs need 22.18 or newer, and the package that brings ` +
        `Node 24 (${nodePackage()}) is not installed; install Node 24 and run the command again.`,
    );
  }
  if (!existsSync(join(ROOT, program)))
    return refuse(`${program} is missing from this copy; clone it again.`);
  return await runToTheEnd(node, [join(ROOT, program), ...args], ROOT);
}

function refuse(sentence) {
  console.error(`Nothing was run: ${sentence}`);
  return 1;
}
