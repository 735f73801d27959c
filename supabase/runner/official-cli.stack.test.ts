// The official Supabase CLI applies the same files to an empty database and keeps the same history: what one of the two has
// applied the other one knows, and what comes out is the same, word for word.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../local/stack.ts";
import { type Catalog, compareCatalogs, readCatalog } from "./catalog.ts";
import { MIGRATIONS_DIR, migrate, migrationStatus, rollbackMigration } from "./migrate.ts";
import { type MigrationFile, readMigrations } from "./migration-file.ts";

const OFFICIAL_CLI = createRequire(import.meta.url).resolve("supabase/dist/supabase.js");
const CONFIG = join(dirname(MIGRATIONS_DIR), "config.toml");
const NOWHERE = "http://127.0.0.1:9";

let stack: Stack;
let client: Client;
let project: string;
let files: MigrationFile[];

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "pulseboard-cli-"));
  await mkdir(join(project, "supabase"));
  await cp(MIGRATIONS_DIR, join(project, "supabase/migrations"), { recursive: true });
  await cp(CONFIG, join(project, "supabase/config.toml"));
  files = await readMigrations(MIGRATIONS_DIR);
  stack = await startStack({ ephemeral: true, seed: false, migrate: false });
  client = new Client({ connectionString: stack.dbUrl });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await stack?.stop();
  await rm(project, { recursive: true });
});

/** Runs the CLI on a copy of the project, with a home of its own, nothing to tell anybody and no way out of this machine. */
function supabase(...args: string[]): Promise<{ code: unknown; out: string }> {
  const remote = `--remote=${stack.dbUrl}?sslmode=disable`;
  const env = {
    NODE_ENV: "test" as const,
    PATH: process.env["PATH"] ?? "",
    HOME: project,
    SUPABASE_HOME: project,
    SUPABASE_NO_UPDATE_NOTIFIER: "1",
    SUPABASE_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
  };
  return new Promise((resolve) => {
    const asked = [OFFICIAL_CLI, ...args, remote, "--workdir", project, "--yes", "--agent", "no"];
    const child = execFile(process.execPath, asked, { env, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out: out + err }),
    );
    child.stdin?.end();
  });
}

const catalog = (): Promise<Catalog> => readCatalog(client);
const names = (of: readonly MigrationFile[]): string[] => of.map(({ fileName }) => fileName);
const applied = (output: string): string[] =>
  [...output.matchAll(/^Applying migration (\S+\.sql)\.\.\.$/gm)].map(([, name]) => name ?? "");
const pending = async (): Promise<string[]> =>
  (await migrationStatus(stack.dbUrl))
    .filter(({ state }) => state !== "applied")
    .map(({ fileName }) => fileName);

test("supabase db push applies every migration, and our runner has nothing left to apply", async () => {
  const pushed = await supabase("db", "push");
  expect(pushed).toEqual({ code: 0, out: expect.stringContaining("Finished supabase db push.") });
  expect(applied(pushed.out)).toEqual(names(files));
  expect(await pending()).toEqual([]);
  expect(await migrate(stack.dbUrl)).toEqual({ applied: [] });
});

test("what our runner rolls back the CLI applies again, and only that", async () => {
  const complete = await catalog();
  const last = files.slice(-2);
  for (const file of last.toReversed()) await rollbackMigration(stack.dbUrl, file.path);
  expect(applied((await supabase("db", "push")).out)).toEqual(names(last));
  expect(compareCatalogs(complete, await catalog())).toEqual({ created: [], changed: [], dropped: [] });
  expect(await pending()).toEqual([]);
});

test("what our runner applies is the same, and the CLI has nothing left to push", {
  timeout: 60_000,
}, async () => {
  const pushed = await catalog();
  for (const file of files.toReversed()) await rollbackMigration(stack.dbUrl, file.path);
  expect(await pending()).toEqual(names(files));
  expect(await migrate(stack.dbUrl)).toEqual({ applied: names(files) });
  expect(compareCatalogs(pushed, await catalog())).toEqual({ created: [], changed: [], dropped: [] });
  const again = await supabase("db", "push");
  expect(again).toEqual({ code: 0, out: expect.stringContaining("Remote database is up to date.") });
  expect(applied(again.out)).toEqual([]);
});
