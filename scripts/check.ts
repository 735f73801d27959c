import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";
import { checksPhase } from "#scripts/phases/checks.ts";
import { runPhases } from "#scripts/phases/run-phases.ts";

try {
  readCommandLine({}, "Use: npm run check");
  process.exitCode = await runPhases([checksPhase]);
} catch (error) {
  console.error(error instanceof CommandLineFault ? error.message : error);
  process.exitCode = 1;
}
