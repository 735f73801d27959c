import { checksPhase } from "#scripts/phases/checks.ts";
import { runPhases } from "#scripts/phases/run-phases.ts";

process.exitCode = await runPhases([checksPhase]);
