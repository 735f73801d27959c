import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";

/** Everything that goes into a production build, relative to the repository. */
const SOURCES = [
  "{app,components,lib,public}/**/*.*",
  "{proxy,instrumentation}.ts",
  "{next,postcss}.config.mjs",
  "package-lock.json",
  "tsconfig*.json",
];

const IS_TEST = /\.test\.tsx?$/;

/** Names the state of the sources: two trees with equal content have equal names. */
export async function nameSources(root: string): Promise<string> {
  const files: string[] = [];
  for await (const file of glob(SOURCES, { cwd: root })) if (!IS_TEST.test(file)) files.push(file);
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
