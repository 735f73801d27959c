import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { migrate, migrationStatus, rollbackMigration, testMigration } from "./migrate.ts";

let dir: string;
let dbUrl: string;
let dbName: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pulseboard-runner-"));
  dbName = `runner_${randomUUID().replaceAll("-", "")}`;
  await onServer(`create database ${dbName}`);
  const url = new URL(inject("stack").dbUrl);
  url.pathname = `/${dbName}`;
  dbUrl = url.href;
});

afterEach(async () => {
  await onServer(`drop database ${dbName} with (force)`);
  await rm(dir, { recursive: true });
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(sql);
    return rows;
  } finally {
    await client.end();
  }
}
const onServer = (sql: string) => query(inject("stack").dbUrl, sql);
const onDatabase = (sql: string) => query(dbUrl, sql);

async function file(name: string, sql: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, sql);
  return path;
}
const history = () =>
  onDatabase("select version, name, statements from supabase_migrations.schema_migrations order by version");
const exists = async (relation: string) =>
  (await onDatabase(`select to_regclass('${relation}') is not null as here`))[0]?.["here"];
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: "none", message: "it was not refused" }),
    (error: Error & { code: string }) => ({ code: error.code, message: error.message }),
  );

describe("migrate", () => {
  test("applies pending files in order, in the CLI's history, and says which", async () => {
    await file("0002_b.sql", "-- needs a\ncreate table b (id int references a(id));\n");
    await file("0001_a.sql", "create table a (id int primary key);\ninsert into a values (1);");
    const lines: string[] = [];
    expect(await migrate(dbUrl, { dir, onProgress: (line) => lines.push(line) })).toEqual({
      applied: ["0001_a.sql", "0002_b.sql"],
    });
    expect(lines).toEqual(["applied 0001_a.sql", "applied 0002_b.sql"]);
    expect(await history()).toEqual([
      {
        version: "0001",
        name: "a",
        statements: ["create table a (id int primary key)", "insert into a values (1)"],
      },
      { version: "0002", name: "b", statements: ["-- needs a\ncreate table b (id int references a(id))"] },
    ]);
    expect(await migrate(dbUrl, { dir })).toEqual({ applied: [] });
  });

  test("tells PostgREST to read the schema again", async () => {
    await file("0001_a.sql", "create table a (id int);");
    const listener = new Client({ connectionString: dbUrl });
    await listener.connect();
    const heard = new Promise<string | undefined>((resolve) =>
      listener.on("notification", (n) => resolve(n.payload)),
    );
    await listener.query("listen pgrst");
    await migrate(dbUrl, { dir });
    expect(await heard).toBe("reload schema");
    await listener.end();
  });

  test("stops at the first failure and leaves the files before it applied", async () => {
    await file("0001_a.sql", "create table a (id int);");
    await file(
      "0002_b.sql",
      "create table b (id int);\ninsert into b values (1);\nselect\n  1 + 'x'::int;\n",
    );
    await file("0003_c.sql", "create table c (id int);");
    expect(await refusal(migrate(dbUrl, { dir }))).toEqual({
      code: "22P02",
      message: '0002_b.sql line 4, column 7: invalid input syntax for type integer: "x".',
    });
    expect((await history()).map((row) => row["version"])).toEqual(["0001"]);
    expect([await exists("a"), await exists("b"), await exists("c")]).toEqual([true, false, false]);
  });

  test("names the line of an error that has no position", async () => {
    await file("0001_a.sql", "create table a (id int);\n\n-- again\ncreate table a (id int);\n");
    expect((await refusal(migrate(dbUrl, { dir }))).message).toBe(
      '0001_a.sql line 4: relation "a" already exists.',
    );
  });

  test("names the line inside a do block", async () => {
    await file("0001_a.sql", "select 1;\n-- x\ndo $$\nbegin\n  raise exception 'no machines';\nend\n$$;\n");
    expect((await refusal(migrate(dbUrl, { dir }))).message).toBe("0001_a.sql line 5: no machines.");
  });

  test("names line and column of a syntax error", async () => {
    await file("0001_a.sql", "create table a (id int);\n  crate table b (id int);\n");
    expect(await refusal(migrate(dbUrl, { dir }))).toEqual({
      code: "syntax_error",
      message: '0001_a.sql line 2, column 3: syntax error at or near "crate".',
    });
    expect(await exists("a")).toBe(false);
  });

  test("counts characters, not bytes or UTF-16 units, up to the error", async () => {
    await file("0001_a.sql", "select '🧪é'; crate;\n");
    expect((await refusal(migrate(dbUrl, { dir }))).message).toContain("line 1, column 14:");
  });

  test("refuses a number used twice in the folder", async () => {
    await file("0001_a.sql", "select 1;");
    await file("0001_b.sql", "select 2;");
    expect(await refusal(migrate(dbUrl, { dir }))).toEqual({
      code: "number_used",
      message:
        "0001_b.sql was not applied: number 0001 is already used by 0001_a.sql; give it the next free number.",
    });
  });

  test("refuses a number the history gives to another file", async () => {
    const applied = await file("0001_a.sql", "select 1;");
    await migrate(dbUrl, { dir });
    await rm(applied);
    await file("0001_b.sql", "select 2;");
    expect((await refusal(migrate(dbUrl, { dir }))).message).toBe(
      "0001_b.sql was not applied: number 0001 is already used by 0001_a.sql (already applied); give it the next free number.",
    );
  });

  test("refuses an applied file whose text changed, but not new comments or spacing", async () => {
    await file("0001_a.sql", "create table a (id int);");
    await migrate(dbUrl, { dir });
    await file("0001_a.sql", "-- a table\ncreate table a  (id int);\n\n");
    expect(await migrate(dbUrl, { dir })).toEqual({ applied: [] });
    await file("0001_a.sql", "create table a (id bigint);");
    expect(await refusal(migrate(dbUrl, { dir }))).toEqual({
      code: "applied_file_changed",
      message:
        "0001_a.sql was changed after it was applied; restore its text and put the change into a new migration.",
    });
  });

  test("refuses a pending file that comes before an applied one, unless named", async () => {
    await file("0002_b.sql", "create table b (id int);");
    await migrate(dbUrl, { dir });
    const late = await file("0001_a.sql", "create table a (id int);");
    expect((await refusal(migrate(dbUrl, { dir }))).code).toBe("out_of_order");
    expect(await migrate(dbUrl, { dir, file: late })).toEqual({ applied: ["0001_a.sql"] });
  });

  test("applies one named file only", async () => {
    const first = await file("0001_a.sql", "create table a (id int);");
    await file("0002_b.sql", "create table b (id int);");
    expect(await migrate(dbUrl, { dir, file: first })).toEqual({ applied: ["0001_a.sql"] });
    expect(await exists("b")).toBe(false);
  });

  test.each(["commit", "BEGIN", "rollback", "start transaction", "end"])(
    "refuses %s in a file",
    async (word) => {
      await file("0001_a.sql", `create table a (id int);\n-- now\n${word};\n`);
      const refused = await refusal(migrate(dbUrl, { dir }));
      expect(refused.code).toBe("transaction_control");
      expect(refused.message).toMatch(/^0001_a\.sql line 3: /);
    },
  );

  test("two runners at once apply every file once", async () => {
    for (const number of ["0001", "0002", "0003"]) {
      await file(`${number}_t.sql`, `create table t${number} (id int); select pg_sleep(0.05);`);
    }
    const results = await Promise.all([migrate(dbUrl, { dir }), migrate(dbUrl, { dir })]);
    expect(results.map((result) => result.applied.length).sort()).toEqual([0, 3]);
  });

  test("what one file sets does not reach the next", async () => {
    await file(
      "0001_a.sql",
      "create role runner_guest; set role runner_guest; set search_path = pg_catalog;",
    );
    await file("0002_b.sql", "create table b (id int);");
    try {
      await migrate(dbUrl, { dir });
      expect(await exists("public.b")).toBe(true);
    } finally {
      await onServer("drop role if exists runner_guest");
    }
  });

  test("does not keep a file whose deferred constraint fails", async () => {
    await file(
      "0001_a.sql",
      "create table a (id int primary key, b int references a(id) deferrable initially deferred);\ninsert into a values (1, 2);",
    );
    expect((await refusal(migrate(dbUrl, { dir }))).code).toBe("23503");
    expect(await exists("a")).toBe(false);
  });

  test("says that the database cannot be reached", async () => {
    await file("0001_a.sql", "select 1;");
    const refused = await refusal(migrate("postgres://postgres@127.0.0.1:1/postgres", { dir }));
    expect(refused.code).toBe("not_connected");
    expect(refused.message).toMatch(/^The database cannot be reached: .*ECONNREFUSED/);
  });
});

describe("--test", () => {
  test("reports what the file would create and keeps nothing", async () => {
    const path = await file(
      "0001_a.sql",
      `create type mood as enum ('calm', 'busy');
       create table public.a (id int primary key, mood mood not null);
       create index a_mood on a (mood);
       create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
       create trigger a_touch before update on a for each row execute function touch();
       alter table a enable row level security;
       create policy "all see" on a for select using (true);`,
    );
    expect(await testMigration(dbUrl, path, { dir })).toEqual({
      created: [
        "type public.mood",
        "table public.a",
        "column public.a.id integer not null",
        "column public.a.mood mood not null",
        "constraint a_pkey on public.a",
        "index public.a_mood",
        "index public.a_pkey",
        "function public.touch()",
        'policy "all see" on public.a',
        "trigger a_touch on public.a",
      ],
      changed: [],
      dropped: [],
    });
    expect(await exists("public.a")).toBe(false);
    expect(await exists("supabase_migrations.schema_migrations")).toBe(false);
  });

  test("reports changed and dropped objects", async () => {
    await file("0001_a.sql", "create table a (id int, gone int);");
    await migrate(dbUrl, { dir });
    const path = await file("0002_b.sql", "alter table a alter id type bigint; alter table a drop gone;");
    expect(await testMigration(dbUrl, path, { dir })).toEqual({
      created: [],
      changed: ["column public.a.id bigint"],
      dropped: ["column public.a.gone integer"],
    });
    expect((await history()).map((row) => row["version"])).toEqual(["0001"]);
  });

  test("fails on a deferred constraint that would fail at commit", async () => {
    const path = await file(
      "0001_a.sql",
      "create table a (id int primary key, b int references a(id) deferrable initially deferred);\ninsert into a values (1, 2);",
    );
    expect((await refusal(testMigration(dbUrl, path, { dir }))).code).toBe("23503");
  });

  test("names the migration that should come before when an enum type is missing", async () => {
    await file("0002_workflow.sql", "create type public.work_stage as enum ('pending');");
    const path = await file(
      "0003_steps_table.sql",
      "create table steps (\n  id serial,\n  stage work_stage\n);",
    );
    expect(await refusal(testMigration(dbUrl, path, { dir }))).toEqual({
      code: "missing_type",
      message:
        '0003_steps_table.sql line 3, column 9: type "work_stage" does not exist; apply 0002_workflow.sql first, it creates this type.',
    });
    await rm(join(dir, "0002_workflow.sql"));
    expect((await refusal(testMigration(dbUrl, path, { dir }))).message).toContain(
      "no file in the folder creates this type: add a migration with a lower number that does.",
    );
  });

  test("refuses a number used by a file of the folder, for a file outside of it", async () => {
    await file("0003_steps_table.sql", "select 1;");
    const elsewhere = await mkdtemp(join(tmpdir(), "pulseboard-runner-"));
    const path = join(elsewhere, "0003_other.sql");
    await writeFile(path, "create table other (id int);");
    const refused = await refusal(testMigration(dbUrl, path, { dir }));
    await rm(elsewhere, { recursive: true });
    expect(refused.code).toBe("number_used");
    expect(refused.message).toContain("0003 is already used by 0003_steps_table.sql");
  });

  test("says which privilege a user without CREATE lacks, and records nothing", async () => {
    const role = `guest_${dbName}`;
    await onDatabase(
      `create role ${role} login password 'guest'; revoke create on schema public from public`,
    );
    try {
      const path = await file("0001_a.sql", "create table public.a (id int);");
      const guest = new URL(dbUrl);
      guest.username = role;
      guest.password = "guest";
      expect(await refusal(testMigration(guest.href, path, { dir }))).toEqual({
        code: "missing_privilege",
        message: `0001_a.sql line 1, column 14: permission denied for schema public; user "${role}" lacks that privilege: run as the owner of the database or grant it.`,
      });
      expect((await refusal(migrate(guest.href, { dir }))).code).toBe("missing_privilege");
      await migrate(dbUrl, { dir });
      expect((await refusal(testMigration(guest.href, path, { dir }))).message).toContain(
        "permission denied for table supabase_migrations.schema_migrations",
      );
    } finally {
      await onDatabase(`drop owned by ${role}`);
      await onServer(`drop role ${role}`);
    }
  });
});

describe("--rollback", () => {
  const A = "create table a (id int);\n/* rollback\ndrop table a;\nrollback */\n";

  test("runs the section of the file and forgets it", async () => {
    const path = await file("0001_a.sql", A);
    await migrate(dbUrl, { dir });
    await rollbackMigration(dbUrl, path, { dir });
    expect(await exists("a")).toBe(false);
    expect(await history()).toEqual([]);
    expect(await migrate(dbUrl, { dir })).toEqual({ applied: ["0001_a.sql"] });
  });

  test("refuses while later migrations are applied", async () => {
    const path = await file("0001_a.sql", A);
    await file("0002_b.sql", "select 1;");
    await migrate(dbUrl, { dir });
    expect(await refusal(rollbackMigration(dbUrl, path, { dir }))).toEqual({
      code: "later_applied",
      message: "0001_a.sql was not rolled back: 0002_b.sql is applied after it; roll that back first.",
    });
    expect(await exists("a")).toBe(true);
  });

  test("refuses a file that is not applied or has no section", async () => {
    expect((await refusal(rollbackMigration(dbUrl, await file("0001_a.sql", A), { dir }))).code).toBe(
      "not_applied",
    );
    const bare = await file("0002_b.sql", "select 1; /* rollback is not written */");
    expect((await refusal(rollbackMigration(dbUrl, bare, { dir }))).code).toBe("no_rollback");
  });

  test("a failing section changes nothing and is named by its line in the file", async () => {
    const path = await file(
      "0001_a.sql",
      "create table a (id int);\n/* rollback\ndrop table a;\ndrop tables b;\nrollback */",
    );
    await migrate(dbUrl, { dir });
    expect((await refusal(rollbackMigration(dbUrl, path, { dir }))).message).toContain(
      "0001_a.sql line 4, column 6: syntax error",
    );
    expect(await exists("a")).toBe(true);
    expect(await history()).toHaveLength(1);
  });
});

test("status lists applied, pending and unknown versions", async () => {
  const applied = await file("0001_a.sql", "select 1;");
  await migrate(dbUrl, { dir });
  await rm(applied);
  await file("0002_b.sql", "select 2;");
  expect(await migrationStatus(dbUrl, { dir })).toEqual([
    { fileName: "0001_a.sql", version: "0001", state: "no file" },
    { fileName: "0002_b.sql", version: "0002", state: "pending" },
  ]);
});
