import { DatabaseError } from "pg";
import { MigrationFailure } from "./failure.ts";
import type { MigrationFile } from "./migration-file.ts";
import { splitStatements } from "./split-statements.ts";

/** What ran when Postgres refused: the text sent, how many of its statements had finished, and who sent it. */
export type Attempt = {
  file: MigrationFile;
  sql: string;
  finishedStatements: number;
  user: string;
  folder: MigrationFile[];
};

/** Turns an error of Postgres into one sentence with file, line, column (when known), cause and remedy. */
export function explainFailure(error: unknown, attempt: Attempt): MigrationFailure {
  if (error instanceof MigrationFailure) return error;
  if (!(error instanceof DatabaseError)) {
    const text = error instanceof Error ? error.message : String(error);
    return new MigrationFailure("connection_lost", `${attempt.file.fileName} was not applied: ${text}.`, {
      cause: error,
    });
  }
  const place = `${attempt.file.fileName} ${placeOf(error, attempt.sql, attempt.finishedStatements)}`;
  const remedy = remedyOf(error, attempt);
  const detail = error.detail ? ` (${error.detail.replace(/\.$/, "")})` : "";
  const end = remedy ? `; ${remedy}.` : ".";
  return new MigrationFailure(codeOf(error), `${place}: ${error.message}${detail}${end}`, { cause: error });
}

/** Where in `sql` Postgres found the error: `line 3, column 7`, or the line alone of the statement after the finished ones. */
export function placeOf(error: DatabaseError, sql: string, finishedStatements: number): string {
  if (error.position) {
    const before = Array.from(sql).slice(0, Number(error.position) - 1);
    const line = before.filter((character) => character === "\n").length + 1;
    const column = before.length - before.lastIndexOf("\n");
    return `line ${line}, column ${column}`;
  }
  const statement = splitStatements(sql).filter((one) => !one.isComment)[finishedStatements];
  if (!statement) return "at its end";
  const offset = doBlockOffset(error, statement.text) ?? firstCode(statement.text);
  return `line ${sql.slice(0, statement.start + offset).split("\n").length}`;
}

/** Where in a `do` block the error arose: Postgres counts lines from the opening dollar quote. */
function doBlockOffset(error: DatabaseError, statement: string): number | undefined {
  const inner = /inline_code_block line (\d+)/.exec(error.where ?? "")?.[1];
  const opening = /\$\w*\$/.exec(statement);
  if (!inner || !opening) return undefined;
  let offset = opening.index;
  for (let line = 1; line < Number(inner); line += 1) offset = statement.indexOf("\n", offset) + 1;
  return offset;
}

function firstCode(statement: string): number {
  return /^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(statement)?.[0].length ?? 0;
}

function codeOf(error: DatabaseError): string {
  if (error.code === "42601") return "syntax_error";
  if (error.code === "42501") return "missing_privilege";
  if (error.code === "42704" && missingType(error)) return "missing_type";
  return error.code ?? "database_error";
}

function remedyOf(error: DatabaseError, attempt: Attempt): string | undefined {
  if (error.code === "42501")
    return `user "${attempt.user}" lacks that privilege: run as the owner of the database or grant it`;
  if (error.code === "55P03") return "another session holds a lock on it: try again when it has finished";
  const type = error.code === "42704" ? missingType(error) : undefined;
  if (type) return whereCreated("type", type, attempt);
  const table =
    error.code === "42P01" ? /relation "([^"]+)" does not exist/.exec(error.message)?.[1] : undefined;
  if (table) return whereCreated("table", table, attempt);
  return undefined;
}

function missingType(error: DatabaseError): string | undefined {
  return /type "([^"]+)" does not exist/.exec(error.message)?.[1];
}

function whereCreated(kind: "type" | "table", name: string, { file, folder }: Attempt): string {
  const bare = (name.split(".").at(-1) ?? name).replace(/[^\w]/g, (character) => `\\${character}`);
  const creates = new RegExp(
    `create\\s+${kind}\\s+(if\\s+not\\s+exists\\s+)?("?\\w+"?\\.)?"?${bare}"?\\s`,
    "i",
  );
  const owner = folder.find((one) => one.fileName !== file.fileName && creates.test(one.sql));
  if (!owner)
    return `no file in the folder creates this ${kind}: add a migration with a lower number that does`;
  if (owner.version > file.version)
    return `${owner.fileName} creates this ${kind} but comes later: it must come before ${file.fileName}`;
  return `apply ${owner.fileName} first, it creates this ${kind}`;
}
