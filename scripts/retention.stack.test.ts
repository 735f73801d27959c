import { execFile } from "node:child_process";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ROOT } from "#scripts/paths.ts";

type End = { code: number | null; out: string; err: string };

const run = (...args: string[]): Promise<End> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(ROOT, "scripts/retention.ts"), ...args, "--db", inject("stack").dbUrl],
      (_error, out, err) => resolve({ code: child.exitCode, out, err }),
    );
  });

let client: pg.Client;
const count = async (from: string): Promise<number> =>
  Number((await client.query(`select count(*) from ${from}`)).rows[0]?.count);

beforeAll(async () => {
  client = new pg.Client({ connectionString: inject("stack").dbUrl });
  await client.connect();
  // March 2001 has a month of its own, June has none. Of which run they are does not matter here.
  await client.query(`
    select private.keep_telemetry_month('2001-03-15T00:00:00Z');
    set session_replication_role = replica;
    insert into public.process_data_points (process_id, parameter_id, value, "timestamp")
    select p.process_id, p.parameter_id, g, m + make_interval(secs => g)
    from (select gen_random_uuid() as process_id, gen_random_uuid() as parameter_id) p, generate_series(1, 40) g,
      unnest(array['2001-03-15T00:00:00Z', '2001-06-15T00:00:00Z']::timestamptz[]) m;
    set session_replication_role = origin;
    analyze private.telemetry_2001_03`);
});
afterAll(() => client.end());

const OLD = `public.process_data_points where "timestamp" < '2002-01-01'`;

test("what is older is shown, and nothing is thrown away unasked", async () => {
  for (const flags of [[], ["--dry-run"]]) {
    const { code, out, err } = await run("--months", "240", ...flags);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Readings before 20\d\d-\d\d-01 \(UTC\):\n/);
    expect(out).toMatch(/\n {2}2001-03 +about 40 +\d+(\.\d+)? kB\n {2}no month +40 +–\n/);
    expect(out).toMatch(/Nothing was thrown away; add --yes to do it\.\n$/);
  }
  expect(await count(OLD)).toBe(80);
});

test("with --yes it goes, month by month, and the audit log says so; newer readings stay", async () => {
  const newer = await count(`public.process_data_points where "timestamp" >= '2002-01-01'`);
  const { code, out, err } = await run("--months", "240", "--yes");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain(
    "  2001-03 thrown away\n  40 readings of no month thrown away\n1 month thrown away, ",
  );
  expect(await count(OLD)).toBe(0);
  expect(await count(`public.process_data_points where "timestamp" >= '2002-01-01'`)).toBeGreaterThanOrEqual(
    newer,
  );
  expect(
    await count(
      "public.audit_log where action = 'telemetry_removed' and before ->> 'name' = 'telemetry_2001_03'",
    ),
  ).toBe(1);
  expect((await run("--months", "240", "--yes")).out).toMatch(/:\n {2}none\n$/);
});

test.each([
  [[], "Nothing was done: --months is needed, how many to keep."],
  [["--months", "0"], "Nothing was done: --months 0 is not a whole number from 1 to 1200."],
  [["--months", "1.5"], "Nothing was done: --months 1.5 is not a whole number from 1 to 1200."],
  [["--months", "12", "--yes", "--dry-run"], "Nothing was done: --yes and --dry-run do not go together."],
])("%j is answered with a sentence", async (args, sentence) => {
  const { code, out, err } = await run(...args);
  expect([code, out, err.split("\n")[0]]).toEqual([1, "", sentence]);
});
