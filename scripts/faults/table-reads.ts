import type { Client } from "pg";
import { z } from "zod";

/** How many rows of a table a statement went through, and whether by reading it from end to end. */
export type TableRead = { table: string; rows: number; isWhole: boolean; statement: string };

type Node = {
  "Node Type": string;
  "Relation Name"?: string | undefined;
  "Actual Rows"?: number | undefined;
  "Actual Loops"?: number | undefined;
  "Rows Removed by Filter"?: number | undefined;
  Plans?: Node[] | undefined;
};

const nodeSchema: z.ZodType<Node> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    "Actual Rows": z.number().optional(),
    "Actual Loops": z.number().optional(),
    "Rows Removed by Filter": z.number().optional(),
    Plans: z.array(nodeSchema).optional(),
  }),
);
const noteSchema = z.object({ "Query Text": z.string(), Plan: nodeSchema });

/** Lets Postgres tell the plan of every statement on this connection, those within functions too. Needs a superuser. */
export async function tellPlans(db: Client): Promise<void> {
  await db.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;
    set auto_explain.log_timing = off; set auto_explain.log_nested_statements = on; set auto_explain.log_format = 'json';
    set max_parallel_workers_per_gather = 0; set client_min_messages = log`);
}

/** Runs a query as this person and answers with what it, or anything within it, read of tables. */
export async function tableReads(
  db: Client,
  personId: string,
  query: string,
  values: unknown[],
): Promise<TableRead[]> {
  const notes: string[] = [];
  const listen = ({ message }: { message?: string | undefined }) => void notes.push(message ?? "");
  await db.query("begin");
  try {
    await db.query(
      "select set_config('request.jwt.claims', jsonb_build_object('sub', $1::text, 'role', 'authenticated')::text, true)",
      [personId],
    );
    await db.query("set local role authenticated");
    db.on("notice", listen);
    await db.query(query, values);
  } finally {
    db.off("notice", listen);
    await db.query("rollback");
  }
  const plans = notes.flatMap((note) => {
    const at = note.indexOf("plan:\n");
    return at < 0 ? [] : [noteSchema.parse(JSON.parse(note.slice(at + "plan:\n".length)))];
  });
  if (plans.length === 0) throw new Error("Postgres told no plan; is auto_explain loaded?");
  return plans.flatMap(({ Plan, "Query Text": statement }) =>
    scansOf(Plan).map((scan) => ({ ...scan, statement })),
  );
}

function scansOf(node: Node): Omit<TableRead, "statement">[] {
  const below = (node.Plans ?? []).flatMap(scansOf);
  const table = node["Relation Name"];
  if (table === undefined || !node["Node Type"].endsWith("Scan")) return below;
  const each = (node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0);
  const rows = Math.round(each * (node["Actual Loops"] ?? 1));
  return [{ table, rows, isWhole: node["Node Type"] === "Seq Scan" }, ...below];
}
