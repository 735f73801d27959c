// What goes wrong on a simulated machine is found by the verdict on its run, at the step and the cycle where it went wrong.

import { afterEach, expect, inject, test } from "vitest";
import { recordSimulatedRun } from "#executor/simulated-record.ts";
import { heat, loop, pulse, purge, TestBed } from "#executor/test-bed.ts";
import type { ProgramStep } from "#lib/model/program.ts";

let bed: TestBed;
afterEach(() => bed?.close());

type Finding = {
  kind: string;
  step_name: string;
  from_seq: number;
  to_seq: number;
  from_cycle: number | null;
  to_cycle: number | null;
  count: number;
  worst_seq: number;
};

/** Pulse 1, purge, pulse 2, purge: the steps of cycle n are numbered 4n − 3 to 4n. */
const cycles = (count: number): ProgramStep => loop(count, pulse(1), purge(3000), pulse(2), purge(4000));

async function findingsOf(steps: ProgramStep[], ...faults: object[]): Promise<Finding[]> {
  bed = await TestBed.open(inject("stack"));
  const runId = await recordSimulatedRun(bed, steps, faults);
  expect(await bed.violations()).toEqual([]);
  const found = await bed.db.query<{ findings: Finding[] }>(
    "select run_verdict($1) -> 'findings' as findings",
    [runId],
  );
  return found.rows[0]?.findings ?? [];
}

const SLOW = { timeout: 90_000 };

test("a clean run of a thousand cycles lists nothing", SLOW, async () => {
  expect(await findingsOf([cycles(1000)])).toEqual([]);
});

test("a valve that closes 10 % late from cycle 41 to 60", SLOW, async () => {
  const fault = { kind: "slow_valve", valve: 2, extra_ms: 10, from_cycle: 41, to_cycle: 60 };
  expect(await findingsOf([cycles(100)], fault)).toMatchObject([
    {
      kind: "valve_long",
      step_name: "Pulse 2",
      from_cycle: 41,
      to_cycle: 60,
      count: 20,
      from_seq: 163,
      to_seq: 239,
    },
  ]);
});

test("a pulse through which nothing came, in cycle 61", SLOW, async () => {
  const fault = { kind: "missed_pulse", valve: 1, from_cycle: 61, to_cycle: 61 };
  expect(await findingsOf([cycles(100)], fault)).toMatchObject([
    { kind: "missing_pulse", step_name: "Pulse 1", from_cycle: 61, to_cycle: 61, count: 1, worst_seq: 241 },
  ]);
});

test("pulses that grow by 1 % over a thousand cycles", SLOW, async () => {
  const fault = { kind: "duration_drift", valve: 2, per_cycle: 1e-5 };
  expect(await findingsOf([cycles(1000)], fault)).toMatchObject([
    { kind: "duration_drift", step_name: "Pulse 2", to_cycle: 1000 },
  ]);
});

test("one purge that got stuck, after pulse 2 of cycle 37", SLOW, async () => {
  const fault = { kind: "stuck_purge", valve: 2, from_cycle: 37, to_cycle: 37, extra_ms: 8200 };
  expect(await findingsOf([cycles(100)], fault)).toMatchObject([
    { kind: "stuck_purge", step_name: "Purge", from_cycle: 37, to_cycle: 37, count: 1, worst_seq: 148 },
  ]);
});

test("a heater that is late, and one that is not", SLOW, async () => {
  const steps = [cycles(30), heat(230, 1, 40_000), cycles(60)];
  expect(await findingsOf(steps)).toEqual([]);
  await bed.close();
  expect(await findingsOf(steps, { kind: "late_heater", rate_share: 0.2 })).toMatchObject([
    { kind: "late_heater", step_name: "Heat", from_seq: 121, worst_seq: 121 },
  ]);
});
