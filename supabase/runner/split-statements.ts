import { scanSql, type Token } from "./scan-sql.ts";

/** One piece of a file between semicolons; `start`..`end` are offsets of its trimmed text in the file. */
export type Statement = { text: string; start: number; end: number; isComment: boolean };

/**
 * Splits a file into statements as the Supabase CLI stores them: trimmed, without the closing semicolon, comments kept
 * with the statement that follows. A piece that is only comments (a rollback section) is kept and marked.
 */
export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let piece: Token[] = [];
  let parentheses = 0;
  const body = new AtomicBody();
  for (const token of scanSql(sql)) {
    const text = sql.slice(token.start, token.end);
    if (token.kind === "word") body.see(text);
    if (token.kind === "symbol" && text === "(") parentheses += 1;
    if (token.kind === "symbol" && text === ")") parentheses -= 1;
    if (token.kind === "symbol" && text === ";" && parentheses <= 0 && !body.isOpen) {
      pushStatement(statements, sql, piece);
      piece = [];
      parentheses = 0;
      continue;
    }
    piece.push(token);
  }
  pushStatement(statements, sql, piece);
  return statements;
}

/**
 * What a text says to the database, whatever its comments, spacing and cutting into statements: two texts with the same
 * fingerprint are the same migration.
 */
export function fingerprint(sql: string): string {
  return scanSql(sql)
    .filter((token) => token.kind !== "space" && token.kind !== "comment")
    .map((token) => sql.slice(token.start, token.end))
    .filter((text) => text !== ";")
    .join(" ");
}

/** Follows `begin atomic … end` of SQL-standard function bodies, whose semicolons belong to the function. */
class AtomicBody {
  private depth = 0;
  private previous = "";

  get isOpen(): boolean {
    return this.depth > 0;
  }

  see(word: string): void {
    const lower = word.toLowerCase();
    if (this.depth === 0 && lower === "atomic" && this.previous === "begin") this.depth = 1;
    else if (this.depth > 0 && lower === "case") this.depth += 1;
    else if (this.depth > 0 && lower === "end") this.depth -= 1;
    this.previous = lower;
  }
}

function pushStatement(statements: Statement[], sql: string, piece: Token[]): void {
  const first = piece.find((token) => token.kind !== "space");
  const last = piece.findLast((token) => token.kind !== "space");
  if (!first || !last) return;
  const isComment = piece.every((token) => token.kind === "space" || token.kind === "comment");
  statements.push({ text: sql.slice(first.start, last.end), start: first.start, end: last.end, isComment });
}
