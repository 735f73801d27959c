import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dataDirOf } from "#lib/data-folder.ts";
import { MigrationFailure } from "./failure.ts";

/** The database to work on: the address given, else SUPABASE_DB_URL, else the running persistent embedded stack. */
export async function findDatabase(given: string | undefined): Promise<string> {
  const named = given ?? process.env["SUPABASE_DB_URL"];
  if (named) return named;
  const info = await readFile(join(dataDirOf(process.env), "stack", "info.json"), "utf8").catch(
    () => undefined,
  );
  const dbUrl: unknown = info === undefined ? undefined : Reflect.get(Object(JSON.parse(info)), "dbUrl");
  if (typeof dbUrl === "string") return dbUrl;
  throw new MigrationFailure(
    "no_database",
    "No database is named and the embedded stack is not running; pass --db URL, set SUPABASE_DB_URL or start the stack.",
  );
}
