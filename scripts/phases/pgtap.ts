import { join } from "node:path";
import { ROOT } from "#scripts/paths.ts";
import { type Phase, type Tally, withExitCode } from "#scripts/phases/phase.ts";
import { runTool, WITHOUT_CONFIGURATION } from "#scripts/processes/tool.ts";

/** The database's own tests: rules, refusals, access as each role. */
export const pgtapPhase: Phase = {
  name: "pgtap",
  title: "database (pgTAP)",
  async run(): Promise<Tally> {
    const { code, output } = await runTool(join(ROOT, "supabase/local/run-pgtap.ts"), [], {
      env: WITHOUT_CONFIGURATION,
    });
    return withExitCode(countTap(output), code, "pgTAP");
  },
};

/** Counts the `ok` and `not ok` lines of TAP, whatever stands between them. */
export function countTap(output: string): Tally {
  const lines = output.split("\n").map((line) => line.trim());
  const failures = lines.filter((line) => /^not ok \d+/.test(line) && !/# TODO/.test(line));
  return {
    passed: lines.filter((line) => /^ok \d+/.test(line)).length,
    failed: failures.length,
    failures: failures.map((line) => line.replace(/^not ok \d+\s*-?\s*/, "database: ")),
  };
}
