import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

const BLOCK = 512;

/** The SQL of pgTAP as its npm package for PGlite carries it; it is plain SQL and loads into any Postgres. */
export async function readPgtapSql(): Promise<string> {
  const main = createRequire(import.meta.url).resolve("@electric-sql/pglite-pgtap");
  const archive = gunzipSync(await readFile(join(dirname(main), "pgtap.tar.gz")));
  for (const { name, content } of tarEntries(archive)) {
    if (/\/pgtap--\d+(\.\d+)*\.sql$/.test(name)) return content.toString("utf8");
  }
  throw new Error(
    "The package @electric-sql/pglite-pgtap holds no pgtap--<version>.sql; its layout has changed.",
  );
}

/** Files of an uncompressed tar archive (POSIX ustar: 512-byte headers, octal sizes). */
function* tarEntries(archive: Buffer): Generator<{ name: string; content: Buffer }> {
  const text = (start: number, length: number): string =>
    archive.toString("latin1", start, start + length).replace(/\0.*$/s, "");
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    yield { name: text(at, 100), content: archive.subarray(at + BLOCK, at + BLOCK + size) };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
