/** Brings a running server to the state of a hosted project, then to the state of this repository. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { errorCode, StackFault } from "../stack-fault.ts";
import type { DatabasePasswords } from "./cluster.ts";

const BOOTSTRAP_FILES = ["../bootstrap.sql", "../auth/schema.sql", "../realtime/schema.sql"];

/** Connection URL of a role on the loopback server. */
export function databaseUrl(
  role: keyof DatabasePasswords,
  passwords: DatabasePasswords,
  port: number,
): string {
  return `postgresql://${role}:${passwords[role]}@127.0.0.1:${port}/postgres`;
}

/** Runs the bootstrap texts when they are new to this cluster, in one transaction. Returns whether they ran. */
export async function bootstrap(passwords: DatabasePasswords, port: number): Promise<boolean> {
  const text = (await Promise.all(BOOTSTRAP_FILES.map(readText))).join("\n");
  const version = `pulseboard bootstrap ${createHash("sha256").update(text).digest("hex")}`;
  return withClient(databaseUrl("supabase_admin", passwords, port), async (client) => {
    const { rows } = await client.query<{ applied: string | null }>(
      "select shobj_description(oid, 'pg_database') as applied from pg_database where datname = 'postgres'",
    );
    if (rows[0]?.applied === version) return false;
    await client.query("begin");
    await client.query(text);
    for (const role of ["postgres", "authenticator"] as const) {
      await client.query(`alter role ${escapeIdentifier(role)} password ${escapeLiteral(passwords[role])}`);
    }
    await client.query(`comment on database postgres is ${escapeLiteral(version)}`);
    await client.query("commit");
    return true;
  });
}

/**
 * Runs `supabase/seed.sql` on a database that has not seen it, recorded in the Supabase CLI's own table.
 * Returns whether the database is seeded afterwards.
 */
export async function seed(dbUrl: string, file: URL, onSeeding: () => void): Promise<boolean> {
  const text = await readText(file);
  if (text === "") return false;
  const name = "supabase/seed.sql";
  return withClient(dbUrl, async (client) => {
    await client.query(`
      create schema if not exists supabase_migrations;
      create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null)`);
    const seen = await client.query("select from supabase_migrations.seed_files where path = $1", [name]);
    if (seen.rowCount !== 0) return true;
    onSeeding();
    await client.query("begin");
    await client.query(text).catch((error) => {
      throw new StackFault(`The demo data of ${name} could not be loaded: ${messageOf(error)}.`, {
        cause: error,
      });
    });
    await client.query("insert into supabase_migrations.seed_files (path, hash) values ($1, $2)", [
      name,
      createHash("sha256").update(text).digest("hex"),
    ]);
    await client.query("commit");
    return true;
  });
}

/** Whether the database holds the demo data. */
export async function isSeeded(dbUrl: string): Promise<boolean> {
  return withClient(dbUrl, async (client) => {
    const { rows } = await client.query<{ found: boolean }>(
      "select to_regclass('supabase_migrations.seed_files') is not null as found",
    );
    if (!rows[0]?.found) return false;
    const seen = await client.query("select from supabase_migrations.seed_files");
    return seen.rowCount !== 0;
  });
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => client.end());
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function readText(file: string | URL): Promise<string> {
  try {
    return await readFile(new URL(file, import.meta.url), "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "";
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
