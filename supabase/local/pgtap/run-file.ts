import { Client, DatabaseError, Query } from "pg";
import { placeOf } from "#supabase/runner/explain-failure.ts";
import { parseTap, type TestResult } from "./parse-tap.ts";

/**
 * Runs one test file as a whole in a transaction on a connection of its own and rolls it back. An error that ends the
 * file early is one more failed result, with the line.
 */
export async function runTestFile(dbUrl: string, file: string, sql: string): Promise<TestResult[]> {
  const client = new Client({ connectionString: dbUrl, options: "-c search_path=public,tap,extensions" });
  await client.connect();
  try {
    await client.query("begin");
    const { lines, error, finished } = await collect(client, sql);
    await client.query("rollback");
    const results = parseTap(file, lines);
    if (!error) return results;
    const place = error instanceof DatabaseError ? placeOf(error, sql, finished) : "";
    const description = `the file ended early, ${place}: ${error.message}`;
    return [
      ...results.filter((one) => !one.description.startsWith("planned ")),
      { file, description, ok: false, detail: [] },
    ];
  } finally {
    await client.end();
  }
}

type Collected = { lines: string[]; error: Error | undefined; finished: number };

/** Reads rows as they come, so that what ran before an error is not lost. */
function collect(client: Client, sql: string): Promise<Collected> {
  const lines: string[] = [];
  let finished = 0;
  client.connection.on("commandComplete", () => {
    finished += 1;
  });
  return new Promise((resolve) => {
    const query = new Query<Record<string, unknown>>(sql);
    query.on("row", (row) => {
      for (const value of Object.values(row)) if (typeof value === "string") lines.push(...value.split("\n"));
    });
    query.on("error", (error) => resolve({ lines, error, finished }));
    query.on("end", () => resolve({ lines, error: undefined, finished }));
    client.query(query);
  });
}
