import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCommandLine, Scratch } from "./test-scratch.ts";

let scratch: Scratch;
beforeEach(async () => {
  scratch = await Scratch.make();
});
afterEach(() => scratch[Symbol.asyncDispose]());

const run = (args: string[], env: Record<string, string> = {}) =>
  runCommandLine(args, { PULSEBOARD_DATA_DIR: scratch.dir, ...env });
const onScratch = (...args: string[]) => run(["--db", scratch.dbUrl, "--dir", scratch.dir, ...args]);
const isUntouched = async () => [
  await scratch.has("public.steps"),
  await scratch.has("supabase_migrations.schema_migrations"),
];

describe("npm run migrate", () => {
  test("applies, lists, rolls back", async () => {
    await scratch.file("0001_a.sql", "create table a (id int);\n/* rollback\ndrop table a;\nrollback */");
    await scratch.file("0002_b.sql", "create table b (id int);");
    expect(await onScratch("0001_a.sql")).toEqual({ code: 0, out: "applied 0001_a.sql\n", err: "" });
    expect((await onScratch("--status")).out).toBe("applied  0001_a.sql\npending  0002_b.sql\n");
    expect((await onScratch("--rollback", "0001_a.sql")).out).toBe("rolled back 0001_a.sql\n");
    expect((await onScratch()).out).toBe("applied 0001_a.sql\napplied 0002_b.sql\n");
    expect(await onScratch()).toEqual({ code: 0, out: "nothing to apply\n", err: "" });
  });

  test("takes the database from SUPABASE_DB_URL, or from the running stack's own note", async () => {
    await scratch.file("0001_a.sql", "select 1;");
    const byVariable = await run(["--dir", scratch.dir, "--status"], { SUPABASE_DB_URL: scratch.dbUrl });
    expect(byVariable.out).toBe("pending  0001_a.sql\n");
    const asked = () => run(["--dir", scratch.dir, "--status"]);
    expect(await asked()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^No database is named and the embedded stack is not running;/),
    });
    await mkdir(join(scratch.dir, "stack"));
    await writeFile(join(scratch.dir, "stack", "info.json"), JSON.stringify({ dbUrl: scratch.dbUrl }));
    expect((await asked()).out).toBe("pending  0001_a.sql\n");
  });

  test("refuses two wishes at once and an unknown file", async () => {
    expect((await onScratch("--status", "--test", "0001_a.sql")).code).toBe(1);
    expect((await onScratch("--nonsense")).code).toBe(1);
    expect(await onScratch("0009_none.sql")).toEqual({
      code: 1,
      out: "",
      err: "0009_none.sql does not exist, neither here nor in the migrations folder; check the name.\n",
    });
  });
});

describe("npm run migrate -- --test", () => {
  test("a good file: what it would create, exit code 0", async () => {
    await scratch.file("0003_steps_table.sql", "create table public.steps (id serial primary key);");
    const { code, out } = await onScratch("--test", "0003_steps_table.sql");
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "would create table public.steps",
      "would create column public.steps.id integer not null default nextval('steps_id_seq'::regclass)",
      "would create constraint steps_pkey on public.steps",
      "would create index public.steps_pkey",
      "would create sequence public.steps_id_seq",
      "0003_steps_table.sql runs: 5 created, 0 changed, 0 dropped; rolled back, nothing recorded",
      "",
    ]);
    expect(await isUntouched()).toEqual([false, false]);
  });

  test.each([
    [
      "a syntax error",
      "create table public.steps (\n  id serial,\n);",
      '0003_steps_table.sql line 3, column 1: syntax error at or near ")".\n',
    ],
    [
      "no enum types",
      "create table public.steps (id serial, status status);",
      '0003_steps_table.sql line 1, column 46: type "status" does not exist; no file in the folder creates this type: add a migration with a lower number that does.\n',
    ],
  ])("a file with %s: the sentence, exit code 1, nothing left", async (_what, sql, err) => {
    await scratch.file("0003_steps_table.sql", sql);
    expect(await onScratch("--test", "0003_steps_table.sql")).toEqual({ code: 1, out: "", err });
    expect(await isUntouched()).toEqual([false, false]);
  });

  test("a used number: the sentence, exit code 1, nothing left", async () => {
    await scratch.file("0003_other.sql", "select 1;");
    await scratch.file("0003_steps_table.sql", "create table public.steps (id serial);");
    const { code, err } = await onScratch("--test", "0003_steps_table.sql");
    expect([code, err]).toEqual([
      1,
      "0003_steps_table.sql was not applied: number 0003 is already used by 0003_other.sql; give it the next free number.\n",
    ]);
    expect(await isUntouched()).toEqual([false, false]);
  });

  test("a user without CREATE: the sentence, exit code 1, nothing left", async () => {
    await scratch.file("0003_steps_table.sql", "create table public.steps (id serial);");
    await scratch.asGuest(async (dbUrl, role) => {
      const { code, err } = await run([
        "--db",
        dbUrl,
        "--dir",
        scratch.dir,
        "--test",
        "0003_steps_table.sql",
      ]);
      expect([code, err]).toEqual([
        1,
        `0003_steps_table.sql line 1, column 14: permission denied for schema public; user "${role}" lacks that privilege: run as the owner of the database or grant it.\n`,
      ]);
    });
    expect(await isUntouched()).toEqual([false, false]);
  });
});
