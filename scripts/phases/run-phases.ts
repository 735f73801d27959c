import { add, EMPTY, lastLine, type Phase, type Tally } from "#scripts/phases/phase.ts";
import { signalTools } from "#scripts/processes/tool.ts";

const SIGNALS: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs the phases one after the other, every one even if an earlier one failed, prints the counts as the last line and
 * resolves to the exit code. A signal stops the running phase and skips the rest.
 */
export async function runPhases(phases: Phase[]): Promise<number> {
  let stopped: NodeJS.Signals | undefined;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      stopped = signal;
      signalTools(signal);
    });
  }
  const rows: string[] = [];
  let total = EMPTY;
  for (const phase of phases) {
    if (stopped !== undefined) break;
    const [tally, row] = await runPhase(phase);
    total = add(total, tally);
    rows.push(row);
  }
  if (stopped !== undefined)
    total = add(total, { passed: 0, failed: 1, failures: [`stopped by ${stopped}`] });
  const failures = total.failures.map((sentence) => `  ✗ ${sentence}`);
  console.log(["", ...rows, ...failures, "", lastLine(total)].join("\n"));
  return total.failed === 0 ? 0 : 1;
}

async function runPhase({ name, title, run }: Phase): Promise<[Tally, string]> {
  console.log(`\n▸ ${name}: ${title}`);
  const began = performance.now();
  const tally = await run().catch((error: unknown) => {
    console.error(error);
    return {
      passed: 0,
      failed: 1,
      failures: [`${name}: ${error instanceof Error ? error.message : String(error)}`],
    };
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const row = `${tally.failed === 0 ? "✓" : "✗"} ${name.padEnd(7)} ${lastLine(tally)} (${seconds} s)`;
  console.log(row);
  return [tally, row];
}
