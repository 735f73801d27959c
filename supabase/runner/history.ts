import type { Client } from "pg";
import { MigrationFailure } from "./failure.ts";
import { type MigrationFile, numberUsedTwice } from "./migration-file.ts";
import { fingerprint } from "./split-statements.ts";

/** One row of the history shared with the Supabase CLI; rows written by old CLI versions have no name or statements. */
export type AppliedMigration = { version: string; name: string; statements: string[] | null };

/** Creates the history table in the CLI's own shape, and only when it is missing. */
export async function ensureHistory(client: Client): Promise<void> {
  await client.query(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
    alter table supabase_migrations.schema_migrations add column if not exists statements text[];
    alter table supabase_migrations.schema_migrations add column if not exists name text;`);
}

/** The applied migrations in order; none when the history table does not exist. Refuses when it may not be read. */
export async function readHistory(client: Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<{ may_read: boolean; owner: string }>(`
    select pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select') as may_read,
           pg_catalog.pg_get_userbyid(c.relowner) as owner
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'supabase_migrations' and c.relname = 'schema_migrations'`);
  const table = rows[0];
  if (!table) return [];
  if (!table.may_read) {
    throw new MigrationFailure(
      "missing_privilege",
      `The migration history cannot be read: permission denied for table supabase_migrations.schema_migrations; connect as its owner "${table.owner}" or grant usage on the schema and select on the table.`,
    );
  }
  const history = await client.query<AppliedMigration>(`
    select version, coalesce(name, '') as name, statements
    from supabase_migrations.schema_migrations order by version collate "C"`);
  return history.rows;
}

/** Refuses a file whose number the history gives to another file, and an applied file that was edited afterwards. */
export function compareWithHistory(file: MigrationFile, history: AppliedMigration[]): "applied" | "pending" {
  const row = history.find((one) => one.version === file.version);
  if (!row) return "pending";
  if (row.name !== "" && row.name !== file.name)
    throw numberUsedTwice(file, `${row.version}_${row.name}.sql (already applied)`);
  if (row.statements && fingerprint(row.statements.join("\n;\n")) !== fingerprint(file.sql)) {
    throw new MigrationFailure(
      "applied_file_changed",
      `${file.fileName} was changed after it was applied; restore its text and put the change into a new migration.`,
    );
  }
  return "applied";
}

/** Writes the bookkeeping row; call it in the transaction that applied the file. */
export async function recordApplied(client: Client, file: MigrationFile): Promise<void> {
  const statements = file.statements.map((statement) => statement.text);
  await client.query(
    "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)",
    [file.version, file.name, statements],
  );
}

/** Deletes the bookkeeping row; call it in the transaction that ran the rollback section. */
export async function forgetApplied(client: Client, file: MigrationFile): Promise<void> {
  await client.query("delete from supabase_migrations.schema_migrations where version = $1", [file.version]);
}
