import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { migrate, rollbackMigration } from "./migrate.ts";
import { refusal, Scratch } from "./test-scratch.ts";

let scratch: Scratch;
beforeEach(async () => {
  scratch = await Scratch.make();
});
afterEach(() => scratch[Symbol.asyncDispose]());

describe("--rollback", () => {
  const A = "create table a (id int);\n/* rollback\ndrop table a;\nrollback */\n";

  test("runs the section of the file and forgets it", async () => {
    const path = await scratch.file("0001_a.sql", A);
    await migrate(scratch.dbUrl, { dir: scratch.dir });
    await rollbackMigration(scratch.dbUrl, path, { dir: scratch.dir });
    expect(await scratch.has("a")).toBe(false);
    expect(await scratch.history()).toEqual([]);
    expect(await migrate(scratch.dbUrl, { dir: scratch.dir })).toEqual({ applied: ["0001_a.sql"] });
  });

  test("refuses while later migrations are applied", async () => {
    const path = await scratch.file("0001_a.sql", A);
    await scratch.file("0002_b.sql", "select 1;");
    await migrate(scratch.dbUrl, { dir: scratch.dir });
    expect(await refusal(rollbackMigration(scratch.dbUrl, path, { dir: scratch.dir }))).toEqual({
      code: "later_applied",
      message: "0001_a.sql was not rolled back: 0002_b.sql is applied after it; roll that back first.",
    });
    expect(await scratch.has("a")).toBe(true);
  });

  test("refuses a file that is not applied or has no section", async () => {
    expect(
      (
        await refusal(
          rollbackMigration(scratch.dbUrl, await scratch.file("0001_a.sql", A), { dir: scratch.dir }),
        )
      ).code,
    ).toBe("not_applied");
    const bare = await scratch.file("0002_b.sql", "select 1; /* rollback is not written */");
    expect((await refusal(rollbackMigration(scratch.dbUrl, bare, { dir: scratch.dir }))).code).toBe(
      "no_rollback",
    );
  });

  test("a failing section changes nothing and is named by its line in the file", async () => {
    const path = await scratch.file(
      "0001_a.sql",
      "create table a (id int);\n/* rollback\ndrop table a;\ndrop tables b;\nrollback */",
    );
    await migrate(scratch.dbUrl, { dir: scratch.dir });
    expect((await refusal(rollbackMigration(scratch.dbUrl, path, { dir: scratch.dir }))).message).toContain(
      "0001_a.sql line 4, column 6: syntax error",
    );
    expect(await scratch.has("a")).toBe(true);
    expect(await scratch.history()).toHaveLength(1);
  });
});
