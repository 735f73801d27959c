// A database that was kept by hand is taken over too: what can be mended is mended and logged, what cannot is refused with a
// sentence that says what to do first, and nothing is changed then.

import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "#supabase/local/stack.ts";
import { adopt } from "#supabase/runner/adopt.ts";
import { readCatalog } from "#supabase/runner/catalog.ts";
import { MIGRATIONS_DIR, migrate, migrationStatus, rollbackMigration } from "#supabase/runner/migrate.ts";
import { readMigrations } from "#supabase/runner/migration-file.ts";
import { refusal } from "#supabase/runner/test-scratch.ts";

let stack: Stack;
let db: Client;

const id = (word: string) => `md5('${word}')::uuid`;
const rows = async <R extends object>(text: string): Promise<R[]> => (await db.query<R>(text)).rows;

beforeAll(async () => {
  stack = await startStack({ ephemeral: true, seed: false, migrate: false });
  db = new Client({ connectionString: stack.dbUrl });
  await db.connect();
  for (const file of ["old-schema.sql", "old-data.sql", "worse.sql"])
    await db.query(await readFile(new URL(`./upgrade/${file}`, import.meta.url), "utf8"));
});
afterAll(async () => {
  await db?.end();
  await stack?.stop();
});

describe("is refused, and left as it is, while", () => {
  test.each([
    [
      "a table of its own has a name of ours",
      "create table public.audit_log (id int)",
      "drop table public.audit_log",
      "the database cannot be taken over: it has tables of its own named audit_log; rename them first",
    ],
    [
      "a type of its own has a name of ours",
      "create type public.status as enum ('on', 'off')",
      "drop type public.status",
      "Nothing was taken over: the type public.status is there with the values on, off, not pending, in_progress, completed, failed; rename it, or its values, first.",
    ],
    [
      "a column has to become another type and a view holds on to it",
      "create view public.states as select current_state from public.machine_state",
      "drop view public.states",
      "the database cannot be taken over: public.machine_state.current_state is character varying(50), not text, and cannot be made so (cannot alter type of a column used by a view or rule)",
    ],
  ])("%s", async (_what, spoil, mend, sentence) => {
    await db.query(spoil);
    const before = await readCatalog(db);
    expect((await refusal(adopt(stack.dbUrl))).message).toContain(sentence);
    expect(await readCatalog(db)).toEqual(before);
    await db.query(mend);
  });

  test("it is not taken over but only migrated", async () => {
    expect((await refusal(migrate(stack.dbUrl))).code).toBe("not_adopted");
  });
});

test("is taken over, although its own migrations are on record, and those stay", {
  timeout: 60_000,
}, async () => {
  const { applied } = await adopt(stack.dbUrl);
  const files = (await readMigrations(MIGRATIONS_DIR)).map(({ fileName }) => fileName);
  expect(applied).toEqual(files);
  const status = await migrationStatus(stack.dbUrl);
  expect(status.filter(({ state }) => state === "applied").map(({ fileName }) => fileName)).toEqual(files);
  expect(status.filter(({ state }) => state === "no file").map(({ version }) => version)).toEqual([
    "20240301120000",
    "20250612093000",
  ]);
  expect((await migrate(stack.dbUrl)).applied).toEqual([]);
});

test("every invariant holds", async () => {
  expect(await rows("select invariant, detail from public.check_invariants()")).toEqual([
    { invariant: "I11", detail: "table recipe_commands has no row security" },
  ]);
});

test("machines and runs are what can be known of them", async () => {
  const machines = await rows<{ serial: string; told: string }>(`
    select m.serial_number as serial, concat_ws(' ', m.status, w.name) as told
    from public.machines m left join unnest(array['live', 'long', 'twin 1', 'twin 2', 'burnt', 'told']) w (name)
      on md5('run ' || w.name)::uuid = m.current_process_id`);
  expect(Object.fromEntries(machines.map(({ serial, told }) => [serial, told]))).toMatchObject({
    "VIRTUAL-DEV-001": "processing live",
    "VIRTUAL-TEST-001": "processing told",
    // Says that it works, on a run that was silent for two hours: nobody but the lab knows, so the run goes on.
    "RT-3": "processing long",
    // Say that they rest while a run gave a sign of life: a person must look.
    "E2E-1": "unknown twin 2",
    "TEST-5": "unknown burnt",
    // Say that they work, without a run.
    "SERIAL-1": "offline",
    "TEST-2": "offline",
  });
  const runs = await rows<{ name: string; told: string }>(`
    select w.name, concat_ws(' ', r.status, r.end_reason) as told from public.process_executions r
    join unnest(array['done', 'early', 'live', 'long', 'twin 1', 'twin 2', 'burnt', 'told']) w (name) on md5('run ' || w.name)::uuid = r.id`);
  expect(Object.fromEntries(runs.map(({ name, told }) => [name, told]))).toEqual({
    done: "completed",
    early: "aborted",
    live: "running",
    long: "running",
    "twin 1": "failed interrupted",
    "twin 2": "running",
    burnt: "paused",
    told: "running",
  });
});

test("steps follow one another, each longer than nothing, one of them open", async () => {
  const steps = await rows<{ seq: number; name: string; is_open: boolean }>(`
    select seq, step_name as name, ended_at is null as is_open from public.step_execution_history where process_id = ${id("run long")} order by seq`);
  expect(steps.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  // The one without a beginning stands where it was written.
  expect(steps.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `step ${n}`));
  expect(steps.filter(({ is_open }) => is_open).map(({ seq }) => seq)).toEqual([7]);
});

test("what was removed or changed is kept as it was, and the lab's own trigger is told", async () => {
  const log = await rows<{ told: string }>(`
    select table_name || ': ' || why || ' (' || count(*) || ')' as told from private.adoption_log
    where why in ('its machine is gone', 'a newer one is for the same run', 'a trigger of its own stays') or (table_name, why) = ('process_executions', 'its status is written otherwise')
    group by table_name, why order by 1`);
  expect(log.map(({ told }) => told)).toEqual([
    "machine_state: its machine is gone (1)",
    "machines: a trigger of its own stays (1)",
    "process_execution_state: a newer one is for the same run (2)",
    "process_executions: its status is written otherwise (3)",
  ]);
});

test("the controllers go on: a run continues as it always did, and a person reconciles what nobody knows", async () => {
  await db.query(
    `update public.process_execution_state set current_step_name = 'Purge', current_step_type = 'purge' where execution_id = ${id("run long")}`,
  );
  await db.query(`update public.process_executions set status = 'completed' where id = ${id("run twin 2")}`);
  expect(
    await rows(`select max(h.seq) as seq, (select status from public.machines m where m.serial_number = 'E2E-1') as twin
      from public.step_execution_history h where h.process_id = ${id("run long")}`),
  ).toEqual([{ seq: 8, twin: "idle" }]);
  expect(await rows("select invariant from public.check_invariants() where invariant <> 'I11'")).toEqual([]);
});

test("a file of ours is rolled back and applied again beside migrations of theirs with later numbers", async () => {
  const [last] = (await readMigrations(MIGRATIONS_DIR)).slice(-1);
  await rollbackMigration(stack.dbUrl, last?.path ?? "");
  expect((await migrate(stack.dbUrl)).applied).toEqual([last?.fileName]);
});
