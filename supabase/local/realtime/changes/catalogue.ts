/** What the catalogue says of types and published tables, loaded once per relation message of the stream. */
import type { Pool } from "pg";
import type { Relation } from "./pgoutput.ts";
import type { PgType, PgTypes } from "./values.ts";

export type GeneratedColumn = { name: string; expression: string; bases: Record<string, string> };

export type Table = {
  /** Primary key columns; empty when there is none. */
  key: readonly string[];
  /** Every column in order, generated ones included. */
  columns: readonly { name: string; typeOid: number }[];
  /** Stored generated columns, which pgoutput leaves out, with the types of the columns they are made of. */
  generated: readonly GeneratedColumn[];
};

const LIST_TYPES = `
  select t.oid::bigint::float8 as oid, t.typname as name, t.typtype as kind, t.typbasetype::bigint::float8 as base,
         coalesce(e.oid::bigint::float8, 0) as element, coalesce(e.typdelim, ',') as delimiter
    from pg_type t left join pg_type e on e.oid = t.typelem and e.typarray = t.oid`;

/** A relation message describes one shape of a table; a changed table sends a new message, so both are cached by it. */
export class Catalogue {
  readonly #pool: Pool;
  readonly #tables = new WeakMap<Relation, Table>();
  #types: PgTypes = new Map();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  get types(): PgTypes {
    return this.#types;
  }

  /** The table of a relation that `learn` was awaited for; null when it was dropped before it could be read. */
  table(relation: Relation): Table | null {
    return this.#tables.get(relation) ?? null;
  }

  /** Reads what is not known yet about these relations. */
  async learn(relations: Iterable<Relation>): Promise<void> {
    const unknown = [...relations].filter((relation) => !this.#tables.has(relation));
    if (unknown.length === 0) return;
    const { rows } = await this.#pool.query<{ tables: Record<string, Table> }>(
      "select realtime.describe_tables($1::oid[]) as tables",
      [unknown.map((relation) => relation.relationOid)],
    );
    const tables = rows[0]?.tables ?? {};
    for (const relation of unknown) {
      const table = tables[String(relation.relationOid)];
      if (table !== undefined) this.#tables.set(relation, table);
    }
    const isTypeMissing = Object.values(tables).some(({ columns }) =>
      columns.some(({ typeOid }) => !this.#types.has(typeOid)),
    );
    if (isTypeMissing) await this.#loadTypes();
  }

  async #loadTypes(): Promise<void> {
    const { rows } = await this.#pool.query<PgType & { oid: number; delimiter: string }>(LIST_TYPES);
    this.#types = new Map(rows.map((row) => [row.oid, { ...row, elementDelimiter: row.delimiter }]));
  }
}
