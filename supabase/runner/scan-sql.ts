/**
 * Cuts SQL text into lexical tokens by PostgreSQL's own rules (dollar quotes, nested block comments, escape strings), so
 * that nothing in this folder mistakes the inside of a string or comment for code. Tokens cover the text without gaps.
 */
export type Token = {
  kind: "space" | "comment" | "string" | "identifier" | "word" | "symbol";
  start: number;
  end: number;
};

const SPACE = /\s+/y;
const WORD = /[A-Za-z0-9_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const LINE_COMMENT = /--[^\n]*/y;
const BLOCK_EDGE = /\/\*|\*\//g;

/** Splits `sql` into tokens in order; an unterminated string or comment runs to the end of the text. */
export function scanSql(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const token = nextToken(sql, at, tokens.at(-1));
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function nextToken(sql: string, start: number, previous: Token | undefined): Token {
  const character = sql[start];
  const space = matchEnd(SPACE, sql, start);
  if (space !== undefined) return { kind: "space", start, end: space };
  const comment = matchEnd(LINE_COMMENT, sql, start);
  if (comment !== undefined) return { kind: "comment", start, end: comment };
  if (sql.startsWith("/*", start)) return { kind: "comment", start, end: blockCommentEnd(sql, start) };
  if (character === "'") {
    const escapes = previous?.kind === "word" && /^e$/i.test(sql.slice(previous.start, previous.end));
    return { kind: "string", start, end: quotedEnd(sql, start, "'", escapes) };
  }
  if (character === '"') return { kind: "identifier", start, end: quotedEnd(sql, start, '"', false) };
  const tagEnd = matchEnd(DOLLAR_TAG, sql, start);
  if (tagEnd !== undefined) {
    const close = sql.indexOf(sql.slice(start, tagEnd), tagEnd);
    return { kind: "string", start, end: close < 0 ? sql.length : close + tagEnd - start };
  }
  const word = matchEnd(WORD, sql, start);
  if (word !== undefined) return { kind: "word", start, end: word };
  return { kind: "symbol", start, end: start + 1 };
}

function matchEnd(pattern: RegExp, sql: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(sql) ? pattern.lastIndex : undefined;
}

function quotedEnd(sql: string, start: number, quote: string, escapes: boolean): number {
  let at = start + 1;
  while (at < sql.length) {
    if (escapes && sql[at] === "\\") at += 2;
    else if (sql[at] !== quote) at += 1;
    else if (sql[at + 1] === quote) at += 2;
    else return at + 1;
  }
  return sql.length;
}

function blockCommentEnd(sql: string, start: number): number {
  BLOCK_EDGE.lastIndex = start;
  let depth = 0;
  for (let edge = BLOCK_EDGE.exec(sql); edge; edge = BLOCK_EDGE.exec(sql)) {
    depth += edge[0] === "/*" ? 1 : -1;
    if (depth === 0) return BLOCK_EDGE.lastIndex;
  }
  return sql.length;
}
