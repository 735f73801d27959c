// The rules of machine, run, step, command and lease, told a second time as a model and compared with the database after
// every single call: duplicates, lost replies, stale fences, stolen leases, clock steps, writes of the two-call
// controller, and pairs of calls at once. After every sequence the invariants hold.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "#supabase/local/stack.ts";
import { Lab } from "./lab.ts";
import { newMemory } from "./model/operations.ts";
import { type Play, play, playOne, type World } from "./model/play.ts";
import { REGRESSIONS } from "./model/regressions.ts";
import { type Cast, castFor, Site } from "./model/site.ts";
import { newState } from "./model/state.ts";

/** More with PROOF_SEQUENCES, for a night; the same ones again with PROOF_SEED, which every run prints. */
const SEQUENCES = Number(process.env["PROOF_SEQUENCES"] ?? 130);
const SEED = Number(process.env["PROOF_SEED"] ?? Date.now() % 2 ** 31);
const FEWEST_COMMANDS = Math.min(5000, SEQUENCES * 20);

let stack: Stack;
let lab: Lab;
let cast: Cast;
const sent = { count: 0 };

beforeAll(async () => {
  // A database of its own: elsewhere, controllers of other tests would notice the leases that run out here.
  stack = await startStack({ ephemeral: true, seed: false });
  lab = await Lab.open(stack.dbUrl, 8);
  cast = await castFor(lab);
});
afterAll(async () => {
  await lab?.close();
  await stack?.stop();
});

async function newWorld(): Promise<World> {
  return { site: await Site.open(lab, cast), state: newState(), memory: newMemory(), sent };
}

async function playAll(plays: readonly Play[]): Promise<void> {
  const world = await newWorld();
  for (const one of plays) await playOne(world, one);
  expect(await world.site.violations()).toEqual([]);
}

class Command implements fc.AsyncCommand<object, { world: World }> {
  readonly play: Play;
  constructor(chosen: Play) {
    this.play = chosen;
  }
  check(): boolean {
    return true;
  }
  run(_model: object, { world }: { world: World }): Promise<void> {
    return playOne(world, this.play);
  }
  toString(): string {
    return JSON.stringify(this.play);
  }
}

type Failure = {
  numRuns: number;
  numShrinks: number;
  counterexample: readonly unknown[] | null;
  errorInstance: unknown;
};

/** What parted from the rules, ready to be kept in model/regressions.ts. */
function toldAsRegression({ numRuns, numShrinks, counterexample, errorInstance }: Failure): string {
  const plays = String(counterexample?.[0]).replace(/\/\*.*\*\/$/, "");
  return [
    `PROOF_SEED=${SEED} PROOF_SEQUENCES=${SEQUENCES}: sequence ${numRuns} parts from the rules; shrunk ${numShrinks} times, it is`,
    `plays: [${plays.split("},{").join("},\n  {")}]`,
    String(errorInstance),
  ].join("\n");
}

test(`any sequence of calls comes to what the rules say (${SEQUENCES} sequences)`, {
  timeout: 600_000,
}, async () => {
  const commands = fc.commands([play.map((chosen) => new Command(chosen))], { maxCommands: 60, size: "max" });
  const result = await fc.check(
    fc.asyncProperty(commands, async (chosen) => {
      const world = await newWorld();
      await fc.asyncModelRun(() => ({ model: {}, real: { world } }), chosen);
      expect(await world.site.violations()).toEqual([]);
    }),
    { numRuns: SEQUENCES, seed: SEED, interruptAfterTimeLimit: 540_000 },
  );
  const retries = [...lab.retries].map(([code, count]) => `${count} × ${code}`).join(", ") || "none";
  console.log(
    `seed ${SEED}: ${sent.count} commands in ${result.numRuns} sequences; lost races: ${retries}${result.interrupted ? "; out of time" : ""}`,
  );
  if (result.failed) throw new Error(toldAsRegression(result), { cause: result.errorInstance });
  expect(sent.count).toBeGreaterThanOrEqual(FEWEST_COMMANDS);
});

describe("sequences that once failed", () => {
  test.each(REGRESSIONS)("$why", ({ plays }) => playAll(plays));
});
