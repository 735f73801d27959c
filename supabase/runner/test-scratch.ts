/** A database and a migrations folder of its own for every test of this folder, and the command line as a shell runs it. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { inject } from "vitest";

const COMMAND_LINE = fileURLToPath(new URL("cli.ts", import.meta.url));

export type Row = Record<string, unknown>;

export class Scratch implements AsyncDisposable {
  readonly dir: string;
  readonly dbName: string;
  readonly dbUrl: string;

  private constructor(dir: string, dbName: string, dbUrl: string) {
    this.dir = dir;
    this.dbName = dbName;
    this.dbUrl = dbUrl;
  }

  static async make(): Promise<Scratch> {
    const dbName = `runner_${randomUUID().replaceAll("-", "")}`;
    const url = new URL(inject("stack").dbUrl);
    await query(url.href, `create database ${dbName}`);
    url.pathname = `/${dbName}`;
    return new Scratch(await mkdtemp(join(tmpdir(), "pulseboard-runner-")), dbName, url.href);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await query(inject("stack").dbUrl, `drop database ${this.dbName} with (force)`);
    await rm(this.dir, { recursive: true });
  }

  /** Writes a migration and returns its path. */
  async file(name: string, sql: string): Promise<string> {
    const path = join(this.dir, name);
    await writeFile(path, sql);
    return path;
  }

  sql(text: string): Promise<Row[]> {
    return query(this.dbUrl, text);
  }

  history(): Promise<Row[]> {
    return this.sql(
      "select version, name, statements from supabase_migrations.schema_migrations order by version",
    );
  }

  async has(relation: string): Promise<unknown> {
    return (await this.sql(`select to_regclass('${relation}') is not null as here`))[0]?.["here"];
  }

  /** Makes a role that may sign in and create nothing, lends its address, and drops it. */
  async asGuest<T>(use: (dbUrl: string, role: string) => Promise<T>): Promise<T> {
    const role = `guest_${this.dbName}`;
    await this.sql(`create role ${role} login password 'guest'; revoke create on schema public from public`);
    const url = new URL(this.dbUrl);
    url.username = role;
    url.password = "guest";
    try {
      return await use(url.href, role);
    } finally {
      await this.sql(`drop owned by ${role}; drop role ${role}`);
    }
  }
}

/** Runs `npm run migrate` as a shell would, with nothing of this shell's own configuration. */
export function runCommandLine(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: unknown; out: string; err: string }> {
  const options = { env: { NODE_ENV: "test" as const, PATH: process.env["PATH"] ?? "", ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND_LINE, ...args], options, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
}

/** The code and sentence of a refusal. */
export async function refusal(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  return work.then(
    () => ({ code: "none", message: "it was not refused" }),
    (error: Error & { code: string }) => ({ code: error.code, message: error.message }),
  );
}

async function query(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Row>(sql);
    return rows;
  } finally {
    await client.end();
  }
}
