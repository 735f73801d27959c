/**
 * A storm: 16 connections on 4 machines start, stop, report, end, repeat themselves and come too late, while Postgres is
 * killed in the middle. Afterwards every invariant holds and every answer that was given is still true.
 * As a program: `npm run faults -- storm [--seconds 60]`, once at each isolation level, on a throw-away stack.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Stack, startStack } from "#supabase/local/stack.ts";
import type { Level } from "./call.ts";
import { Lab, type Violation } from "./lab.ts";
import { type Tally, work } from "./storm/worker.ts";
import { broken, makeWorld } from "./storm/world.ts";

export type StormResult = {
  calls: number;
  perSecond: number;
  /** Lost races that were tried again, per call. */
  retryRate: number;
  /** Calls that lost every try. */
  exhausted: number;
  resent: number;
  worstMs: number;
  answers: Record<string, number>;
  violations: Violation[];
  brokenPromises: string[];
};

const CONNECTIONS = 16;
const MACHINES = 4;

/** One storm; `everywhere` undefined runs each call at the level its function asks for, else read committed. */
export async function storm(
  stack: Pick<Stack, "dbUrl" | "restartPostgres">,
  seconds: number,
  everywhere?: Level,
): Promise<StormResult> {
  const lab = await Lab.open(stack.dbUrl, CONNECTIONS, everywhere);
  try {
    const world = await makeWorld(lab, MACHINES);
    const tally: Tally = { calls: 0, resent: 0, answers: new Map(), worstMs: 0 };
    const began = performance.now();
    const workers = Array.from({ length: CONNECTIONS }, () =>
      work(lab, world, tally, began + seconds * 1000),
    );
    const kill = delay((seconds * 1000) / 2).then(() => stack.restartPostgres("kill"));
    await Promise.all([...workers, kill]);
    const took = (performance.now() - began) / 1000;
    const retries = [...lab.retries.values()].reduce((sum, count) => sum + count, 0);
    return {
      calls: tally.calls,
      perSecond: tally.calls / took,
      retryRate: retries / tally.calls,
      exhausted: ["40001", "40P01", "55P03"].reduce((sum, code) => sum + (tally.answers.get(code) ?? 0), 0),
      resent: tally.resent,
      worstMs: tally.worstMs,
      answers: Object.fromEntries([...tally.answers].sort(([, a], [, b]) => b - a)),
      violations: await lab.violations(),
      brokenPromises: await broken(lab, world),
    };
  } finally {
    await lab.close();
  }
}

/** The result in a line for people. */
export function stormLine(name: string, result: StormResult): string {
  const { calls, perSecond, retryRate, exhausted, resent, worstMs, violations, brokenPromises } = result;
  return (
    `${name}: ${calls} calls, ${perSecond.toFixed(0)}/s, ${(retryRate * 100).toFixed(1)} % retried, ${exhausted} gave up, ` +
    `${resent} sent again around the kill, slowest ${worstMs.toFixed(0)} ms; ` +
    `${violations.length} violations, ${brokenPromises.length} broken promises`
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error(`--seconds ${values.seconds} is no number above 0`);
  const stack = await startStack({ ephemeral: true, seed: false });
  try {
    for (const level of [undefined, "repeatable read"] as const) {
      const result = await storm(stack, seconds, level);
      console.log(stormLine(level ?? "read committed where allowed", result));
      console.log(`  ${JSON.stringify(result.answers)}`);
      for (const violation of result.violations.slice(0, 20)) console.log(violation);
      for (const line of result.brokenPromises.slice(0, 20)) console.log(line);
      if (result.violations.length > 0 || result.brokenPromises.length > 0) process.exitCode = 1;
    }
  } finally {
    await stack.stop();
  }
}

if (import.meta.main) await main();
