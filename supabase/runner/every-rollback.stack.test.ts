import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../local/stack.ts";
import { type Catalog, compareCatalogs, readCatalog } from "./catalog.ts";
import { MIGRATIONS_DIR, migrate, rollbackMigration } from "./migrate.ts";
import { readMigrations } from "./migration-file.ts";

let stack: Stack;
let client: Client;
beforeAll(async () => {
  stack = await startStack({ ephemeral: true, seed: false, migrate: false });
  client = new Client({ connectionString: stack.dbUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await stack.stop();
});

/** R1 keeps what was recorded: 0006 drops its functions and triggers, not its table. */
const isKept = (key: string): boolean => key.includes("step_execution_history");

/** Grants are left out: what a rollback leaves may be narrower than what was there. */
function leftBehind(before: Catalog, after: Catalog, fileName: string): string[] {
  const { created, changed, dropped } = compareCatalogs(before, after);
  const mayKeep = fileName <= "0006_step_history.sql";
  return [...created, ...changed, ...dropped].filter(
    (key) => !key.startsWith("grants on ") && !(mayKeep && isKept(key)),
  );
}

test("every migration's rollback restores what was there before it, and all apply again", {
  timeout: 60_000,
}, async () => {
  const files = await readMigrations(MIGRATIONS_DIR);
  const before = new Map<string, Catalog>();
  for (const file of files) {
    before.set(file.fileName, await readCatalog(client));
    await migrate(stack.dbUrl, { file: file.path });
  }
  const remains: Record<string, string[]> = {};
  for (const file of files.toReversed()) {
    await rollbackMigration(stack.dbUrl, file.path);
    const left = leftBehind(before.get(file.fileName) ?? new Map(), await readCatalog(client), file.fileName);
    if (left.length > 0) remains[file.fileName] = left;
  }
  expect(remains).toEqual({});
  const { rows } = await client.query("select version from supabase_migrations.schema_migrations");
  expect(rows).toEqual([]);
  expect((await migrate(stack.dbUrl)).applied).toEqual(files.map((file) => file.fileName));
});
