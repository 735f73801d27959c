// 0006 by itself: the step history to the letter, as it was first asked for, before 0007 makes it true.

import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Stack, startStack } from "../local/stack.ts";
import { type Catalog, compareCatalogs, readCatalog } from "../runner/catalog.ts";
import { MIGRATIONS_DIR, migrate, rollbackMigration } from "../runner/migrate.ts";
import { type MigrationFile, readMigrations } from "../runner/migration-file.ts";

const HISTORY = "0006_step_history.sql";

let stack: Stack;
let client: Client;
let file: MigrationFile;
let before: Catalog;
let run: string;

beforeAll(async () => {
  stack = await startStack({ ephemeral: true, seed: false, migrate: false });
  client = new Client({ connectionString: stack.dbUrl });
  await client.connect();
  for (const one of await readMigrations(MIGRATIONS_DIR)) {
    if (one.fileName > HISTORY) break;
    if (one.fileName === HISTORY) before = await readCatalog(client);
    await migrate(stack.dbUrl, { file: one.path });
    file = one;
  }
});
afterAll(async () => {
  await client?.end();
  await stack?.stop();
});

beforeEach(async () => {
  run = randomUUID();
  await client.query(`
    begin;
    insert into auth.users (id) values ('${run}');
    insert into public.profiles (id, role) values ('${run}', 'operator');
    insert into public.machines (id, serial_number, name) values ('${run}', '${run}', 'machine');
    insert into public.recipes (id, name) values ('${run}', 'recipe');
    insert into public.operator_sessions (id, operator_id, machine_id) values ('${run}', '${run}', '${run}');
    insert into public.process_executions (id, session_id, machine_id, recipe_id, recipe_version, operator_id, status)
    values ('${run}', '${run}', '${run}', '${run}', '{}', '${run}', 'running');
    insert into public.process_execution_state (execution_id, current_step_type, current_step_name) values ('${run}', 'valve', 'first')`);
});
afterEach(() => client.query("rollback"));

const update = (set: string) =>
  client.query(`update public.process_execution_state set ${set} where execution_id = '${run}'`);
const history = async (columns: string): Promise<unknown[]> =>
  (
    await client.query(
      `select ${columns} from public.step_execution_history where process_id = '${run}' order by step_number, step_name`,
    )
  ).rows;

test("it makes the table, its indexes, two functions and two triggers, and nothing else", async () => {
  const after = await readCatalog(client);
  const { created, changed, dropped } = compareCatalogs(before, after);
  expect([changed, dropped]).toEqual([[], []]);
  expect(created).toEqual([
    "table public.step_execution_history",
    "column public.step_execution_history.created_at timestamp with time zone default now()",
    "column public.step_execution_history.ended_at timestamp with time zone",
    "column public.step_execution_history.id uuid not null default gen_random_uuid()",
    "column public.step_execution_history.parameters jsonb default '{}'::jsonb",
    "column public.step_execution_history.process_id uuid not null",
    "column public.step_execution_history.started_at timestamp with time zone default now()",
    "column public.step_execution_history.step_name text",
    "column public.step_execution_history.step_number integer",
    "column public.step_execution_history.step_type text",
    "constraint step_execution_history_pkey on public.step_execution_history",
    "constraint step_execution_history_process_id_fkey on public.step_execution_history",
    "index public.step_execution_history_by_process_start",
    "index public.step_execution_history_open",
    "index public.step_execution_history_pkey",
    "function public.fn_close_open_step_history_on_process_end()",
    "function public.fn_record_step_history()",
    "trigger trg_process_end_close_history on public.process_executions",
    "trigger trg_process_state_history on public.process_execution_state",
  ]);
  const told = (key: string) => after.get(key)?.replaceAll(/\s+/g, " ");
  expect(told("constraint step_execution_history_process_id_fkey on public.step_execution_history")).toBe(
    "FOREIGN KEY (process_id) REFERENCES process_executions(id)",
  );
  expect(told("index public.step_execution_history_by_process_start")).toMatch(
    / \(process_id, started_at\)$/,
  );
  expect(told("index public.step_execution_history_open")).toMatch(
    / \(process_id\) WHERE \(ended_at IS NULL\)$/,
  );
  expect(told("trigger trg_process_state_history on public.process_execution_state")).toBe(
    "CREATE TRIGGER trg_process_state_history AFTER UPDATE ON public.process_execution_state FOR EACH ROW " +
      "WHEN (((new.current_step_index IS DISTINCT FROM old.current_step_index) OR (new.current_step_type IS DISTINCT FROM " +
      "old.current_step_type) OR (new.current_step_name IS DISTINCT FROM old.current_step_name))) EXECUTE FUNCTION fn_record_step_history()",
  );
  expect(told("trigger trg_process_end_close_history on public.process_executions")).toBe(
    "CREATE TRIGGER trg_process_end_close_history AFTER UPDATE ON public.process_executions FOR EACH ROW WHEN (((new.status = ANY " +
      "(ARRAY['completed'::process_status, 'failed'::process_status, 'aborted'::process_status])) AND (new.status IS DISTINCT FROM " +
      "old.status))) EXECUTE FUNCTION fn_close_open_step_history_on_process_end()",
  );
  for (const name of ["fn_record_step_history", "fn_close_open_step_history_on_process_end"])
    expect(told(`function public.${name}()`)).toContain(
      "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO ''",
    );
});

test("a change of index, type or name closes what is open and opens one row with the current values", async () => {
  await update(`current_step_index = 3, current_overall_step = 7, current_step_type = 'purge', current_step_name = 'Purge',
    current_step = '{"a": 1}', current_valve_number = 2, current_valve_duration_ms = 100, current_purge_duration_ms = 3000,
    current_parameter_value = 1.5, current_loop_count = 10, current_loop_iteration = 4`);
  expect(
    await history("step_number, step_type, step_name, started_at = now() as is_now, ended_at, parameters"),
  ).toEqual([
    {
      step_number: 7,
      step_type: "purge",
      step_name: "Purge",
      is_now: true,
      ended_at: null,
      parameters: {
        current_step: { a: 1 },
        valve_number: 2,
        valve_duration_ms: 100,
        purge_duration_ms: 3000,
        parameter_value: 1.5,
        loop_count: 10,
        loop_iteration: 4,
      },
    },
  ]);
  await update("current_overall_step = null, current_step_index = 8");
  expect(await history("step_number, ended_at = now() as is_closed_now")).toEqual([
    { step_number: 7, is_closed_now: true },
    { step_number: 8, is_closed_now: null },
  ]);
  await update("current_step_type = 'valve'");
  await update("current_step_name = 'TMA'");
  expect(await history("step_type, step_name")).toHaveLength(4);
});

test("a change of anything else is no step", async () => {
  await update(
    `current_loop_iteration = 2, current_overall_step = 5, progress = '{"completed_steps": 1}', current_valve_number = 4`,
  );
  expect(await history("step_number")).toEqual([]);
});

test.each(["completed", "failed", "aborted"])("a run that is %s closes what is open", async (status) => {
  await update("current_step_name = 'TMA'");
  await client.query(`update public.process_executions set status = 'paused' where id = '${run}'`);
  expect(await history("ended_at")).toEqual([{ ended_at: null }]);
  await client.query(`update public.process_executions set status = '${status}' where id = '${run}'`);
  expect(await history("ended_at = now() as is_closed")).toEqual([{ is_closed: true }]);
});

test("applied again, it changes and fails nothing: its rollback section does not run, and other definitions stay", async () => {
  await update("current_step_name = 'TMA'");
  await client.query(`create or replace function public.fn_record_step_history() returns trigger language plpgsql
    security definer set search_path = '' as $$ begin return null; end $$`);
  const [rows, catalog] = [await history("*"), await readCatalog(client)];
  await client.query(file.sql);
  expect(await history("*")).toEqual(rows);
  expect([...(await readCatalog(client))]).toEqual([...catalog]);
});

test("rolled back on demand, it takes its functions and triggers away and keeps what was recorded", async () => {
  await update("current_step_name = 'TMA'");
  await client.query("commit");
  await rollbackMigration(stack.dbUrl, file.path);
  const { dropped } = compareCatalogs(before, await readCatalog(client));
  expect(dropped).toEqual([]);
  expect((await readCatalog(client)).has("function public.fn_record_step_history()")).toBe(false);
  expect(await history("step_name")).toEqual([{ step_name: "TMA" }]);
  await migrate(stack.dbUrl, { file: file.path });
  await client.query("begin");
  await update("current_step_name = 'Purge'");
  expect(await history("step_name")).toEqual([{ step_name: "Purge" }, { step_name: "TMA" }]);
});
