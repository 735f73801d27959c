// docs/error-codes.md tells every code there is, with its status, and none that there is not. What functions answer is read
// from their comments, which every_refusal_test.sql holds to their bodies.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { beforeAll, expect, inject, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What Postgres raises by itself, listed because a caller meets it. */
const POSTGRES = ["40001", "40P01", "42501", "55P03", "23514", "25006", "53100"];

/** Rows of the tables below a heading of the document. */
const told = new Map<string, { code: string; status: string }[]>();

beforeAll(async () => {
  let heading = "";
  for (const line of (await readFile(join(ROOT, "docs/error-codes.md"), "utf8")).split("\n")) {
    if (line.startsWith("## ")) heading = line.slice(3);
    const [, codes, status = ""] = /^\| (`[^|]+) \| ([^|]+) \|/.exec(line) ?? [];
    if (codes === undefined) continue;
    const rows = [...codes.matchAll(/`(\w+)`/g)].map(([, code = ""]) => ({ code, status }));
    told.set(heading, [...(told.get(heading) ?? []), ...rows]);
  }
});

const rowsOf = (...headings: string[]) => headings.flatMap((heading) => told.get(heading) ?? []);
const sorted = (words: Iterable<string>): string[] => [...new Set(words)].sort();
const codesOf = (...headings: string[]): string[] => sorted(rowsOf(...headings).map(({ code }) => code));

async function sources(folder: string, ending: RegExp): Promise<string[]> {
  const names = (await readdir(join(ROOT, folder), { recursive: true })).filter((name) => ending.test(name));
  return Promise.all(names.map((name) => readFile(join(ROOT, folder, name), "utf8")));
}
const program = async (...folders: string[]): Promise<string> =>
  (await Promise.all(folders.map((folder) => sources(folder, /(?<!\.test)\.tsx?$/)))).flat().join("\n");
const refusalsIn = (text: string): string[] =>
  [...text.matchAll(/\brefusal\(\s*[^,()]+,\s*(?:error\.code \?\? )?"(\w+)"/g)].map(([, code = ""]) => code);

test("what functions answer, with its status", async () => {
  const client = new Client({ connectionString: inject("stack").dbUrl });
  await client.connect();
  const { rows } = await client.query<{ code: string; status: string }>(`
    select distinct c as code, m[1] as status from pg_proc p,
      regexp_matches(obj_description(p.oid, 'pg_proc'), '\\m(\\d{3}) ((?:[a-z_]+(?:, )?)+)', 'g') m,
      regexp_split_to_table(rtrim(m[2], ', '), ', ') c
    where p.pronamespace = 'public'::regnamespace and c ~ '_'`);
  await client.end();
  expect(rows.length).toBeGreaterThan(30);
  const lines = (all: typeof rows) => sorted(all.map(({ code, status }) => `${status} ${code}`));
  expect(lines(rowsOf("People's commands", "Review", "Recipes", "Controllers"))).toEqual(lines(rows));
});

test("what the workflow's methods answer", async () => {
  const text = await program("lib/workflow");
  const codes = sorted([...refusalsIn(text), ...(text.match(/"not_in_place"/) ? ["not_in_place"] : [])]);
  expect(codesOf("Workflow")).toEqual(codes);
  const tests = (await sources("lib/workflow", /\.test\.ts$/)).join("\n");
  expect(codes.filter((code) => !tests.includes(`"${code}"`))).toEqual([]);
});

test("what is answered before the database is asked", async () => {
  const text = await program("lib", "app");
  const elsewhere = codesOf("Workflow", "People's commands", "Review", "Recipes", "Controllers");
  const here = codesOf("Before the database is asked");
  const codes = sorted([
    ...refusalsIn(text),
    ...(text.match(/"server_fault"/g) ?? []).map((one) => one.slice(1, -1)),
  ]);
  expect(codes.filter((code) => !here.includes(code) && !elsewhere.includes(code))).toEqual([]);
  expect(here.filter((code) => !codes.includes(code))).toEqual([]);
});

test("what is raised, each shown by a test", async () => {
  const migrations = (await sources("supabase/migrations", /\.sql$/)).join("\n");
  const raised = [...migrations.matchAll(/errcode = '(\w+)'/g)].map(([, code = ""]) => code);
  expect(codesOf("Raised, not returned")).toEqual(sorted([...raised, ...POSTGRES]));
  const tests = [
    ...(await sources("supabase", /_test\.sql$/)),
    ...(await sources("supabase", /\.test\.ts$/)),
    ...(await sources("lib", /\.test\.ts$/)),
  ].join("\n");
  expect(sorted(raised).filter((code) => !new RegExp(`['"\` ]${code}['"\` ]`).test(tests))).toEqual([]);
});
