import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { migrate, testMigration } from "./migrate.ts";
import { refusal, Scratch } from "./test-scratch.ts";

let scratch: Scratch;
beforeEach(async () => {
  scratch = await Scratch.make();
});
afterEach(() => scratch[Symbol.asyncDispose]());

describe("--test", () => {
  test("reports what the file would create and keeps nothing", async () => {
    const path = await scratch.file(
      "0001_a.sql",
      `create type mood as enum ('calm', 'busy');
       create table public.a (id int primary key, mood mood not null);
       create index a_mood on a (mood);
       create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
       create trigger a_touch before update on a for each row execute function touch();
       alter table a enable row level security;
       create policy "all see" on a for select using (true);`,
    );
    expect(await testMigration(scratch.dbUrl, path, { dir: scratch.dir })).toEqual({
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
    expect(await scratch.has("public.a")).toBe(false);
    expect(await scratch.has("supabase_migrations.schema_migrations")).toBe(false);
  });

  test("reports changed and dropped objects", async () => {
    await scratch.file("0001_a.sql", "create table a (id int, gone int);");
    await migrate(scratch.dbUrl, { dir: scratch.dir });
    const path = await scratch.file(
      "0002_b.sql",
      "alter table a alter id type bigint; alter table a drop gone;",
    );
    expect(await testMigration(scratch.dbUrl, path, { dir: scratch.dir })).toEqual({
      created: [],
      changed: ["column public.a.id bigint"],
      dropped: ["column public.a.gone integer"],
    });
    expect((await scratch.history()).map((row) => row["version"])).toEqual(["0001"]);
  });

  test("fails on a deferred constraint that would fail at commit", async () => {
    const path = await scratch.file(
      "0001_a.sql",
      "create table a (id int primary key, b int references a(id) deferrable initially deferred);\ninsert into a values (1, 2);",
    );
    expect((await refusal(testMigration(scratch.dbUrl, path, { dir: scratch.dir }))).code).toBe("23503");
  });

  test("names the migration that should come before when an enum type is missing", async () => {
    await scratch.file("0002_workflow.sql", "create type public.work_stage as enum ('pending');");
    const path = await scratch.file(
      "0003_steps_table.sql",
      "create table steps (\n  id serial,\n  stage work_stage\n);",
    );
    expect(await refusal(testMigration(scratch.dbUrl, path, { dir: scratch.dir }))).toEqual({
      code: "missing_type",
      message:
        '0003_steps_table.sql line 3, column 9: type "work_stage" does not exist; apply 0002_workflow.sql first, it creates this type.',
    });
    await rm(join(scratch.dir, "0002_workflow.sql"));
    expect((await refusal(testMigration(scratch.dbUrl, path, { dir: scratch.dir }))).message).toContain(
      "no file in the folder creates this type: add a migration with a lower number that does.",
    );
  });

  test("refuses a number used by a file of the folder, for a file outside of it", async () => {
    await scratch.file("0003_steps_table.sql", "select 1;");
    const elsewhere = await mkdtemp(join(tmpdir(), "pulseboard-runner-"));
    const path = join(elsewhere, "0003_other.sql");
    await writeFile(path, "create table other (id int);");
    const refused = await refusal(testMigration(scratch.dbUrl, path, { dir: scratch.dir }));
    await rm(elsewhere, { recursive: true });
    expect(refused.code).toBe("number_used");
    expect(refused.message).toContain("0003 is already used by 0003_steps_table.sql");
  });

  test("says which privilege a user without CREATE lacks, and records nothing", async () => {
    const path = await scratch.file("0001_a.sql", "create table public.a (id int);");
    const options = { dir: scratch.dir };
    await scratch.asGuest(async (guestUrl, role) => {
      expect(await refusal(testMigration(guestUrl, path, options))).toEqual({
        code: "missing_privilege",
        message: `0001_a.sql line 1, column 14: permission denied for schema public; user "${role}" lacks that privilege: run as the owner of the database or grant it.`,
      });
      expect((await refusal(migrate(guestUrl, options))).code).toBe("missing_privilege");
      expect(await scratch.has("public.a")).toBe(false);
      await migrate(scratch.dbUrl, options);
      expect((await refusal(testMigration(guestUrl, path, options))).message).toContain(
        "permission denied for table supabase_migrations.schema_migrations",
      );
    });
  });
});
