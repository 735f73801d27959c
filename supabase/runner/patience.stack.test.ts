// A database is in use while it is migrated. A file that loses against somebody at work is tried again, a bounded number of
// times, and every time it is said.

import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { migrate, rollbackMigration, testMigration } from "./migrate.ts";
import { refusal, Scratch } from "./test-scratch.ts";

const PATIENCE = { tries: 3, lockTimeoutMs: 100, pauseMs: 1 };

let scratch: Scratch;
let other: Client;
beforeEach(async () => {
  scratch = await Scratch.make();
  await scratch.sql(
    "create table a (id int); create table b (id int); insert into a values (1); insert into b values (1)",
  );
  other = new Client({ connectionString: scratch.dbUrl });
  await other.connect();
});
afterEach(async () => {
  await other.end();
  await scratch[Symbol.asyncDispose]();
});

/** Lines said so far; `then` is begun at the first. */
function listener(then: () => Promise<unknown> = async () => undefined) {
  const lines: string[] = [];
  const onProgress = (line: string): void => {
    if (lines.push(line) === 1) void then();
  };
  return { lines, onProgress };
}

describe("a lock that somebody holds", () => {
  const TIMEOUT = "waited too long for a lock that another session holds, nothing was kept; trying again";

  test("is asked for again, and had when it is given back", async () => {
    await scratch.file("0001_a.sql", "create table c (id int);\nalter table a add column x int;");
    await other.query("begin; update a set id = 2");
    const { lines, onProgress } = listener(() => other.query("commit"));
    const options = { dir: scratch.dir, patience: { ...PATIENCE, lockTimeoutMs: 1000 }, onProgress };
    expect(await migrate(scratch.dbUrl, options)).toEqual({ applied: ["0001_a.sql"] });
    expect(lines).toEqual([`0001_a.sql ${TIMEOUT} (2 of 3)`, "applied 0001_a.sql"]);
    expect(await scratch.history()).toHaveLength(1);
  });

  test("is given up after so many tries, with nothing kept, and says what to do", async () => {
    await scratch.file("0001_a.sql", "create table c (id int);\nalter table a add column x int;");
    await other.query("begin; update a set id = 2");
    const { lines, onProgress } = listener();
    expect(
      await refusal(migrate(scratch.dbUrl, { dir: scratch.dir, patience: PATIENCE, onProgress })),
    ).toEqual({
      code: "55P03",
      message:
        "0001_a.sql line 2: canceling statement due to lock timeout; another session holds a lock on it: try again when it has finished.",
    });
    expect(lines).toEqual([`0001_a.sql ${TIMEOUT} (2 of 3)`, `0001_a.sql ${TIMEOUT} (3 of 3)`]);
    await other.query("rollback");
    expect([await scratch.has("c"), await scratch.history()]).toEqual([false, []]);
  });

  test("is asked for again by --test and --rollback too", async () => {
    const path = await scratch.file(
      "0001_a.sql",
      "alter table a add x int;\n/* rollback\nalter table a drop x;\nrollback */",
    );
    const patience = { ...PATIENCE, lockTimeoutMs: 1000 };
    await other.query("begin; update a set id = 2");
    const tried = listener(() => other.query("commit"));
    await testMigration(scratch.dbUrl, path, { dir: scratch.dir, patience, onProgress: tried.onProgress });
    await migrate(scratch.dbUrl, { dir: scratch.dir });
    await other.query("begin; update a set id = 2");
    const undone = listener(() => other.query("commit"));
    await rollbackMigration(scratch.dbUrl, path, {
      dir: scratch.dir,
      patience,
      onProgress: undone.onProgress,
    });
    expect(tried.lines).toEqual([`0001_a.sql ${TIMEOUT} (2 of 3)`]);
    expect(undone.lines).toEqual([`0001_a.sql ${TIMEOUT} (2 of 3)`, "rolled back 0001_a.sql"]);
  });
});

test("a deadlock is lost by the runner, which tries again when the other has finished", async () => {
  await scratch.file(
    "0001_a.sql",
    "set local deadlock_timeout = '20ms';\nalter table a add column x int;\nselect pg_advisory_xact_lock(1);\nalter table b add column x int;",
  );
  // The other session has written b, waits for a, and never looks for deadlocks itself.
  await other.query("set deadlock_timeout = '1h'; begin; update b set id = 2");
  const gate = new Client({ connectionString: scratch.dbUrl });
  await gate.connect();
  await gate.query("select pg_advisory_lock(1)");
  const { lines, onProgress } = listener();
  const patience = { tries: 3, lockTimeoutMs: 30_000, pauseMs: 1 };
  const migrating = migrate(scratch.dbUrl, { dir: scratch.dir, patience, onProgress });
  const waiting = (count: number) =>
    vi.waitFor(async () => {
      const [row] = await scratch.sql(
        "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      expect(row).toEqual({ count });
    });
  await waiting(1);
  const writing = other.query("update a set id = 2");
  await waiting(2);
  await gate.query("select pg_advisory_unlock(1)");
  await writing;
  await other.query("commit");
  expect(await migrating).toEqual({ applied: ["0001_a.sql"] });
  await gate.end();
  expect(lines).toEqual([
    "0001_a.sql was in a deadlock with another session, nothing was kept; trying again (2 of 3)",
    "applied 0001_a.sql",
  ]);
  expect(await scratch.sql("select a.id as a, b.id as b, a.x from a, b")).toEqual([{ a: 2, b: 2, x: null }]);
});
