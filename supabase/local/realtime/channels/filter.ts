/**
 * The grammar of `filter` and `select` in a postgres_changes binding, as the hosted server reads it:
 * `column=[not.]operator.value`, conditions joined by commas (AND), values quoted with `"` where they hold
 * reserved characters. Whether column, operator and value fit the table is decided in SQL, not here.
 */
const OPERATORS = [
  "eq",
  "neq",
  "lt",
  "lte",
  "gt",
  "gte",
  "in",
  "like",
  "ilike",
  "is",
  "match",
  "imatch",
  "isdistinct",
] as const;

export type Operator = (typeof OPERATORS)[number];

/** `value` is the text to compare with; for `in` it is an array literal (`{a,"b,c"}`). */
export type Filter = { column: string; op: Operator; value: string; negate: boolean };

export type Parsed<T> = { ok: true; value: T } | { ok: false; message: string };

/** Reads a filter string; blank means no filter. The message says which part could not be read and why. */
export function parseFilters(text: string): Parsed<Filter[]> {
  if (text.trim() === "") return { ok: true, value: [] };
  const filters: Filter[] = [];
  for (const part of splitConditions(text.trim())) {
    const parsed = parseCondition(part.trim());
    if (!parsed.ok) return { ok: false, message: `Error parsing \`filter\` params: ${parsed.message}` };
    filters.push(parsed.value);
  }
  return { ok: true, value: filters };
}

function parseCondition(text: string): Parsed<Filter> {
  if (text === "") return refuse("filter must not contain empty segments (check for extra commas)");
  const equals = text.indexOf("=");
  if (equals < 1) return refuse(`"${text}" is not of the form column=operator.value`);
  const column = text.slice(0, equals);
  const negate = text.startsWith("not.", equals + 1);
  const condition = text.slice(equals + (negate ? 5 : 1));
  const dot = condition.indexOf(".");
  if (dot < 0) return refuse(`"${text}" is not of the form column=operator.value`);
  const op = OPERATORS.find((known) => known === condition.slice(0, dot));
  if (op === undefined) {
    return refuse(`"${condition.slice(0, dot)}" is not an operator (known: ${OPERATORS.join(", ")})`);
  }
  const value = operand(op, condition.slice(dot + 1));
  return value.ok ? { ok: true, value: { column, op, value: value.value, negate } } : value;
}

function operand(op: Operator, raw: string): Parsed<string> {
  if (op !== "in") return { ok: true, value: unquote(raw) };
  if (!raw.startsWith("(") || !raw.endsWith(")") || raw.length < 2) {
    return refuse("`in` filter value must be wrapped by parentheses");
  }
  return { ok: true, value: `{${raw.slice(1, -1)}}` };
}

/** Splits on commas that are neither inside parentheses nor inside a quoted value. */
function splitConditions(text: string): string[] {
  const parts: string[] = [];
  let [start, depth, isQuoted] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isQuoted) {
      if (char === "\\") at++;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = ".(,".includes(text[at - 1] ?? " ");
    else if (char === "(") depth++;
    else if (char === ")") depth = Math.max(0, depth - 1);
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Takes the quotes off a value that is quoted from end to end; anything else is taken verbatim. */
function unquote(raw: string): string {
  const quoted = /^"((?:[^"\\]|\\[\s\S])*)"$/.exec(raw);
  return quoted?.[1] === undefined ? raw : quoted[1].replace(/\\([\s\S])/g, "$1");
}

function refuse(message: string): { ok: false; message: string } {
  return { ok: false, message };
}
