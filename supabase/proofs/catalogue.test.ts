// Every fault case that the database, the controller and the screen must stand has a test under its number.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["supabase", "executor", "lib", "e2e"];

const numbers = (letters: string, ...ranges: [number, number][]): string[] =>
  ranges.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${letters}${from + index}`),
  );
const CASES = [
  ...numbers("FD", [1, 2], [4, 8], [10, 12]),
  ...numbers("FE", [1, 12]),
  ...numbers("FC", [1, 12]),
  ...numbers("FB", [9, 9]),
  ...numbers("FA", [1, 13]),
];

test("no case is without a test", async () => {
  const told = new Set((await Promise.all(FOLDERS.map((folder) => numbersBelow(join(ROOT, folder))))).flat());
  expect(CASES.filter((one) => !told.has(one))).toEqual([]);
});

/** Numbers with which titles of tests below the folder begin. */
async function numbersBelow(folder: string): Promise<(string | undefined)[]> {
  const files = (await readdir(folder, { recursive: true })).filter((name) =>
    /\.(test|spec)\.ts$/.test(name),
  );
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) =>
    [...text.matchAll(/\(\s*["'`](F[A-Z]\d+) [^"'`]/g)].map(([, number]) => number),
  );
}
