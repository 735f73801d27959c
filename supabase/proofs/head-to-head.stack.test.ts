// The two-call pattern of the existing controller beside the atomic functions, under the same faults.

import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { FAULTS, inconsistencyRate, moveTimes, ours, type Pattern, theirs } from "./head-to-head/duel.ts";
import { Lab } from "./lab.ts";

const TRIALS = 20;
const MOVES = 40;

let lab: Lab;
let old: Pattern;
let atomic: Pattern;
beforeAll(async () => {
  lab = await Lab.open(inject("stack").dbUrl, 4);
  old = await theirs(lab);
  atomic = ours(lab);
});
afterAll(async () => {
  await lab?.sql("drop schema two_call cascade");
  await lab?.close();
});

test.each(FAULTS)("with %s, no machine is left telling two stories", async (fault) => {
  const [before, now] = [
    await inconsistencyRate(old, fault, TRIALS),
    await inconsistencyRate(atomic, fault, TRIALS),
  ];
  console.log(
    `${fault}: two calls ${(before * 100).toFixed(0)} % inconsistent, atomic ${(now * 100).toFixed(0)} %`,
  );
  expect(now).toBe(0);
  // The fault bites: what it does to two calls is what the atomic functions are for.
  if (fault !== "none") expect(before).toBeGreaterThan(0);
});

test("a move by one call and by two calls, side by side", async () => {
  const [oldMachine, machine] = [await old.makeMachine(true), await atomic.makeMachine(true)];
  const times: { theirs: number[]; ours: number[] } = { theirs: [], ours: [] };
  for (let round = 0; round < 2; round += 1) {
    times.theirs.push(...(await moveTimes(old, oldMachine, MOVES / 2)));
    times.ours.push(...(await moveTimes(atomic, machine, MOVES / 2)));
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
  console.log(
    `on direct connections: two calls ${median(times.theirs).toFixed(2)} ms, atomic ${median(times.ours).toFixed(2)} ms`,
  );
  expect(times.ours).toHaveLength(MOVES);
});
