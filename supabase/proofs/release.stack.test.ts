// A database of the release before, demo data and all, is taken further by today's migrations: nothing is lost, and what
// comes out has the structure of a fresh installation.

import { Client } from "pg";
import { expect, test } from "vitest";
import { startStack } from "#supabase/local/stack.ts";
import { readCatalog } from "#supabase/runner/catalog.ts";
import { MIGRATIONS_DIR, migrate, migrationStatus, rollbackMigration } from "#supabase/runner/migrate.ts";
import { readMigrations } from "#supabase/runner/migration-file.ts";
import { readReleased } from "#supabase/runner/test-released.ts";

/** Rows of every table people's data lie in, by the table's name. */
async function countRows(db: Client): Promise<Record<string, number>> {
  const { rows: tables } = await db.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition",
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from public.${name}`);
    counts[name] = rows[0]?.count ?? Number.NaN;
  }
  return counts;
}

async function connected(url: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Which months of telemetry there are depends on when the data was written. */
async function structureOf(db: Client): Promise<object> {
  const entries = [...(await readCatalog(db))].filter(([key]) => !/telemetry_(before|\d{4}_\d\d)/.test(key));
  return Object.fromEntries(entries);
}

/** Takes back what came after the release, the newest first. */
async function returnToRelease(dbUrl: string): Promise<void> {
  const released = new Set((await readReleased()).map(({ fileName }) => fileName));
  for (const { fileName, path } of (await readMigrations(MIGRATIONS_DIR)).toReversed())
    if (!released.has(fileName)) await rollbackMigration(dbUrl, path);
}

test("a database of the release goes on with its data", { timeout: 120_000 }, async () => {
  const stack = await startStack({ ephemeral: true, seed: true });
  try {
    await using db = await connected(stack.dbUrl);
    const fresh = await structureOf(db);
    await returnToRelease(stack.dbUrl);
    const before = await countRows(db);
    expect(before["step_execution_history"]).toBeGreaterThan(1000);

    await migrate(stack.dbUrl);

    const states = (await migrationStatus(stack.dbUrl)).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(["applied"]));
    expect(await countRows(db)).toMatchObject(before);
    expect(await structureOf(db)).toEqual(fresh);
  } finally {
    await stack.stop();
  }
});
