// Takes over a database that already holds the tables of a control system: prepares its rows (supabase/adopt/adopt.sql),
// then runs every migration, where a table that is there is brought into shape instead of created. All of it is one
// transaction: a controller in the middle of a run waits, and finds either the old database or the new one.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "pg";
import { explainFailure } from "./explain-failure.ts";
import { MigrationFailure } from "./failure.ts";
import { compareWithHistory, ensureHistory, readHistory, recordApplied } from "./history.ts";
import { MIGRATIONS_DIR, type RunnerOptions, reloadRest } from "./migrate.ts";
import { type MigrationFile, readMigrations } from "./migration-file.ts";
import { despiteOthers, withSession } from "./session.ts";
import type { Statement } from "./split-statements.ts";

const FOLDER = fileURLToPath(new URL("../adopt", import.meta.url));
const CREATE_TABLE = /^(?:\s|--[^\n]*\n)*create\s+table\s+public\.(\w+)/i;
const CREATE_TYPE = /^(?:\s|--[^\n]*\n)*create\s+type\s+(public\.\w+)/i;
const ON_SEQUENCE = /^(?:\s|--[^\n]*\n)*revoke\s+all\s+on\s+sequence\s+(public\.\w+)\s/i;

export type Adoption = {
  applied: string[];
  /** Tables that were there and were brought into shape. */
  tables: string[];
  /** What was changed in them and why, with the number of rows; each row as it was is in private.adoption_log. */
  changes: { table: string; why: string; rows: number }[];
};

/** Throws a MigrationFailure and leaves the database as it was when it cannot be taken over. `isTrial` keeps nothing. */
export async function adopt(
  dbUrl: string,
  options: RunnerOptions & { isTrial?: boolean } = {},
): Promise<Adoption> {
  const files = await readMigrations(options.dir ?? MIGRATIONS_DIR);
  return withSession(dbUrl, async (client) => {
    // A lab keeps the history of its own migrations in the same table.
    const history = await readHistory(client);
    if (files.some((file) => compareWithHistory(file, history) === "applied")) {
      throw new MigrationFailure(
        "already_migrated",
        "Nothing was taken over: migrations are applied to this database already; apply the rest without --adopt.",
      );
    }
    if (!(await exists(client, "table", "public.machines"))) {
      throw new MigrationFailure(
        "nothing_to_adopt",
        "Nothing was taken over: this database has no table public.machines; apply the migrations without --adopt.",
      );
    }
    const take = (lockTimeoutMs: number) => inOneTransaction(client, files, options, lockTimeoutMs);
    const adoption = await despiteOthers("Taking over", take, options);
    if (!options.isTrial) await reloadRest(client);
    return adoption;
  });
}

async function inOneTransaction(
  client: Client,
  files: MigrationFile[],
  options: RunnerOptions & { isTrial?: boolean },
  lockTimeoutMs: number,
): Promise<Adoption> {
  await client.query(`begin; set local lock_timeout = ${lockTimeoutMs}`);
  try {
    const adoption = await run(client, files, options);
    await client.query(options.isTrial ? "rollback" : "commit");
    return adoption;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function run(client: Client, files: MigrationFile[], { onProgress }: RunnerOptions): Promise<Adoption> {
  await ensureHistory(client);
  await client.query(`create table supabase_migrations.adopted (version text primary key)`);
  await runPart(client, files, "adopt.sql");
  const tables: string[] = [];
  for (const file of files) {
    const before = tables.length;
    for (const statement of file.statements) {
      const sql = inItsPlace(file, statement);
      await carryOut(client, statement.text, sql, tables).catch(explained(client, files, file, sql));
    }
    await recordApplied(client, file);
    if (tables.length > before)
      await client.query("insert into supabase_migrations.adopted values ($1)", [file.version]);
    onProgress?.(
      `applied ${file.fileName}${tables.length > before ? ` (took over ${tables.slice(before).join(", ")})` : ""}`,
    );
  }
  await runPart(client, files, "after.sql");
  const { rows } = await client.query<{ table: string; why: string; rows: number }>(
    `select table_name as "table", why, count(*)::int as rows from private.adoption_log group by 1, 2 order by min(id)`,
  );
  return { applied: files.map(({ fileName }) => fileName), tables, changes: rows };
}

/** A file of supabase/adopt, as a whole. */
async function runPart(client: Client, folder: MigrationFile[], fileName: string): Promise<void> {
  const path = join(FOLDER, fileName);
  const sql = await readFile(path, "utf8");
  const file = { fileName, path, version: "", name: "adopt", sql, statements: [] };
  await client.query(sql).catch(explained(client, folder, file, sql));
}

const explained =
  (client: Client, folder: MigrationFile[], file: MigrationFile, sql: string) =>
  (error: unknown): never => {
    throw explainFailure(error, { file, sql, folder, user: client.user ?? "", finishedStatements: 0 });
  };

/** A statement that would create what is there is not run as it stands. */
async function carryOut(client: Client, text: string, sql: string, tables: string[]): Promise<void> {
  const table = CREATE_TABLE.exec(text)?.[1];
  if (table !== undefined && (await exists(client, "table", `public.${table}`))) {
    await client.query(sql.replace(/(create\s+table\s+)public\./i, "$1adoption_shape."));
    await client.query("select pg_temp.graft($1)", [table]);
    tables.push(table);
    return;
  }
  const type = CREATE_TYPE.exec(text)?.[1];
  if (type !== undefined && (await exists(client, "type", type))) return refuseOtherLabels(client, type, sql);
  const sequence = ON_SEQUENCE.exec(text)?.[1];
  if (sequence !== undefined && !(await exists(client, "table", sequence))) return;
  await client.query(sql);
}

/** A type that is there is taken as it is, if it is the same. */
async function refuseOtherLabels(client: Client, type: string, sql: string): Promise<void> {
  const shape = type.replace("public.", "adoption_shape.");
  await client.query(sql.replace(/(create\s+type\s+)public\./i, "$1adoption_shape."));
  const { rows } = await client.query<{ is: string | null; wanted: string }>(
    `select
       (select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = to_regtype($1)) as is,
       (select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = to_regtype($2)) as wanted`,
    [type, shape],
  );
  await client.query(`drop type ${shape}`);
  if (rows[0] === undefined || rows[0].is === rows[0].wanted) return;
  throw new MigrationFailure(
    "type_differs",
    `Nothing was taken over: the type ${type} is there with the values ${rows[0].is ?? "none"}, not ${rows[0].wanted}; rename it, or its values, first.`,
  );
}

async function exists(client: Client, kind: "table" | "type", name: string): Promise<boolean> {
  const look = kind === "table" ? "to_regclass($1)" : "to_regtype($1)";
  const { rows } = await client.query<{ is_there: boolean }>(`select ${look} is not null as is_there`, [
    name,
  ]);
  return rows[0]?.is_there ?? false;
}

/** The statement at the line where it stands in its file, so that a failure names that line. */
function inItsPlace(file: MigrationFile, { start, end }: Statement): string {
  return file.sql.slice(0, start).replace(/[^\n]/g, " ") + file.sql.slice(start, end);
}
