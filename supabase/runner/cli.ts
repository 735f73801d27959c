import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";
import { type Adoption, adopt } from "./adopt.ts";
import type { CatalogDifference } from "./catalog.ts";
import { MigrationFailure } from "./failure.ts";
import { findDatabase } from "./find-database.ts";
import { MIGRATIONS_DIR, migrate, migrationStatus, rollbackMigration, testMigration } from "./migrate.ts";

const USAGE = `Use: npm run migrate -- [--db URL] [--dir FOLDER] [FILE | --test FILE | --rollback FILE | --adopt [--trial] | --status]

  (nothing)         apply all pending migrations
  FILE              apply this file only
  --test FILE       run the file on the real database, say what it would create, roll back, record nothing
  --rollback FILE   run the file's rollback section and forget the file
  --adopt           take over a database that already holds the tables of a control system: keep its rows, repair what
                    cannot stay, apply all migrations, in one transaction; with --trial only say what would be changed
  --status          list applied and pending files

The database is --db, else SUPABASE_DB_URL, else the running embedded stack.`;

const OPTIONS = {
  db: { type: "string" },
  dir: { type: "string" },
  test: { type: "string" },
  rollback: { type: "string" },
  adopt: { type: "boolean" },
  trial: { type: "boolean" },
  status: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<void> {
  const { values, positionals } = readCommandLine({ allowPositionals: true, options: OPTIONS }, USAGE);
  if (values.help) return say(USAGE);
  const asked = [
    values.test,
    values.rollback,
    positionals[0],
    values.status || undefined,
    values.adopt || undefined,
  ].filter((one) => one !== undefined);
  if (asked.length > 1 || positionals.length > 1)
    throw new CommandLineFault("Nothing was done: ask for one thing at a time.", USAGE);
  if (values.trial && !values.adopt)
    throw new CommandLineFault("Nothing was done: --trial goes with --adopt only.", USAGE);
  const dir = values.dir === undefined ? MIGRATIONS_DIR : resolve(values.dir);
  const dbUrl = await findDatabase(values.db);
  const options = { dir, onProgress: say };

  if (values.adopt) {
    const isTrial = values.trial === true;
    return sayAdoption(await adopt(dbUrl, { ...options, isTrial }), isTrial);
  }
  if (values.status) return sayStatus(await migrationStatus(dbUrl, options));
  if (values.test !== undefined) {
    return sayDifference(values.test, await testMigration(dbUrl, await locate(values.test, dir), options));
  }
  if (values.rollback !== undefined)
    return rollbackMigration(dbUrl, await locate(values.rollback, dir), options);
  const file = positionals[0] === undefined ? {} : { file: await locate(positionals[0], dir) };
  const { applied } = await migrate(dbUrl, { ...options, ...file });
  if (applied.length === 0) say("nothing to apply");
}

/** A file may be named by its path or by its bare name in the migrations folder. */
async function locate(name: string, dir: string): Promise<string> {
  for (const path of [resolve(name), join(dir, name)]) {
    if (await exists(path)) return path;
  }
  throw new MigrationFailure(
    "file_not_readable",
    `${name} does not exist, neither here nor in the migrations folder; check the name.`,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function sayAdoption({ tables, changes }: Adoption, isTrial: boolean): void {
  for (const { table, why, rows } of changes) say(`${table}: ${why} (${rows})`);
  const kept = "every row that was changed is kept as it was in private.adoption_log";
  if (isTrial) say(`${tables.length} tables would be taken over; rolled back, nothing kept`);
  else say(`${tables.length} tables taken over; ${kept}`);
}

function sayStatus(rows: Awaited<ReturnType<typeof migrationStatus>>): void {
  for (const row of rows) say(`${row.state.padEnd(8)} ${row.fileName}`);
  if (rows.length === 0) say("no migrations");
}

function sayDifference(name: string, { created, changed, dropped }: CatalogDifference): void {
  for (const key of created) say(`would create ${key}`);
  for (const key of changed) say(`would change ${key}`);
  for (const key of dropped) say(`would drop   ${key}`);
  const counts = `${created.length} created, ${changed.length} changed, ${dropped.length} dropped`;
  say(`${name} runs: ${counts}; rolled back, nothing recorded`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof MigrationFailure) && !(error instanceof CommandLineFault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
