/**
 * The database's own tests: every `supabase/tests/*_test.sql` on a throw-away database with all migrations and no demo
 * data, each in a transaction that is rolled back. `fixtures.sql` of that folder is loaded once before.
 * As a program it prints one TAP stream and ends with 1 when a test failed.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import type { TestResult } from "./pgtap/parse-tap.ts";
import { readPgtapSql } from "./pgtap/pgtap-sql.ts";
import { runTestFile } from "./pgtap/run-file.ts";
import { startStack } from "./stack.ts";
import { StackFault } from "./stack-fault.ts";

export type PgtapOptions = {
  /** Default `supabase/tests`. */
  dir?: string;
  /** Only files whose name contains this. */
  only?: string;
  onResult?: (result: TestResult) => void;
};
export type PgtapSummary = { passed: number; failed: number; output: string };

const TESTS_DIR = fileURLToPath(new URL("../tests", import.meta.url));

/** Runs the tests; `output` is the TAP stream. Fails as a whole when there is no test file or the database cannot start. */
export async function runPgtap(options: PgtapOptions = {}): Promise<PgtapSummary> {
  const dir = options.dir ?? TESTS_DIR;
  const names = await readdir(dir);
  const files = names
    .filter((name) => name.endsWith("_test.sql") && name.includes(options.only ?? ""))
    .sort();
  if (files.length === 0)
    throw new StackFault("No database test was run: no file of that name ends in _test.sql.");
  const stack = await startStack({ ephemeral: true, seed: false });
  try {
    await prepare(stack.dbUrl, names.includes("fixtures.sql") ? join(dir, "fixtures.sql") : undefined);
    const results: TestResult[] = [];
    for (const file of files) {
      for (const result of await runTestFile(stack.dbUrl, file, await readFile(join(dir, file), "utf8"))) {
        results.push(result);
        options.onResult?.(result);
      }
    }
    return summaryOf(results);
  } finally {
    await stack.stop();
  }
}

async function prepare(dbUrl: string, fixtures: string | undefined): Promise<void> {
  const client = new Client({ connectionString: dbUrl });
  await client.connect();
  try {
    await client.query("create schema tap; grant usage on schema tap to public; set search_path = tap");
    await client.query(await readPgtapSql());
    await client.query("reset search_path");
    if (fixtures !== undefined) await client.query(await readFile(fixtures, "utf8"));
  } finally {
    await client.end();
  }
}

function summaryOf(results: TestResult[]): PgtapSummary {
  const failed = results.filter((result) => !result.ok).length;
  const lines = results.flatMap((result, index) => tapLines(result, index + 1));
  return { passed: results.length - failed, failed, output: [...lines, `1..${results.length}`].join("\n") };
}

function tapLines({ file, description, ok, detail }: TestResult, number: number): string[] {
  return [`${ok ? "ok" : "not ok"} ${number} - ${file}: ${description}`, ...detail];
}

async function main(only: string | undefined): Promise<number> {
  let number = 0;
  const { failed } = await runPgtap({
    ...(only === undefined ? {} : { only }),
    onResult: (result) => {
      number += 1;
      console.log(tapLines(result, number).join("\n"));
    },
  });
  console.log(`1..${number}`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) {
  process.exitCode = await main(process.argv[2]).catch((error: unknown) => {
    console.error(error instanceof StackFault ? error.message : error);
    return 1;
  });
}
