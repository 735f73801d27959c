/** The `data` of a postgres_changes message, in the hosted server's shape. */
import type { Table } from "./catalogue.ts";
import type { Row } from "./pgoutput.ts";
import type { Change } from "./replication.ts";
import { type PgTypes, toJson } from "./values.ts";

export type View = {
  /** Columns the role may select. */
  selectable: readonly string[];
  /** Column list of the binding; the primary key is always part of it. */
  select: readonly string[] | null;
  /** With row security a DELETE shows the key alone: who might have seen the row can no longer be asked. */
  hasRls: boolean;
};

const MAX_RECORD_BYTES = 1024 * 1024;
const KEPT_FIELD_BYTES = 64;

export const ERRORS = {
  noPrimaryKey: "Error 400: Bad Request, no primary key",
  unauthorized: "Error 401: Unauthorized",
  tooLarge: "Error 413: Payload Too Large",
  policyFailed: "Error 500: Internal Server Error, RLS policy evaluation failed",
} as const;

/** A change without any of its values, saying why. */
export function refusedData(change: Change, error: string): string {
  return JSON.stringify({ ...head(change), columns: [], record: {}, old_record: {}, errors: [error] });
}

/** A change as a role with this view sees it. Columns it may not select, and values it did not get, are absent. */
export function changeData(change: Change, table: Table, types: PgTypes, view: View): string {
  const columns = table.columns.filter(({ name }) => isShown(name, table, view));
  const isTooLarge = changeBytes(change) > MAX_RECORD_BYTES;
  const shown = isTooLarge ? isSmall : () => true;
  const described = columns.map(({ name, typeOid }) => ({ name, type: types.get(typeOid)?.name ?? "text" }));
  const parts = [
    JSON.stringify({ ...head(change), errors: isTooLarge ? [ERRORS.tooLarge] : null }).slice(0, -1),
    `"columns":${JSON.stringify(described)}`,
  ];
  if (change.record !== null) parts.push(`"record":${rowJson(change.record, columns, types, shown)}`);
  if (change.type === "UPDATE") {
    parts.push(`"old_record":${rowJson(change.old ?? keyOf(change.record, table), columns, types, shown)}`);
  }
  if (change.type === "DELETE") {
    const left = view.hasRls ? columns.filter(({ name }) => table.key.includes(name)) : columns;
    parts.push(`"old_record":${rowJson(change.old ?? {}, left, types, shown)}`);
  }
  return `${parts.join(",")}}`;
}

function head({ relation, committedAt, type }: Change) {
  return { schema: relation.schema, table: relation.name, commit_timestamp: committedAt, type };
}

function isShown(name: string, table: Table, view: View): boolean {
  if (!view.selectable.includes(name)) return false;
  return view.select === null || view.select.includes(name) || table.key.includes(name);
}

function isSmall(text: string | null): boolean {
  return text === null || Buffer.byteLength(text) <= KEPT_FIELD_BYTES;
}

function keyOf(record: Row | null, table: Table): Row {
  return Object.fromEntries(table.key.map((name) => [name, record?.[name]]));
}

function changeBytes({ record, old }: Change): number {
  let bytes = 0;
  for (const row of [record, old]) {
    for (const name in row) bytes += name.length + Buffer.byteLength(row[name] ?? "");
  }
  return bytes;
}

function rowJson(
  row: Row,
  columns: Table["columns"],
  types: PgTypes,
  shown: (text: string | null) => boolean,
): string {
  const fields: string[] = [];
  for (const { name, typeOid } of columns) {
    const text = row[name];
    if (text === undefined || !shown(text)) continue;
    fields.push(`${JSON.stringify(name)}:${toJson(text, typeOid, types)}`);
  }
  return `{${fields.join(",")}}`;
}
