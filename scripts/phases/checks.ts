import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ROOT, toolPath } from "#scripts/paths.ts";
import { add, EMPTY, type Phase, type Tally } from "#scripts/phases/phase.ts";
import { runTool, WITHOUT_CONFIGURATION } from "#scripts/processes/tool.ts";

type Check = { title: string; steps: [script: string, ...args: string[]][] };

const ENVIRONMENT = { ...WITHOUT_CONFIGURATION, NEXT_TELEMETRY_DISABLED: "1" };
const CODE = ["app", "bench", "components", "e2e", "executor", "lib", "scripts", "supabase"];

function checks(): Check[] {
  const migrations = join(ROOT, "supabase/migrations");
  const files = readdirSync(migrations).filter((name) => name.endsWith(".sql"));
  const code = CODE.filter((folder) => existsSync(join(ROOT, folder)));
  return [
    { title: "format and lint (biome)", steps: [[toolPath("biome"), "check", "--error-on-warnings"]] },
    {
      title: "types (tsc)",
      steps: [
        [toolPath("next"), "typegen"],
        [toolPath("tsc"), "--noEmit"],
      ],
    },
    {
      title: "who imports whom (dependency-cruiser)",
      steps: [[toolPath("depcruise"), "--output-type", "err", ...code]],
    },
    { title: "nothing unused (knip)", steps: [[toolPath("knip")]] },
    {
      title: "migrations (squawk)",
      steps: [[toolPath("squawk"), ...files.map((name) => join(migrations, name))]],
    },
    {
      title: "generated database types are fresh",
      steps: [[join(ROOT, "scripts/generate-types.ts"), "--check"]],
    },
  ];
}

/** Most checks are busy with one core; two at a time do not take longer than they would alone. */
const AT_ONCE = Math.min(2, availableParallelism());

/** Each check counts as one test; what a passing check prints is not shown. */
export const checksPhase: Phase = {
  name: "checks",
  title: "style, types, import table, unused code, SQL",
  async run(): Promise<Tally> {
    const waiting = checks();
    const runNext = async (): Promise<Tally> => {
      let tally = EMPTY;
      for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
        tally = add(tally, await runCheck(check));
      return tally;
    };
    const tallies = await Promise.all(Array.from({ length: AT_ONCE }, runNext));
    return tallies.reduce(add, EMPTY);
  },
};

async function runCheck({ title, steps }: Check): Promise<Tally> {
  const began = performance.now();
  for (const [script, ...args] of steps) {
    const { code, output } = await runTool(script, args, { show: false, env: ENVIRONMENT });
    if (code === 0) continue;
    console.log(`${output.trimEnd()}\n  ✗ ${title}`);
    return { passed: 0, failed: 1, failures: [title] };
  }
  console.log(`  ✓ ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return { passed: 1, failed: 0, failures: [] };
}
