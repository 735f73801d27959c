/** Checks the bindings of a channel against the database, for the role that asks. */
import pg from "pg";
import type { Binding, CompiledBinding, CompiledFilter } from "../subscription.ts";
import type { Parsed } from "./filter.ts";

type Answer = Omit<CompiledFilter, "key">[][];

/**
 * The bindings ready to be matched, or the hosted server's sentence about the first one that cannot be had
 * (table not published, unknown column, unfit operator or value). Throws when the database did not answer.
 */
export async function compileBindings(
  pool: pg.Pool,
  publication: string,
  role: string,
  bindings: readonly Binding[],
): Promise<Parsed<CompiledBinding[]>> {
  try {
    const { rows } = await pool.query<{ compiled: Answer }>(
      "select realtime.compile_bindings($1, $2, $3::jsonb) as compiled",
      [publication, role, JSON.stringify(bindings)],
    );
    const compiled = rows[0]?.compiled ?? [];
    return {
      ok: true,
      value: bindings.map((binding, index) => ({
        ...binding,
        filters: (compiled[index] ?? []).map((filter) => ({ ...filter, key: filterKey(filter) })),
      })),
    };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || isOutage(error.code)) throw error;
    return { ok: false, message: refusalMessage(error, bindings) };
  }
}

/** Connection lost, server going down, out of resources: says nothing about the bindings. */
function isOutage(code: string | undefined): boolean {
  return code === undefined || ["08", "53", "57", "58", "XX"].includes(code.slice(0, 2));
}

function refusalMessage(error: pg.DatabaseError, bindings: readonly Binding[]): string {
  const asked = bindings.map(({ event, schema, table, filters, select }) => {
    const conditions = filters
      .map((f) => `${f.column} ${f.negate ? "not " : ""}${f.op} ${f.value}`)
      .join(" and ");
    const parts = [`event: ${event}`, `schema: ${schema}`, `table: ${table}`, `filters: [${conditions}]`];
    return `[${[...parts, `select: ${select?.join(" ") ?? "nil"}`].join(", ")}]`;
  });
  const start = "Unable to subscribe to changes with given parameters.";
  if (error.code === "P0002") return `${start} ${error.message}: ${asked.join(", ")}`;
  return `${start} An exception happened so please check your connect parameters: ${asked.join(", ")}. Exception: ${error.message}`;
}

function filterKey({ column, op, value, negate }: Omit<CompiledFilter, "key">): string {
  return JSON.stringify([column, op, value, negate]);
}
