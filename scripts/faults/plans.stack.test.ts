// How a long history is read: by its indexes and its sums, never from end to end. `npm run faults -- plans` asks the same of
// ten million steps.

import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LongRun, makeLongRun } from "#bench/long-run.ts";
import { tableReads, tellPlans } from "#scripts/faults/table-reads.ts";
import { type Stack, startStack } from "#supabase/local/stack.ts";
import { type Lab, openLab } from "../../e2e/lab.ts";

const STEPS = Number(process.env["PULSEBOARD_PLAN_STEPS"] ?? 200_000);
/** A table of this many rows costs nothing, whatever the plan. */
const FEW_ROWS = 2_000;
/** What one statement may go through by an index, however long the run: some thousand sums or steps, a few times over. */
const MANY_ROWS = 60_000;
const HOUR_MS = 3_600_000;

let stack: Stack;
let lab: Lab;
let db: Client;
let person: { id: string };
let machine: { id: string };
let long: LongRun;
let short: LongRun;

beforeAll(async () => {
  stack = await startStack({ ephemeral: true, seed: false });
  lab = openLab(stack);
  [machine, person] = [await lab.machine({ isByHand: true }), await lab.person("engineer")];
  db = new Client({ connectionString: stack.dbUrl });
  await db.connect();
  const options = { machineId: machine.id, operatorId: person.id, signal: new AbortController().signal };
  const say = STEPS > 1_000_000 ? console.log : () => undefined;
  short = await makeLongRun(db, { ...options, say, steps: 400 });
  long = await makeLongRun(db, { ...options, say, steps: STEPS });
  await db.query("vacuum analyze");
  await tellPlans(db);
}, 60_000 + STEPS);
afterAll(async () => {
  await db?.end();
  await lab?.close();
  await stack?.stop();
});

type Reading = [name: string, query: string, values: () => unknown[]];

const READINGS: Reading[] = [
  ["run_snapshot", "select run_snapshot($1)", () => [long.runId]],
  ["run_snapshot of a short run", "select run_snapshot($1)", () => [short.runId]],
  ["machine_snapshot", "select machine_snapshot($1)", () => [machine.id]],
  ["fleet_snapshot", "select fleet_snapshot()", () => []],
  ["run_timeline", "select run_timeline($1)", () => [long.runId]],
  [
    "run_timeline, one hour",
    "select run_timeline($1, $2, $3)",
    () => [long.runId, 40 * HOUR_MS, 41 * HOUR_MS],
  ],
  [
    "run_timeline, one second",
    "select run_timeline($1, $2, $3)",
    () => [long.runId, 40 * HOUR_MS, 40 * HOUR_MS + 1000],
  ],
  ["run_timeline of a short run", "select run_timeline($1)", () => [short.runId]],
  ["run_durations", "select run_durations($1)", () => [long.runId]],
  ["run_trend", "select run_trend($1)", () => [long.runId]],
  ["run_trend, one hour", "select run_trend($1, $2, $3)", () => [long.runId, 40 * HOUR_MS, 41 * HOUR_MS]],
  ["run_mass_gain", "select run_mass_gain($1)", () => [long.runId]],
  ["run_cycles", "select run_cycles($1)", () => [long.runId]],
  ["run_cycles, ten of them", "select run_cycles($1, 10001, 10010)", () => [long.runId]],
  ["run_verdict", "select run_verdict($1)", () => [long.runId]],
  ["run_steps, from the middle", "select run_steps($1, '{}', 'seq', $2)", () => [long.runId, STEPS / 2]],
  ["run_steps, only deviations", `select run_steps($1, '{"only_deviations": true}')`, () => [long.runId]],
  ["run_steps, the worst first", "select run_steps($1, '{}', 'deviation')", () => [long.runId]],
  ["compare_runs", "select compare_runs(array[$1, $2]::uuid[])", () => [long.runId, short.runId]],
  ["list_runs", "select list_runs()", () => []],
  ["notes_of_run", "select notes_of_run($1)", () => [long.runId]],
];

test.for(READINGS)(
  `%s of ${STEPS} steps is read by its indexes, a bounded part of it`,
  { timeout: 60_000 },
  async ([, query, values]) => {
    const reads = await tableReads(db, person.id, query, values());
    expect(reads.filter(({ rows, isWhole }) => rows > (isWhole ? FEW_ROWS : MANY_ROWS))).toEqual([]);
  },
);

test("a table that is read from end to end is seen", async () => {
  const query = "select count(*) from step_execution_history where planned_ms = 17";
  const reads = await tableReads(db, person.id, query, []);
  const whole = { table: "step_execution_history", isWhole: true, rows: STEPS + 400 };
  expect(reads).toContainEqual(expect.objectContaining(whole));
});
