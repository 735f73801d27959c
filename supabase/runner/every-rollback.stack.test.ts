import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../local/stack.ts";
import { type Catalog, readCatalog } from "./catalog.ts";
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

/** R1 keeps what was recorded: rolling 0006 back drops its functions and triggers, not its table. */
const KEPT = /^(table|column|index|constraint|grants on) ?.*step_execution_history/;

/** Everything that is not, to the letter, what it was: structure, bodies, comments, rights. */
function differences(before: Catalog, after: Catalog): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).sort();
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
  const complete = await readCatalog(client);
  const remains: Record<string, string[]> = {};
  for (const { fileName, path } of files.toReversed()) {
    await rollbackMigration(stack.dbUrl, path);
    const left = differences(before.get(fileName) ?? new Map(), await readCatalog(client));
    const mayKeep = fileName === "0006_step_history.sql";
    remains[fileName] = left.filter((key) => !(mayKeep && KEPT.test(key)));
  }
  expect(remains).toEqual(Object.fromEntries(files.map(({ fileName }) => [fileName, []])));
  const { rows } = await client.query("select version from supabase_migrations.schema_migrations");
  expect(rows).toEqual([]);
  expect((await migrate(stack.dbUrl)).applied).toEqual(files.map((file) => file.fileName));
  expect(differences(complete, await readCatalog(client))).toEqual([]);
});
