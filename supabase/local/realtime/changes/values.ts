/**
 * Postgres text values → JSON text equal to what `to_jsonb` (and so PostgREST) makes of them. The replication
 * session runs in UTC with ISO dates, so timestamps only need their separators changed.
 */
export type PgType = {
  name: string;
  /** pg_type.typtype: `b`ase, `d`omain, `e`num, … */
  kind: string;
  /** Element type of a true array type, else 0. */
  element: number;
  elementDelimiter: string;
  /** What a domain is over, else 0. */
  base: number;
};

export type PgTypes = ReadonlyMap<number, PgType>;

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const TIMESTAMP = /^(\d+-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:([+-]\d\d)(?::(\d\d))?)?( BC)?$/;

/** JSON text of one value; `text` is Postgres' text output for the type. */
export function toJson(text: string | null, typeOid: number, types: PgTypes): string {
  if (text === null) return "null";
  const type = types.get(typeOid);
  if (type === undefined) return JSON.stringify(text);
  if (type.base !== 0) return toJson(text, type.base, types);
  if (type.element !== 0) return arrayToJson(text, type, types);
  switch (type.name) {
    case "bool":
      return text === "t" ? "true" : "false";
    case "int2":
    case "int4":
    case "int8":
    case "float4":
    case "float8":
    case "numeric":
      return NUMBER.test(text) ? text : JSON.stringify(text);
    case "json":
    case "jsonb":
      return text;
    case "timestamp":
    case "timestamptz":
      return JSON.stringify(isoTimestamp(text));
    default:
      return JSON.stringify(text);
  }
}

function isoTimestamp(text: string): string {
  return text.replace(TIMESTAMP, (_all, date, time, hours = "", minutes = "00", era = "") => {
    return `${date}T${time}${hours === "" ? "" : `${hours}:${minutes}`}${era}`;
  });
}

function arrayToJson(text: string, type: PgType, types: PgTypes): string {
  const literal = text.startsWith("[") ? text.slice(text.indexOf("=") + 1) : text;
  const reader = { literal, at: 0, type, types };
  return readArray(reader);
}

type ArrayReader = { literal: string; at: number; type: PgType; types: PgTypes };

function readArray(reader: ArrayReader): string {
  const items: string[] = [];
  reader.at++;
  while (reader.literal[reader.at] !== "}") {
    if (reader.at >= reader.literal.length) throw new Error(`not an array literal: ${reader.literal}`);
    if (reader.literal[reader.at] === reader.type.elementDelimiter) reader.at++;
    else items.push(readItem(reader));
  }
  reader.at++;
  return `[${items.join(",")}]`;
}

function readItem(reader: ArrayReader): string {
  if (reader.literal[reader.at] === "{") return readArray(reader);
  const isQuoted = reader.literal[reader.at] === '"';
  const text = isQuoted ? readQuoted(reader) : readBare(reader);
  if (!isQuoted && text === "NULL") return "null";
  return toJson(text, reader.type.element, reader.types);
}

function readQuoted(reader: ArrayReader): string {
  let text = "";
  for (reader.at++; reader.literal[reader.at] !== '"'; reader.at++) {
    if (reader.at >= reader.literal.length) throw new Error(`not an array literal: ${reader.literal}`);
    if (reader.literal[reader.at] === "\\") reader.at++;
    text += reader.literal[reader.at];
  }
  reader.at++;
  return text;
}

function readBare(reader: ArrayReader): string {
  const start = reader.at;
  while (reader.at < reader.literal.length) {
    const char = reader.literal[reader.at];
    if (char === "}" || char === reader.type.elementDelimiter) break;
    reader.at++;
  }
  return reader.literal.slice(start, reader.at);
}
