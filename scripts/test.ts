import { buildPhase } from "#scripts/phases/build.ts";
import { checksPhase } from "#scripts/phases/checks.ts";
import { e2ePhase } from "#scripts/phases/e2e.ts";
import { pgtapPhase } from "#scripts/phases/pgtap.ts";
import { runPhases } from "#scripts/phases/run-phases.ts";
import { vitestPhase } from "#scripts/phases/vitest.ts";

const PHASES = [
  checksPhase,
  vitestPhase("unit", "pure code, no network, no database"),
  pgtapPhase,
  vitestPhase("stack", "the unmodified client against the embedded stack"),
  buildPhase,
  e2ePhase,
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !PHASES.some((phase) => phase.name === name));

if (unknown.length > 0) {
  const names = PHASES.map((phase) => phase.name).join(", ");
  console.error(
    `Nothing was tested: there is no phase "${unknown.join('", "')}"; use ${names}, or none for all.`,
  );
  process.exitCode = 1;
} else {
  process.exitCode = await runPhases(PHASES.filter(({ name }) => asked.length === 0 || asked.includes(name)));
}
