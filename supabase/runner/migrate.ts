import { fileURLToPath } from "node:url";
import type { Client } from "pg";
import { type CatalogDifference, compareCatalogs, readCatalog } from "./catalog.ts";
import { MigrationFailure } from "./failure.ts";
import {
  type AppliedMigration,
  compareWithHistory,
  ensureHistory,
  forgetApplied,
  readHistory,
  recordApplied,
} from "./history.ts";
import {
  compareVersions,
  type MigrationFile,
  numberUsedTwice,
  readMigration,
  readMigrations,
  rollbackSection,
} from "./migration-file.ts";
import { attemptOf, despiteOthers, type Patience, runInTransaction, withSession } from "./session.ts";

/** The project's own migrations folder. */
export const MIGRATIONS_DIR = fileURLToPath(new URL("../migrations", import.meta.url));

export type RunnerOptions = {
  dir?: string;
  onProgress?: (line: string) => void;
  /** Default: ten tries, each waiting at most 3 s for a lock. */
  patience?: Patience;
};
export type MigrationStatus = { fileName: string; version: string; state: "applied" | "pending" | "no file" };

/**
 * Applies all pending migrations of `dir` in order, or only `file` (a path). Each file and its bookkeeping row are one
 * transaction; the first failure stops with a MigrationFailure and leaves the files before it applied.
 */
export async function migrate(
  dbUrl: string,
  options: RunnerOptions & { file?: string } = {},
): Promise<{ applied: string[] }> {
  const folder = await readMigrations(options.dir ?? MIGRATIONS_DIR);
  const named = options.file === undefined ? undefined : await readNamed(options.file, folder);
  return withSession(dbUrl, async (client) => {
    await createHistory(client);
    const history = await readHistory(client);
    const wanted = named ? [named] : folder;
    const pending = wanted.filter((file) => compareWithHistory(file, history) === "pending");
    if (!named) refuseGap(pending, newestOf(folder, history));
    await refuseUnadopted(client, pending);
    const applied: string[] = [];
    for (const file of pending) {
      const attempt = (lockTimeoutMs: number) =>
        runInTransaction(client, attemptOf(file, folder), () => recordApplied(client, file), lockTimeoutMs);
      await despiteOthers(file.fileName, attempt, options);
      applied.push(file.fileName);
      options.onProgress?.(`applied ${file.fileName}`);
    }
    await reloadRest(client);
    return { applied };
  });
}

/** Runs one file in a transaction on the real database, says what it would create, and rolls everything back. */
export async function testMigration(
  dbUrl: string,
  file: string,
  options: RunnerOptions = {},
): Promise<CatalogDifference> {
  const folder = await readMigrations(options.dir ?? MIGRATIONS_DIR);
  const tested = await readNamed(file, folder);
  return withSession(dbUrl, async (client) => {
    compareWithHistory(tested, await readHistory(client));
    const before = await readCatalog(client);
    let difference: CatalogDifference = { created: [], changed: [], dropped: [] };
    const look = async (): Promise<void> => {
      difference = compareCatalogs(before, await readCatalog(client));
    };
    const attempt = (lockTimeoutMs: number) =>
      runInTransaction(client, attemptOf(tested, folder), look, lockTimeoutMs, "rollback");
    await despiteOthers(tested.fileName, attempt, options);
    return difference;
  });
}

/** Runs the rollback section of an applied file and forgets it; refused while later migrations are applied. */
export async function rollbackMigration(
  dbUrl: string,
  file: string,
  options: RunnerOptions = {},
): Promise<void> {
  const folder = await readMigrations(options.dir ?? MIGRATIONS_DIR);
  const undone = await readNamed(file, folder);
  const sql = rollbackSection(undone);
  if (sql === undefined) {
    throw new MigrationFailure(
      "no_rollback",
      `${undone.fileName} was not rolled back: it has no section between "/* rollback" and "rollback */".`,
    );
  }
  await withSession(dbUrl, async (client) => {
    const history = await readHistory(client);
    if (compareWithHistory(undone, history) === "pending") {
      throw new MigrationFailure("not_applied", `${undone.fileName} was not rolled back: it is not applied.`);
    }
    await refuseAdopted(client, undone);
    const newest = newestOf(folder, history);
    if (newest && compareVersions(newest.version, undone.version) > 0) {
      throw new MigrationFailure(
        "later_applied",
        `${undone.fileName} was not rolled back: ${newest.fileName} is applied after it; roll that back first.`,
      );
    }
    const attempt = (lockTimeoutMs: number) =>
      runInTransaction(
        client,
        { file: undone, sql, folder },
        () => forgetApplied(client, undone),
        lockTimeoutMs,
      );
    await despiteOthers(undone.fileName, attempt, options);
    options.onProgress?.(`rolled back ${undone.fileName}`);
    await reloadRest(client);
  });
}

/** Every file of the folder and every row of the history, in order. */
export async function migrationStatus(
  dbUrl: string,
  options: RunnerOptions = {},
): Promise<MigrationStatus[]> {
  const folder = await readMigrations(options.dir ?? MIGRATIONS_DIR);
  return withSession(dbUrl, async (client) => {
    const history = await readHistory(client);
    const files = folder.map((file): MigrationStatus => {
      return { fileName: file.fileName, version: file.version, state: compareWithHistory(file, history) };
    });
    const strangers = history
      .filter((row) => !folder.some((file) => file.version === row.version))
      .map(
        (row): MigrationStatus => ({
          fileName: `${row.version}_${row.name}.sql`,
          version: row.version,
          state: "no file",
        }),
      );
    return [...files, ...strangers].sort((a, b) => compareVersions(a.version, b.version));
  });
}

async function readNamed(path: string, folder: MigrationFile[]): Promise<MigrationFile> {
  const file = await readMigration(path);
  const owner = folder.find((one) => one.version === file.version && one.fileName !== file.fileName);
  if (owner) throw numberUsedTwice(file, owner.fileName);
  return file;
}

async function createHistory(client: Client): Promise<void> {
  try {
    await ensureHistory(client);
  } catch (cause) {
    if (Reflect.get(Object(cause), "code") !== "42501") throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationFailure(
      "missing_privilege",
      `Nothing was applied: user "${client.user ?? ""}" may not keep the migration history (${why}); run as the owner of the database.`,
      { cause },
    );
  }
}

/** The last applied file of this folder; a database may hold the history of somebody else's migrations as well. */
function newestOf(folder: MigrationFile[], history: AppliedMigration[]): MigrationFile | undefined {
  return folder.findLast((file) => history.some(({ version }) => version === file.version));
}

function refuseGap(pending: MigrationFile[], newest: MigrationFile | undefined): void {
  const late = pending.find((file) => newest && compareVersions(file.version, newest.version) < 0);
  if (!late || !newest) return;
  throw new MigrationFailure(
    "out_of_order",
    `${late.fileName} was not applied: ${newest.version} is already applied and comes after it; apply the file by its name if that is meant.`,
  );
}

/** A file whose tables were there before it does not own them: rolling it back would take a lab's own rows with it. */
async function refuseAdopted(client: Client, { fileName, version }: MigrationFile): Promise<void> {
  const { rows } = await client.query<{ adopted: string | null }>(
    "select to_regclass('supabase_migrations.adopted')::text as adopted",
  );
  if (rows[0]?.adopted === null) return;
  const found = await client.query("select from supabase_migrations.adopted where version = $1", [version]);
  if (found.rowCount === 0) return;
  throw new MigrationFailure(
    "adopted",
    `${fileName} was not rolled back: its tables were there before it and hold rows of their own; restore a backup instead.`,
  );
}

/** A database of a control system, not taken over yet, is not to be half migrated. */
async function refuseUnadopted(client: Client, pending: MigrationFile[]): Promise<void> {
  const creates = pending.some(({ sql }) => /^create table public\.machines\b/m.test(sql));
  const { rows } = await client.query<{ is_there: boolean }>(
    "select to_regclass('public.machines') is not null as is_there",
  );
  if (!creates || rows[0]?.is_there !== true) return;
  throw new MigrationFailure(
    "not_adopted",
    "Nothing was applied: this database already holds the tables of a control system; take it over with --adopt (--adopt --trial shows what that would change).",
  );
}

/** PostgREST and its successors re-read the schema when they hear this. */
export async function reloadRest(client: Client): Promise<void> {
  await client.query("notify pgrst, 'reload schema'");
}
