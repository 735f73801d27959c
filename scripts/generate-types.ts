/**
 * Writes lib/supabase/database.types.ts from the catalog of a migrated database: a throw-away one, or `--db URL`.
 * `--check` writes nothing and ends with 1 when the checked-in file is not what the migrations make.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";
import { ROOT } from "#scripts/paths.ts";
import { readSchema } from "#scripts/types/read-schema.ts";
import { writeTypes } from "#scripts/types/write-types.ts";
import { startStack } from "#supabase/local/stack.ts";

const FILE = "lib/supabase/database.types.ts";

const USAGE = "Use: npm run types -- [--db URL] [--check]";
const OPTIONS = { db: { type: "string" }, check: { type: "boolean", default: false } } as const;

/** Resolves to the exit code. */
async function main(): Promise<number> {
  const { values } = readCommandLine({ options: OPTIONS }, USAGE);
  const wanted = values.db === undefined ? await fromMigrations() : await fromDatabase(values.db);
  const present = await readFile(join(ROOT, FILE), "utf8").catch(() => "");
  if (wanted === present) {
    console.log(`${FILE} is what the migrations make`);
    return 0;
  }
  if (values.check) {
    console.error(
      `${FILE} is not what the migrations make (${firstDifference(present, wanted)}); run npm run types and commit it.`,
    );
    return 1;
  }
  await writeFile(join(ROOT, FILE), wanted);
  console.log(`${FILE} written`);
  return 0;
}

async function fromMigrations(): Promise<string> {
  const stack = await startStack({ ephemeral: true, seed: false });
  try {
    return await fromDatabase(stack.dbUrl);
  } finally {
    await stack.stop();
  }
}

async function fromDatabase(dbUrl: string): Promise<string> {
  const client = await connect(dbUrl);
  try {
    return writeTypes(await readSchema(client));
  } finally {
    await client.end();
  }
}

async function connect(dbUrl: string): Promise<Client> {
  try {
    const client = new Client({ connectionString: dbUrl, connectionTimeoutMillis: 10_000 });
    await client.connect();
    return client;
  } catch (error) {
    const why = error instanceof Error && error.message !== "" ? error.message : "it does not answer";
    throw new CommandLineFault(`Nothing was written: the database cannot be reached (${why}).`, USAGE);
  }
}

function firstDifference(present: string, wanted: string): string {
  const [before, after] = [present.split("\n"), wanted.split("\n")];
  const line = after.findIndex((text, index) => text !== before[index]);
  return line < 0 ? `line ${after.length + 1}` : `line ${line + 1}: ${after[line]?.trim()}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof CommandLineFault ? error.message : error);
  process.exitCode = 1;
}
