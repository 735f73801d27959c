// npm run faults: what the tests play for seconds, for as long as it takes to believe it. Prints what it saw; exits with 1
// when a promise was broken.

import { join } from "node:path";
import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";
import { ROOT, toolPath } from "#scripts/paths.ts";
import { runTool, WITHOUT_CONFIGURATION } from "#scripts/processes/tool.ts";

const PARTS = ["storm", "commands", "plans"] as const;

const USAGE = `Use: npm run faults -- [${PARTS.join(" | ")}] [--seconds 60] [--commands 1000] [--seed N] [--steps 10000000]`;

const OPTIONS = {
  /** Of storm on the database, at each isolation level. */
  seconds: { type: "string", default: "60" },
  /** Over a network that drops, delays and doubles. */
  commands: { type: "string", default: "1000" },
  /** Repeats a run of commands, as far as the machine allows. */
  seed: { type: "string" },
  /** Of the history whose readers are asked for their plans. */
  steps: { type: "string", default: "10000000" },
} as const;

type Wanted = { parts: string[]; seconds: string; commands: string; seed: string | undefined; steps: string };

const PLAYED = { storm, commands, plans } as const;

try {
  const wanted = readArguments();
  for (const part of PARTS.filter((name) => wanted.parts.length === 0 || wanted.parts.includes(name))) {
    const { code } = await PLAYED[part](wanted);
    if (code !== 0) process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof CommandLineFault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function readArguments(): Wanted {
  const { values, positionals } = readCommandLine({ allowPositionals: true, options: OPTIONS }, USAGE);
  const refuse = (problem: string) => new CommandLineFault(`Nothing was run: ${problem}.`, USAGE);
  const unknown = positionals.filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length > 0) throw refuse(`there is no part "${unknown.join('", "')}"`);
  if (!(Number(values.seconds) > 0)) throw refuse(`--seconds ${values.seconds} is not a number above 0`);
  if (!/^[1-9]\d{2,6}$/.test(values.commands))
    throw refuse(
      `--commands ${values.commands} is not a whole number from 100 to 9999999, of which each fault gets its share`,
    );
  if (!/^[1-9]\d{3,7}$/.test(values.steps))
    throw refuse(`--steps ${values.steps} is not a whole number from 1000 to 99999999`);
  if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed))
    throw refuse(`--seed ${values.seed} is not a whole number from 0 to 999999999`);
  return { parts: positionals, ...values, seed: values.seed };
}

/** Sixteen connections and a Postgres that is killed in the middle. */
function storm({ seconds }: Wanted) {
  const script = join(ROOT, "supabase/proofs/storm.ts");
  return runTool(script, ["--seconds", seconds], { env: WITHOUT_CONFIGURATION });
}

function commands({ commands: count, seed }: Wanted) {
  return faultTest("commands", {
    PULSEBOARD_FAULT_COMMANDS: count,
    ...(seed === undefined ? {} : { PULSEBOARD_FAULT_SEED: seed }),
  });
}

/** Whether a history of that length is read by its indexes alone. */
function plans({ steps }: Wanted) {
  return faultTest("plans", { PULSEBOARD_PLAN_STEPS: steps });
}

function faultTest(name: string, settings: Record<string, string>) {
  return runTool(toolPath("vitest"), ["run", "--project", "stack", `scripts/faults/${name}.stack.test.ts`], {
    env: { ...WITHOUT_CONFIGURATION, NODE_ENV: "test", ...settings },
  });
}
