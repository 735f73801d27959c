import { rm } from "node:fs/promises";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { migrate, migrationStatus } from "./migrate.ts";
import { refusal, Scratch } from "./test-scratch.ts";

let scratch: Scratch;
beforeEach(async () => {
  scratch = await Scratch.make();
});
afterEach(() => scratch[Symbol.asyncDispose]());

describe("migrate", () => {
  test("applies pending files in order, in the CLI's history, and says which", async () => {
    await scratch.file("0002_b.sql", "-- needs a\ncreate table b (id int references a(id));\n");
    await scratch.file("0001_a.sql", "create table a (id int primary key);\ninsert into a values (1);");
    const lines: string[] = [];
    expect(
      await migrate(scratch.dbUrl, { dir: scratch.dir, onProgress: (line) => lines.push(line) }),
    ).toEqual({
      applied: ["0001_a.sql", "0002_b.sql"],
    });
    expect(lines).toEqual(["applied 0001_a.sql", "applied 0002_b.sql"]);
    expect(await scratch.history()).toEqual([
      {
        version: "0001",
        name: "a",
        statements: ["create table a (id int primary key)", "insert into a values (1)"],
      },
      { version: "0002", name: "b", statements: ["-- needs a\ncreate table b (id int references a(id))"] },
    ]);
    expect(await migrate(scratch.dbUrl, { dir: scratch.dir })).toEqual({ applied: [] });
  });

  test("tells PostgREST to read the schema again", async () => {
    await scratch.file("0001_a.sql", "create table a (id int);");
    const listener = new Client({ connectionString: scratch.dbUrl });
    await listener.connect();
    const heard = new Promise<string | undefined>((resolve) =>
      listener.on("notification", (n) => resolve(n.payload)),
    );
    await listener.query("listen pgrst");
    await migrate(scratch.dbUrl, { dir: scratch.dir });
    expect(await heard).toBe("reload schema");
    await listener.end();
  });

  test("stops at the first failure and leaves the files before it applied", async () => {
    await scratch.file("0001_a.sql", "create table a (id int);");
    await scratch.file(
      "0002_b.sql",
      "create table b (id int);\ninsert into b values (1);\nselect\n  1 + 'x'::int;\n",
    );
    await scratch.file("0003_c.sql", "create table c (id int);");
    expect(await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).toEqual({
      code: "22P02",
      message: '0002_b.sql line 4, column 7: invalid input syntax for type integer: "x".',
    });
    expect((await scratch.history()).map((row) => row["version"])).toEqual(["0001"]);
    expect([await scratch.has("a"), await scratch.has("b"), await scratch.has("c")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("names the line of an error that has no position", async () => {
    await scratch.file("0001_a.sql", "create table a (id int);\n\n-- again\ncreate table a (id int);\n");
    expect((await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).message).toBe(
      '0001_a.sql line 4: relation "a" already exists.',
    );
  });

  test("names the line inside a do block", async () => {
    await scratch.file(
      "0001_a.sql",
      "select 1;\n-- x\ndo $$\nbegin\n  raise exception 'no machines';\nend\n$$;\n",
    );
    expect((await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).message).toBe(
      "0001_a.sql line 5: no machines.",
    );
  });

  test("names line and column of a syntax error", async () => {
    await scratch.file("0001_a.sql", "create table a (id int);\n  crate table b (id int);\n");
    expect(await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).toEqual({
      code: "syntax_error",
      message: '0001_a.sql line 2, column 3: syntax error at or near "crate".',
    });
    expect(await scratch.has("a")).toBe(false);
  });

  test("counts characters, not bytes or UTF-16 units, up to the error", async () => {
    await scratch.file("0001_a.sql", "select '🧪é'; crate;\n");
    expect((await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).message).toContain(
      "line 1, column 14:",
    );
  });

  test("refuses a number used twice in the folder", async () => {
    await scratch.file("0001_a.sql", "select 1;");
    await scratch.file("0001_b.sql", "select 2;");
    expect(await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).toEqual({
      code: "number_used",
      message:
        "0001_b.sql was not applied: number 0001 is already used by 0001_a.sql; give it the next free number.",
    });
  });

  test("refuses a number the history gives to another file", async () => {
    const applied = await scratch.file("0001_a.sql", "select 1;");
    await migrate(scratch.dbUrl, { dir: scratch.dir });
    await rm(applied);
    await scratch.file("0001_b.sql", "select 2;");
    expect((await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).message).toBe(
      "0001_b.sql was not applied: number 0001 is already used by 0001_a.sql (already applied); give it the next free number.",
    );
  });

  test("refuses an applied file whose text changed, but not new comments or spacing", async () => {
    await scratch.file("0001_a.sql", "create table a (id int);");
    await migrate(scratch.dbUrl, { dir: scratch.dir });
    await scratch.file("0001_a.sql", "-- a table\ncreate table a  (id int);\n\n");
    expect(await migrate(scratch.dbUrl, { dir: scratch.dir })).toEqual({ applied: [] });
    await scratch.file("0001_a.sql", "create table a (id bigint);");
    expect(await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).toEqual({
      code: "applied_file_changed",
      message:
        "0001_a.sql was changed after it was applied; restore its text and put the change into a new migration.",
    });
  });

  test("refuses a pending file that comes before an applied one, unless named", async () => {
    await scratch.file("0002_b.sql", "create table b (id int);");
    await migrate(scratch.dbUrl, { dir: scratch.dir });
    const late = await scratch.file("0001_a.sql", "create table a (id int);");
    expect((await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).code).toBe("out_of_order");
    expect(await migrate(scratch.dbUrl, { dir: scratch.dir, file: late })).toEqual({
      applied: ["0001_a.sql"],
    });
  });

  test("applies one named file only", async () => {
    const first = await scratch.file("0001_a.sql", "create table a (id int);");
    await scratch.file("0002_b.sql", "create table b (id int);");
    expect(await migrate(scratch.dbUrl, { dir: scratch.dir, file: first })).toEqual({
      applied: ["0001_a.sql"],
    });
    expect(await scratch.has("b")).toBe(false);
  });

  test.each(["commit", "BEGIN", "rollback", "start transaction", "end"])(
    "refuses %s in a file",
    async (word) => {
      await scratch.file("0001_a.sql", `create table a (id int);\n-- now\n${word};\n`);
      const refused = await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }));
      expect(refused.code).toBe("transaction_control");
      expect(refused.message).toMatch(/^0001_a\.sql line 3: /);
    },
  );

  test("two runners at once apply every file once", async () => {
    for (const number of ["0001", "0002", "0003"]) {
      await scratch.file(`${number}_t.sql`, `create table t${number} (id int); select pg_sleep(0.05);`);
    }
    const results = await Promise.all([
      migrate(scratch.dbUrl, { dir: scratch.dir }),
      migrate(scratch.dbUrl, { dir: scratch.dir }),
    ]);
    expect(results.map((result) => result.applied.length).sort()).toEqual([0, 3]);
  });

  test("what one file sets does not reach the next", async () => {
    await scratch.file(
      "0001_a.sql",
      "create role runner_guest; set role runner_guest; set search_path = pg_catalog;",
    );
    await scratch.file("0002_b.sql", "create table b (id int);");
    try {
      await migrate(scratch.dbUrl, { dir: scratch.dir });
      expect(await scratch.has("public.b")).toBe(true);
    } finally {
      await scratch.sql("drop role if exists runner_guest");
    }
  });

  test("does not keep a file whose deferred constraint fails", async () => {
    await scratch.file(
      "0001_a.sql",
      "create table a (id int primary key, b int references a(id) deferrable initially deferred);\ninsert into a values (1, 2);",
    );
    expect((await refusal(migrate(scratch.dbUrl, { dir: scratch.dir }))).code).toBe("23503");
    expect(await scratch.has("a")).toBe(false);
  });

  test("says that the database cannot be reached", async () => {
    await scratch.file("0001_a.sql", "select 1;");
    const refused = await refusal(migrate("postgres://postgres@127.0.0.1:1/postgres", { dir: scratch.dir }));
    expect(refused.code).toBe("not_connected");
    expect(refused.message).toMatch(/^The database cannot be reached: .*ECONNREFUSED/);
  });
});

test("status lists applied, pending and unknown versions", async () => {
  const applied = await scratch.file("0001_a.sql", "select 1;");
  await migrate(scratch.dbUrl, { dir: scratch.dir });
  await rm(applied);
  await scratch.file("0002_b.sql", "select 2;");
  expect(await migrationStatus(scratch.dbUrl, { dir: scratch.dir })).toEqual([
    { fileName: "0001_a.sql", version: "0001", state: "no file" },
    { fileName: "0002_b.sql", version: "0002", state: "pending" },
  ]);
});
