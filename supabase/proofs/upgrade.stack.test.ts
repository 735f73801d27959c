// A database of the existing control system is taken over while its two-call controller plays a run: the migrations
// apply, the run goes on, nothing is lost, and what comes out is what a fresh installation has.

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client, Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "#supabase/local/stack.ts";
import { type Adoption, adopt } from "#supabase/runner/adopt.ts";
import { readCatalog } from "#supabase/runner/catalog.ts";
import { MIGRATIONS_DIR, migrate, migrationStatus, rollbackMigration } from "#supabase/runner/migrate.ts";
import { refusal, Scratch } from "#supabase/runner/test-scratch.ts";
import { CONTROLLER, send } from "./call.ts";
import { Lab } from "./lab.ts";

const CLI = fileURLToPath(new URL("../runner/cli.ts", import.meta.url));
/** Tables of theirs, with how many rows they hold. */
const THEIR_TABLES = [
  "profiles",
  "machines",
  "component_definitions",
  "machine_components",
  "component_parameters",
  "recipes",
  "recipe_steps",
  "valve_step_config",
  "purge_step_config",
  "loop_step_config",
  "parameter_step_config",
  "operator_sessions",
  "process_executions",
  "process_execution_state",
  "process_data_points",
  "recipe_commands",
];

let stack: Stack;
let fresh: Stack;
let db: Client;
let pool: Pool;
let before: Record<string, number>;
let adoption: Adoption;
let written = 0;

/** Which months of telemetry there are depends on when the data was written. */
const MONTHS = /telemetry_(before|\d{4}_\d\d)/;

const id = (word: string) => `md5('${word}')::uuid`;
const rows = async <R extends object>(text: string): Promise<R[]> => (await db.query<R>(text)).rows;
const count = async (table: string): Promise<number> =>
  (await rows<{ count: number }>(`select count(*)::int as count from public.${table}`))[0]?.count ??
  Number.NaN;
const write = async (text: string) => {
  const answer = await send(pool, CONTROLLER, "read committed", { text, values: [] });
  expect(answer?.code).toBe("");
};

/** The controller tells of one step as it always did: by its state row alone. */
async function oldStep(): Promise<void> {
  written += 1;
  const [type, name] = written % 2 === 1 ? ["purge", "Purge"] : ["valve", "TMA"];
  await write(`update public.process_execution_state set current_step_type = '${type}', current_step_name = '${name}',
    current_loop_iteration = ${Math.ceil(written / 2)}, current_valve_number = 1, current_valve_duration_ms = 100,
    current_purge_duration_ms = 3000, last_updated = now() where execution_id = ${id("run live")}`);
}

beforeAll(async () => {
  [stack, fresh] = await Promise.all([
    startStack({ ephemeral: true, seed: false, migrate: false }),
    startStack({ ephemeral: true, seed: false }),
  ]);
  db = new Client({ connectionString: stack.dbUrl });
  await db.connect();
  pool = new Pool({ connectionString: stack.dbUrl, max: 2 });
  for (const file of ["old-schema.sql", "old-data.sql"])
    await db.query(await readFile(new URL(`./upgrade/${file}`, import.meta.url), "utf8"));
  before = {};
  for (const table of THEIR_TABLES) before[table] = await count(table);
});
afterAll(async () => {
  await pool?.end();
  await db?.end();
  await stack?.stop();
  await fresh?.stop();
});

test("applying the migrations as they are is refused, and says how", async () => {
  expect(await refusal(migrate(stack.dbUrl))).toEqual({
    code: "not_adopted",
    message:
      "Nothing was applied: this database already holds the tables of a control system; take it over with --adopt (--adopt --trial shows what that would change).",
  });
});

test("a trial says what would be changed and changes nothing", async () => {
  const trial = await adopt(stack.dbUrl, { isTrial: true });
  expect(trial.tables).toContain("machines");
  expect(trial.changes).toContainEqual({
    table: "machine_state",
    why: "it did not agree with its machine",
    rows: 4,
  });
  expect(await rows("select to_regnamespace('private') is null as is_untouched")).toEqual([
    { is_untouched: true },
  ]);
  expect(await migrationStatus(stack.dbUrl)).not.toContainEqual(
    expect.objectContaining({ state: "applied" }),
  );
});

test("the command line says the same, line by line", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    CLI,
    "--db",
    stack.dbUrl,
    "--adopt",
    "--trial",
  ]);
  const lines = stdout.trim().split("\n");
  expect(lines).toContain("machines: its status or run did not agree with its runs (7)");
  expect(lines.at(-1)).toMatch(/^\d+ tables would be taken over; rolled back, nothing kept$/);
});

test("taken over in the middle of a run, which goes on: no write fails, and no step is missed", {
  timeout: 120_000,
}, async () => {
  for (let step = 0; step < 6; step += 1) await oldStep();
  let isOver = false;
  const playing = (async () => {
    while (!isOver) await oldStep();
  })();
  adoption = await adopt(stack.dbUrl);
  const atAdoption = written;
  while (written < atAdoption + 6) await new Promise((resolve) => setTimeout(resolve, 10));
  isOver = true;
  await playing;
  const steps = await rows<{ seq: number }>(
    `select seq from public.step_execution_history where process_id = ${id("run live")} order by seq`,
  );
  expect(steps.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 + written }, (_, index) => index + 1));
});

test("the controller ends its run as it always did", async () => {
  await write(
    `update public.process_executions set status = 'completed', end_time = now() - interval '2 seconds' where id = ${id("run live")}`,
  );
  await write(
    `update public.process_execution_state set current_step_type = 'completed', current_step_name = 'Recipe Completed' where execution_id = ${id("run live")}`,
  );
  await write(
    `update public.machines set status = 'idle', current_process_id = null, updated_at = now() where id = ${id("VIRTUAL-DEV-001")}`,
  );
  await write(
    `update public.machine_state set current_state = 'IDLE', process_id = null where machine_id = ${id("VIRTUAL-DEV-001")}`,
  );
  const [run] = await rows<object>(`
    select r.status, r.last_seq, (select count(*)::int from public.step_execution_history h where h.process_id = r.id and h.ended_at is null) as open
    from public.process_executions r where r.id = ${id("run live")}`);
  expect(run).toEqual({ status: "completed", last_seq: 2 + written, open: 0 });
});

test("every invariant holds in what was taken over", async () => {
  // A table of theirs that everybody reads is theirs to close; the checker says so.
  expect(await rows("select invariant, detail from public.check_invariants()")).toEqual([
    { invariant: "I11", detail: "table recipe_commands has no row security" },
  ]);
});

describe("nothing is lost", () => {
  test("every row of theirs is there, with what only they know", async () => {
    for (const table of THEIR_TABLES) expect([table, await count(table)]).toEqual([table, before[table]]);
    expect(
      await rows(
        "select modbus_address, modbus_type, data_type from public.component_parameters_full order by 1",
      ),
    ).toEqual([
      { modbus_address: 11, modbus_type: "coil", data_type: "binary" },
      { modbus_address: 2072, modbus_type: "holding_register", data_type: "float" },
    ]);
    expect(
      await rows("select phone, legacy_role from public.profiles where legacy_role is not null"),
    ).toHaveLength(1);
  });

  test("every row that was changed or removed is kept as it was", async () => {
    const log = await rows<{ table_name: string; before: Record<string, unknown> | null }>(
      "select table_name, before from private.adoption_log where jsonb_typeof(before) = 'object' and not before ? 'policyname'",
    );
    const kept = (table: string) =>
      log.filter(({ table_name }) => table_name === table).map((row) => row.before);
    expect(
      kept("machines")
        .map((row) => row?.["status"])
        .sort(),
    ).toEqual(["IDLE", "Idle", "PROCESSING", "Running", "busy", "inactive", "running"]);
    expect(kept("machine_state")).toHaveLength(4);
    expect(kept("step_execution_history").map((row) => row?.["step_name"])).toEqual([
      "Recipe Completed",
      "Error: pump",
    ]);
    expect(kept("user_machine_assignments")).toHaveLength(2);
    expect(
      kept("profiles")
        .map((row) => row?.["role"])
        .sort(),
    ).toEqual(expect.arrayContaining(["Operator", "Super Admin", "machine admin"]));
  });
});

test("machines are what can be known of them", async () => {
  const machines = await rows<{ serial_number: string; status: string; name: string }>(
    `select m.serial_number, m.status, m.name from public.machines m join public.machine_state s on s.machine_id = m.id order by 1`,
  );
  expect(machines).toHaveLength(18);
  expect(
    Object.fromEntries(machines.map(({ serial_number, status }) => [serial_number, status])),
  ).toMatchObject({
    "MACHINE-001": "error",
    "VIRTUAL-DEV-001": "idle",
    "VIRTUAL-DEV-003": "idle",
    // Said to be working, without a run.
    "E2E-2": "offline",
    "RT-1": "offline",
    "SERIAL-3": "offline",
    "SERIAL-2": "idle",
    "RT-2": "offline",
  });
  expect(machines.every(({ name, serial_number }) => name === serial_number)).toBe(true);
  const runs = await rows<{ name: string; status: string; end_reason: string | null }>(`
    select w.name, r.status, r.end_reason from public.process_executions r
    join unnest(array['done', 'broken', 'crashed', 'torn 1', 'torn 2']) w (name) on md5('run ' || w.name)::uuid = r.id order by 1`);
  expect(runs).toEqual([
    { name: "broken", status: "failed", end_reason: null },
    { name: "crashed", status: "failed", end_reason: "interrupted" },
    { name: "done", status: "completed", end_reason: null },
    { name: "torn 1", status: "failed", end_reason: "interrupted" },
    { name: "torn 2", status: "failed", end_reason: "interrupted" },
  ]);
});

test("what a fresh installation has, this one has, word for word", async () => {
  const other = new Client({ connectionString: fresh.dbUrl });
  await other.connect();
  const [wanted, found] = [await readCatalog(other), await readCatalog(db)];
  await other.end();
  const parts = [...wanted]
    .filter(([key, definition]) => found.get(key) !== definition && !MONTHS.test(key))
    .map(([key]) => key);
  expect(parts.sort()).toEqual([
    // Rows that were there do not satisfy these; new ones must. adoption_log says which.
    "constraint process_executions_operator_id_fkey on public.process_executions",
    "constraint recipe_steps_type_is_known on public.recipe_steps",
  ]);
});

test("a machine taken over plays a run of ours", async () => {
  const lab = await Lab.open(stack.dbUrl, 2);
  const machine = (await rows<{ id: string }>(`select ${id("VIRTUAL-DEV-002")} as id`))[0]?.id ?? "";
  const operator = await lab.person("operator");
  await lab.assign(operator, machine);
  const claimed = await lab.answer({
    fn: "claim_machine",
    args: { p_machine_id: machine, p_controller: "ours", p_driver: "simulated", p_is_simulated: true },
    caller: CONTROLLER,
  });
  const started = await lab.answer({
    fn: "start_process",
    args: { p_command_id: randomUUID(), p_machine_id: machine, p_recipe_id: await lab.recipe() },
    caller: { role: "authenticated", person: operator },
  });
  expect([claimed.code, started.code]).toEqual(["", ""]);
  expect(await lab.violations(machine)).toEqual([]);
  await lab.close();
});

test("all migrations are on record; taking over again and rolling a table of theirs back are refused", async () => {
  expect((await migrationStatus(stack.dbUrl)).every(({ state }) => state === "applied")).toBe(true);
  expect(adoption.tables).toContain("process_executions");
  expect((await migrate(stack.dbUrl)).applied).toEqual([]);
  expect((await refusal(adopt(stack.dbUrl))).code).toBe("already_migrated");
  const undone = await refusal(rollbackMigration(stack.dbUrl, `${MIGRATIONS_DIR}/0005_runs.sql`));
  expect(undone).toEqual({
    code: "adopted",
    message:
      "0005_runs.sql was not rolled back: its tables were there before it and hold rows of their own; restore a backup instead.",
  });
});

test("a database without machines, and one that is migrated, have nothing to take over", async () => {
  await using scratch = await Scratch.make();
  expect((await refusal(adopt(scratch.dbUrl))).code).toBe("nothing_to_adopt");
  expect((await refusal(adopt(fresh.dbUrl))).code).toBe("already_migrated");
});
