import type { Column, Relation, Relationship, Routine, Schema } from "#scripts/types/read-schema.ts";

const HEAD = `// Written by scripts/generate-types.ts from the migrated database; run it again after a migration, never edit this file.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];
`;

const SCALARS: Record<string, string> = {
  bool: "boolean",
  json: "Json",
  jsonb: "Json",
  void: "undefined",
  record: "Record<string, unknown>",
};
for (const name of ["int2", "int4", "int8", "float4", "float8", "numeric", "oid"]) SCALARS[name] = "number";
for (const name of [
  "text",
  "varchar",
  "bpchar",
  "name",
  "citext",
  "uuid",
  "date",
  "time",
  "timetz",
  "timestamp",
])
  SCALARS[name] = "string";
for (const name of ["timestamptz", "interval", "bytea", "inet", "cidr", "macaddr", "char"])
  SCALARS[name] = "string";

/** The TypeScript text of a schema in the shape supabase-js expects as its type parameter. */
export function writeTypes(schema: Schema): string {
  const type = typeWriter(schema);
  const tables = schema.relations.filter((relation) => !relation.isView);
  const views = schema.relations.filter((relation) => relation.isView);
  const body = {
    Tables: tables.map((table) => [table.name, tableType(table, type)] as const),
    Views: views.map(
      (view) =>
        [
          view.name,
          object({ Row: rowType(view, type), Relationships: relationshipsType(view.relationships) }),
        ] as const,
    ),
    Functions: functionTypes(schema.routines, type),
    Enums: schema.enums.map(({ name, labels }) => [name, union(labels)] as const),
    CompositeTypes: schema.composites.map(({ name, columns }) => {
      return [
        name,
        object(Object.fromEntries(columns.map((column) => [column.name, `${type(column.type)} | null`]))),
      ] as const;
    }),
  };
  const parts = Object.entries(body).map(([name, entries]) => [
    name,
    entries.length === 0 ? "Record<never, never>" : object(Object.fromEntries(entries)),
  ]);
  const database = object({
    __InternalSupabase: object({ PostgrestVersion: '"12"' }),
    public: object(Object.fromEntries(parts)),
  });
  return `${HEAD}\nexport type Database = ${database};\n`;
}

type TypeOf = (name: string) => string;

function typeWriter({ relations, enums, composites }: Schema): TypeOf {
  const own = new Map<string, string>();
  for (const { name } of relations.filter((one) => one.isView))
    own.set(`public.${name}`, `Database["public"]["Views"]["${name}"]["Row"]`);
  for (const { name } of relations.filter((one) => !one.isView))
    own.set(`public.${name}`, `Database["public"]["Tables"]["${name}"]["Row"]`);
  for (const { name } of enums) own.set(`public.${name}`, `Database["public"]["Enums"]["${name}"]`);
  for (const { name } of composites)
    own.set(`public.${name}`, `Database["public"]["CompositeTypes"]["${name}"]`);
  const type: TypeOf = (name) =>
    name.endsWith("[]") ? `${type(name.slice(0, -2))}[]` : (own.get(name) ?? SCALARS[name] ?? "unknown");
  return type;
}

function tableType(table: Relation, type: TypeOf): string {
  return object({
    Row: rowType(table, type),
    Insert: object(
      Object.fromEntries(
        table.columns.map((column) => written(column, type, column.isNullable || column.hasDefault)),
      ),
    ),
    Update: object(Object.fromEntries(table.columns.map((column) => written(column, type, true)))),
    Relationships: relationshipsType(table.relationships),
  });
}

function rowType(relation: Relation, type: TypeOf): string {
  return object(
    Object.fromEntries(
      relation.columns.map((column) => [column.name, nullable(type(column.type), column.isNullable)]),
    ),
  );
}

function written(column: Column, type: TypeOf, isOptional: boolean): [string, string] {
  if (column.isReadOnly) return [`${column.name}?`, "never"];
  return [`${column.name}${isOptional ? "?" : ""}`, nullable(type(column.type), column.isNullable)];
}

function relationshipsType(relationships: Relationship[]): string {
  const written = relationships.map((one) =>
    object({
      foreignKeyName: JSON.stringify(one.name),
      columns: tuple(one.columns),
      isOneToOne: String(one.isOneToOne),
      referencedRelation: JSON.stringify(one.relation),
      referencedColumns: tuple(one.referencedColumns),
    }),
  );
  return written.length === 0 ? "[]" : `[\n${written.map((one) => indent(`${one},`)).join("\n")}\n]`;
}

function functionTypes(routines: Routine[], type: TypeOf): [string, string][] {
  const byName = Map.groupBy(routines, (routine) => routine.name);
  return [...byName].map(([name, overloads]) => [
    name,
    overloads.map((routine) => functionType(routine, type)).join(" | "),
  ]);
}

function functionType(routine: Routine, type: TypeOf): string {
  const args = routine.arguments.map((one): [string, string] => {
    return [`${one.name || '""'}${one.isOptional ? "?" : ""}`, nullable(type(one.type), one.isNullable)];
  });
  const columns = routine.columns.map((column): [string, string] => [column.name, type(column.type)]);
  const returns = columns.length === 0 ? type(routine.returns) : object(Object.fromEntries(columns));
  return object({
    Args: args.length === 0 ? "Record<never, never>" : object(Object.fromEntries(args)),
    Returns: routine.isSet ? `${returns}[]` : returns,
  });
}

function object(entries: Record<string, string>): string {
  const lines = Object.entries(entries).map(([name, text]) => indent(`${name}: ${text};`));
  return `{\n${lines.join("\n")}\n}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}

function nullable(text: string, isNullable: boolean): string {
  return isNullable && text !== "unknown" ? `${text} | null` : text;
}

function union(labels: string[]): string {
  return labels.map((label) => JSON.stringify(label)).join(" | ");
}

function tuple(names: string[]): string {
  return `[${names.map((name) => JSON.stringify(name)).join(", ")}]`;
}
