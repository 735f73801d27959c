import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MIGRATIONS_DIR } from "./migrate.ts";
import { readReleased } from "./test-released.ts";

test("a released migration keeps the text that databases in use were made with", async () => {
  const released = await readReleased();
  const now = await Promise.all(
    released.map(async ({ fileName }) => {
      const text = await readFile(join(MIGRATIONS_DIR, fileName));
      return { fileName, sha256: createHash("sha256").update(text).digest("hex") };
    }),
  );
  expect(now).toEqual(released);
});

test("the released migrations are the first ones, without a gap", async () => {
  const numbers = (await readReleased()).map(({ fileName }) => Number(fileName.slice(0, 4)));
  expect(numbers.length).toBeGreaterThanOrEqual(20);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});
