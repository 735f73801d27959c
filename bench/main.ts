import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readArguments } from "#bench/arguments.ts";
import type { Benchmark, Row } from "#bench/benchmark.ts";
import { fleetFrames } from "#bench/fleet-frames.ts";
import { machineFacts } from "#bench/machine-facts.ts";
import { commitToPixels } from "#bench/n1-commit-to-pixels.ts";
import { timeline } from "#bench/n2-timeline.ts";
import { readARun } from "#bench/n3-read-a-run.ts";
import { atomicOrTwoCalls } from "#bench/n4-atomic-or-two-calls.ts";
import { stepCost } from "#bench/n5-step-cost.ts";
import { reconnect } from "#bench/n6-reconnect.ts";
import { startUp } from "#bench/n7-start-up.ts";
import { pageWeight } from "#bench/n8-page-weight.ts";
import { median } from "#bench/statistics.ts";
import { table } from "#bench/table.ts";
import { CommandLineFault } from "#lib/command-line.ts";
import { ROOT } from "#scripts/paths.ts";
import { openSession } from "#scripts/start/session.ts";

const BENCHMARKS: Benchmark[] = [
  commitToPixels,
  timeline,
  readARun,
  atomicOrTwoCalls,
  stepCost,
  reconnect,
  startUp,
  pageWeight,
  fleetFrames,
];

type Result = Omit<Benchmark, "run"> & { rows?: (Row & { median: number })[]; error?: string };

async function main(): Promise<number> {
  const { ids, runs, isQuick } = readArguments(
    process.argv.slice(2),
    BENCHMARKS.map(({ id }) => id),
  );
  const facts = machineFacts();
  console.log(
    Object.entries(facts)
      .map(([name, value]) => `${name} ${value}`)
      .join(" · "),
  );
  const results: Result[] = [];
  for (const benchmark of BENCHMARKS.filter(({ id }) => ids.includes(id))) {
    results.push(await measure(benchmark, runs, isQuick));
  }
  const file = await save({ at: new Date().toISOString(), isQuick, runs, facts, results });
  console.log(`\nRaw figures: ${file}`);
  return results.some(({ error }) => error !== undefined) ? 1 : 0;
}

/** A time that misses its goal is a result; only what breaks is an error. */
async function measure({ run, ...about }: Benchmark, runs: number, isQuick: boolean): Promise<Result> {
  console.log(`\n${about.id} ${about.title}\n  goal: ${about.goal}; reference: ${about.reference}`);
  const session = openSession();
  try {
    const rows = await run({ runs, isQuick, session, say: (line) => console.log(line) });
    console.log(`\n${table(rows)}`);
    return { ...about, rows: rows.map((row) => ({ ...row, median: median(row.raw) })) };
  } catch (error) {
    console.error(`${about.id} could not be measured:`, error);
    return { ...about, error: error instanceof Error ? error.message : String(error) };
  } finally {
    await session.close();
  }
}

async function save(content: { at: string } & Record<string, unknown>): Promise<string> {
  const folder = join(ROOT, "bench/results");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${content.at.replace(/[:.]/g, "-")}.json`);
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof CommandLineFault ? error.message : error);
  process.exitCode = 1;
}
