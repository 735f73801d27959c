// npm run faults: what the tests play for seconds, for as long as it takes to believe it. Prints what it saw; exits with 1
// when a promise was broken.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, toolPath } from "#scripts/paths.ts";
import { runTool, WITHOUT_CONFIGURATION } from "#scripts/processes/tool.ts";

const PARTS = ["storm", "commands"] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Of storm on the database, at each isolation level. */
    seconds: { type: "string", default: "60" },
    /** Over a network that drops, delays and doubles. */
    commands: { type: "string", default: "1000" },
    /** Repeats a run of commands, as far as the machine allows. */
    seed: { type: "string" },
  },
});

const unknown = positionals.filter((name) => !PARTS.some((part) => part === name));
if (unknown.length > 0) {
  console.error(
    `Nothing was run: there is no part "${unknown.join('", "')}"; use ${PARTS.join(", ")}, or none for all.`,
  );
  process.exitCode = 1;
} else {
  for (const part of PARTS.filter((name) => positionals.length === 0 || positionals.includes(name))) {
    const { code } = await (part === "storm" ? storm() : commands());
    if (code !== 0) process.exitCode = 1;
  }
}

/** Sixteen connections and a Postgres that is killed in the middle. */
function storm() {
  const script = join(ROOT, "supabase/proofs/storm.ts");
  return runTool(script, ["--seconds", values.seconds], { env: WITHOUT_CONFIGURATION });
}

function commands() {
  return runTool(toolPath("vitest"), ["run", "--project", "stack", "scripts/faults"], {
    env: {
      ...WITHOUT_CONFIGURATION,
      NODE_ENV: "test",
      PULSEBOARD_FAULT_COMMANDS: values.commands,
      ...(values.seed === undefined ? {} : { PULSEBOARD_FAULT_SEED: values.seed }),
    },
  });
}
