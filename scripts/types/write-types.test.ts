import { expect, test } from "vitest";
import type { Column, Schema } from "#scripts/types/read-schema.ts";
import { writeTypes } from "#scripts/types/write-types.ts";

const EMPTY: Schema = { relations: [], routines: [], enums: [], composites: [] };
const column = (name: string, type: string, change: Partial<Column> = {}): Column => {
  return { name, type, isNullable: false, hasDefault: false, isReadOnly: false, ...change };
};
/** The written text of one part, without the white space between words. */
const part = (schema: Partial<Schema>, from: string): string => {
  const text = writeTypes({ ...EMPTY, ...schema }).replace(/\s+/g, " ");
  return text.slice(text.indexOf(from));
};

test("a table: what is read, what must and what may be written", () => {
  const columns = [
    column("id", "int8", { isReadOnly: true, hasDefault: true }),
    column("name", "text"),
    column("note", "jsonb", { isNullable: true }),
    column("version", "int4", { hasDefault: true }),
    column("labels", "text[]", { hasDefault: true }),
  ];
  const relationships = [
    { name: "a_b_fkey", columns: ["name"], isOneToOne: true, relation: "b", referencedColumns: ["id"] },
  ];
  expect(part({ relations: [{ name: "a", isView: false, columns, relationships }] }, "Tables:")).toContain(
    "Tables: { a: { Row: { id: number; name: string; note: Json | null; version: number; labels: string[]; }; " +
      "Insert: { id?: never; name: string; note?: Json | null; version?: number; labels?: string[]; }; " +
      "Update: { id?: never; name?: string; note?: Json | null; version?: number; labels?: string[]; }; " +
      'Relationships: [ { foreignKeyName: "a_b_fkey"; columns: ["name"]; isOneToOne: true; referencedRelation: "b"; referencedColumns: ["id"]; }, ]; }; };',
  );
});

test("a view is only read", () => {
  const columns = [column("at", "timestamptz", { isNullable: true })];
  expect(part({ relations: [{ name: "v", isView: true, columns, relationships: [] }] }, "Tables:")).toContain(
    "Tables: Record<never, never>; Views: { v: { Row: { at: string | null; }; Relationships: []; }; };",
  );
});

test("functions: optional arguments, null where the default is null, sets, tables and overloads", () => {
  const argument = (name: string, type: string, isOptional = false, isNullable = false) => ({
    name,
    type,
    isOptional,
    isNullable,
  });
  const routine = { name: "f", arguments: [], returns: "jsonb", isSet: false, columns: [] };
  const routines = [
    {
      ...routine,
      arguments: [argument("a", "uuid"), argument("b", "int4", true), argument("c", "text[]", true, true)],
    },
    { ...routine, name: "g", returns: "record", isSet: true, columns: [{ name: "x", type: "numeric" }] },
    { ...routine, name: "h", returns: "public.mood" },
    { ...routine, name: "h", arguments: [argument("a", "public.unknown_type")], returns: "void" },
  ];
  const enums = [{ name: "mood", labels: ["calm", "busy"] }];
  expect(part({ routines, enums }, "Functions:")).toContain(
    "Functions: { f: { Args: { a: string; b?: number; c?: string[] | null; }; Returns: Json; }; " +
      "g: { Args: Record<never, never>; Returns: { x: number; }[]; }; " +
      'h: { Args: Record<never, never>; Returns: Database["public"]["Enums"]["mood"]; } | { Args: { a: unknown; }; Returns: undefined; }; }; ' +
      'Enums: { mood: "calm" | "busy"; };',
  );
});
