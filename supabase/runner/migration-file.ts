import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { MigrationFailure } from "./failure.ts";
import { scanSql } from "./scan-sql.ts";
import { type Statement, splitStatements } from "./split-statements.ts";

/** One numbered file. `fileName` is `<version>_<name>.sql`; `sql` is its text without a byte order mark. */
export type MigrationFile = {
  fileName: string;
  path: string;
  version: string;
  name: string;
  sql: string;
  statements: Statement[];
};

const FILE_NAME = /^([0-9]+)_(.+)\.sql$/;
const TRANSACTION_CONTROL = /^(begin|commit|rollback|abort|end|start\s+transaction|prepare\s+transaction)\b/i;
const TO_SAVEPOINT = /^rollback\s+(work\s+|transaction\s+)?to\b/i;

/** All migrations of a folder in the order of their numbers; fails on a file without a number and on a number used twice. */
export async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const names = (await readFolder(dir)).filter((name) => name.endsWith(".sql")).sort();
  const files = await Promise.all(names.map((name) => readMigration(join(dir, name))));
  files.sort((a, b) => compareVersions(a.version, b.version));
  for (const [index, file] of files.entries()) {
    const next = files[index + 1];
    if (next && next.version === file.version) throw numberUsedTwice(next, file.fileName);
  }
  return files;
}

/** One migration by its path; the text is checked for what no runner could roll back. */
export async function readMigration(path: string): Promise<MigrationFile> {
  const fileName = basename(path);
  const [, version, name] = FILE_NAME.exec(fileName) ?? [];
  if (!version || !name) {
    throw new MigrationFailure(
      "bad_file_name",
      `${fileName} has no number; name it like 0014_what_it_does.sql.`,
    );
  }
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new MigrationFailure("file_not_readable", `${fileName} cannot be read: ${String(cause)}.`);
  });
  const sql = text.replace(/^\uFEFF/, "");
  const file = { fileName, path: resolve(path), version, name, sql, statements: splitStatements(sql) };
  refuseTransactionControl(file);
  return file;
}

/** Order of the Supabase CLI: by the text of the number, so 0013 comes before 20260101000000. */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * The SQL between `/* rollback` and `rollback *\/`, padded with blank lines so that positions in it are positions in the
 * file. Undefined when the file has no such section.
 */
export function rollbackSection(file: MigrationFile): string | undefined {
  const comment = scanSql(file.sql).findLast(
    (token) => token.kind === "comment" && /^\/\*\s*rollback\b/.test(file.sql.slice(token.start, token.end)),
  );
  if (!comment) return undefined;
  const text = file.sql.slice(comment.start, comment.end);
  const opening = /^\/\*\s*rollback\b/.exec(text)?.[0] ?? "";
  const closing = /\brollback\s*\*\/$/.exec(text);
  if (!closing) return undefined;
  const from = comment.start + opening.length;
  return blank(file.sql.slice(0, from)) + file.sql.slice(from, comment.start + closing.index);
}

/** The refusal of a number that belongs to another file. */
export function numberUsedTwice(file: MigrationFile, owner: string): MigrationFailure {
  return new MigrationFailure(
    "number_used",
    `${file.fileName} was not applied: number ${file.version} is already used by ${owner}; give it the next free number.`,
  );
}

async function readFolder(dir: string): Promise<string[]> {
  return readdir(dir).catch((cause: unknown) => {
    throw new MigrationFailure(
      "folder_not_readable",
      `Migrations folder ${basename(dirname(dir))}/${basename(dir)} cannot be read: ${String(cause)}.`,
    );
  });
}

function refuseTransactionControl(file: MigrationFile): void {
  for (const statement of file.statements) {
    const words = statement.text.slice(codeOffset(statement.text));
    if (!TRANSACTION_CONTROL.test(words) || TO_SAVEPOINT.test(words)) continue;
    const line = file.sql.slice(0, statement.start + codeOffset(statement.text)).split("\n").length;
    const word = words.split(/[\s;]/, 1)[0] ?? words;
    throw new MigrationFailure(
      "transaction_control",
      `${file.fileName} line ${line}: "${word}" is not allowed, because the runner applies the whole file in one transaction of its own; remove it.`,
    );
  }
}

function codeOffset(statement: string): number {
  const first = scanSql(statement).find((token) => token.kind !== "space" && token.kind !== "comment");
  return first?.start ?? statement.length;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
