// 0003_steps_table.sql itself, tried on a real database through the command line: what --test says of it, and that whatever
// it says, nothing is recorded and nothing created.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../local/stack.ts";
import { type Catalog, readCatalog } from "./catalog.ts";
import { MIGRATIONS_DIR, migrate, rollbackMigration } from "./migrate.ts";
import { runCommandLine } from "./test-scratch.ts";

const STEPS = "0003_steps_table.sql";
const TYPES = "0002_workflow_types.sql";

let stack: Stack;
let client: Client;
let dir: string;
let steps: string;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  stack = await startStack({ ephemeral: true, seed: false, migrate: false });
  client = new Client({ connectionString: stack.dbUrl });
  await client.connect();
  for (const name of ["0001_people_and_machines.sql", TYPES]) await apply(name);
});
afterAll(async () => {
  await client?.end();
  await stack?.stop();
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pulseboard-steps-"));
  await cp(MIGRATIONS_DIR, dir, { recursive: true });
  steps = await readFile(join(dir, STEPS), "utf8");
});
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
  await rm(dir, { recursive: true });
});

/** Where a text first stands in the file, as the runner says it. */
const at = (text: string): string => {
  const before = steps.slice(0, steps.indexOf(text)).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
};
const apply = (name: string) => migrate(stack.dbUrl, { file: join(MIGRATIONS_DIR, name) });
const everything = async (): Promise<[Catalog, unknown[]]> => [
  await readCatalog(client),
  (await client.query("select * from supabase_migrations.schema_migrations order by version")).rows,
];

/** `--test` of a file in the folder; fails when anything at all is different afterwards. */
async function tried(name = STEPS, dbUrl = stack.dbUrl) {
  const before = await everything();
  const answer = await runCommandLine(["--db", dbUrl, "--dir", dir, "--test", name]);
  expect(await everything()).toEqual(before);
  return answer;
}

/** A user who may sign in, and what else is granted; gone with the test. */
async function asGuest(grants: string): Promise<string> {
  await client.query(`create role guest login password 'guest'; ${grants}`);
  undo.push(() => client.query("drop owned by guest; drop role guest"));
  const url = new URL(stack.dbUrl);
  [url.username, url.password] = ["guest", "guest"];
  return url.href;
}

describe("--test 0003_steps_table.sql", () => {
  test("as it is: what it would create, exit code 0", async () => {
    expect(await tried()).toEqual({
      code: 0,
      err: "",
      out: `${[
        "table public.steps",
        "column public.steps.assigned_to assigned_to not null",
        "column public.steps.attempt_count integer default 0",
        "column public.steps.context_files jsonb",
        "column public.steps.context_snapshot json",
        "column public.steps.created_at timestamp without time zone default now()",
        "column public.steps.file_path text",
        "column public.steps.id integer not null default nextval('steps_id_seq'::regclass)",
        "column public.steps.instructions text",
        "column public.steps.last_error text",
        "column public.steps.parent_step_id integer",
        "column public.steps.project_id integer not null",
        "column public.steps.status status not null",
        "column public.steps.step_number integer not null",
        "column public.steps.step_type step_type not null",
        "column public.steps.subtask_id integer not null",
        "column public.steps.updated_at timestamp without time zone default now()",
        "constraint steps_parent_step_id_fkey on public.steps",
        "constraint steps_pkey on public.steps",
        "constraint steps_project_id_fkey on public.steps",
        "constraint steps_subtask_id_fkey on public.steps",
        "index public.idx_steps_created_at",
        "index public.idx_steps_parent_step_id",
        "index public.idx_steps_project_id",
        "index public.idx_steps_status",
        "index public.idx_steps_subtask_id",
        "index public.steps_pkey",
        "sequence public.steps_id_seq",
        'policy "steps_insert_by_engineers" on public.steps',
        'policy "steps_read_by_people" on public.steps',
        'policy "steps_update_by_engineers" on public.steps',
      ]
        .map((key) => `would create ${key}\n`)
        .join("")}${STEPS} runs: 31 created, 0 changed, 0 dropped; rolled back, nothing recorded\n`,
    });
  });

  test("with a syntax error: its line and column, exit code 1", async () => {
    await writeFile(join(dir, STEPS), steps.replace("file_path text,", "file_path text"));
    expect(await tried()).toEqual({
      code: 1,
      out: "",
      err: `${STEPS} ${at("instructions")}: syntax error at or near "instructions".\n`,
    });
  });

  test("with a number another file of the folder uses: which, exit code 1", async () => {
    await cp(join(dir, STEPS), join(dir, "0003_other.sql"));
    expect(await tried()).toEqual({
      code: 1,
      out: "",
      err: `${STEPS} was not applied: number 0003 is already used by 0003_other.sql; give it the next free number.\n`,
    });
  });

  test("with a number the database gave to another file: which, exit code 1", async () => {
    await client.query(
      "insert into supabase_migrations.schema_migrations values ('0003', null, 'elsewhere')",
    );
    undo.push(() => client.query("delete from supabase_migrations.schema_migrations where version = '0003'"));
    expect(await tried()).toEqual({
      code: 1,
      out: "",
      err: `${STEPS} was not applied: number 0003 is already used by 0003_elsewhere.sql (already applied); give it the next free number.\n`,
    });
  });

  test("without the enums: which file makes them, exit code 1", async () => {
    await rollbackMigration(stack.dbUrl, join(MIGRATIONS_DIR, TYPES));
    undo.push(() => apply(TYPES));
    expect(await tried()).toEqual({
      code: 1,
      out: "",
      err: `${STEPS} ${at("public.step_type")}: type "public.step_type" does not exist; apply ${TYPES} first, it creates this type.\n`,
    });
  });

  test("as a user without CREATE: which privilege, exit code 1", async () => {
    const guest = await asGuest(`grant usage on schema supabase_migrations to guest;
      grant select on supabase_migrations.schema_migrations to guest`);
    expect(await tried(STEPS, guest)).toEqual({
      code: 1,
      out: "",
      err: `${STEPS} ${at("public.steps (")}: permission denied for schema public; user "guest" lacks that privilege: run as the owner of the database or grant it.\n`,
    });
  });

  test("as a user who may not read the history: that, exit code 1", async () => {
    expect(await tried(STEPS, await asGuest(""))).toEqual({
      code: 1,
      out: "",
      err: 'The migration history cannot be read: permission denied for table supabase_migrations.schema_migrations; connect as its owner "postgres" or grant usage on the schema and select on the table.\n',
    });
  });
});

test("drop table steps cascade restores what was there before it", async () => {
  const before = await readCatalog(client);
  await apply(STEPS);
  await client.query("drop table if exists steps cascade");
  expect(await readCatalog(client)).toEqual(before);
});
