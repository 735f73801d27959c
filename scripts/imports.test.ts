import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT, toolPath } from "#scripts/paths.ts";

/** A repository in miniature in which every rule of the import table is broken once, beside imports that are fine. */
const FILES = {
  "package.json": JSON.stringify({
    type: "module",
    imports: { "#lib/*": "./lib/*", "#components/*": "./components/*" },
    dependencies: { "@supabase/supabase-js": "1.0.0", zod: "1.0.0" },
  }),
  "tsconfig.json": JSON.stringify({ compilerOptions: { module: "esnext", moduleResolution: "bundler" } }),
  "node_modules/@supabase/supabase-js/package.json": JSON.stringify({ version: "1.0.0", main: "index.js" }),
  "node_modules/@supabase/supabase-js/index.js": "export const client = 1;",
  "node_modules/zod/package.json": JSON.stringify({ version: "1.0.0", main: "index.js" }),
  "node_modules/zod/index.js": "export const z = 1;",
  "lib/time.ts": "export const time = 1;",
  "lib/time-format.ts": 'export { time } from "#lib/time.ts";',
  "lib/model/run.ts":
    'export { time } from "#lib/time.ts"; export { time as format } from "#lib/time-format.ts";',
  "lib/model/eager.ts": 'export { bars } from "#lib/view/bars.ts";',
  "lib/view/bars.ts": 'import type { time } from "#lib/model/run.ts"; export const bars: typeof time = 1;',
  "lib/supabase/rows/step.ts": 'export { z } from "zod";',
  "lib/commands/stop.ts": 'export { z } from "zod";',
  "lib/supabase/client.ts":
    'export { client } from "@supabase/supabase-js"; export { time } from "#lib/model/run.ts";',
  "components/chart.tsx":
    'export { client } from "#lib/supabase/client.ts"; export { bars } from "#lib/view/bars.ts";',
  "components/direct.tsx": 'export { client } from "@supabase/supabase-js";',
  "app/page.tsx":
    'export { bars } from "#components/chart.tsx"; export { client } from "#lib/supabase/client.ts";',
  "app/lost.ts": 'export { nothing } from "#lib/nothing.ts";',
  "executor/reporter/send.ts": 'export { client } from "@supabase/supabase-js";',
  "executor/screen.ts": 'export { bars } from "#components/chart.tsx";',
  "supabase/local/stack.ts": 'export { time } from "#lib/time.ts";',
  "supabase/local/one.ts": 'export { two } from "./two.ts"; export const one = 1;',
  "supabase/local/two.ts": 'export { one } from "./one.ts"; export const two = 2;',
};

let folder = "";
let report = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pulseboard-imports-"));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const config = join(ROOT, ".dependency-cruiser.mjs");
  const args = [
    "--config",
    config,
    "--output-type",
    "err",
    "app",
    "components",
    "executor",
    "lib",
    "supabase",
  ];
  report = spawnSync(process.execPath, [toolPath("depcruise"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
  }).stdout;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [
    "components may import only lib/model, lib/view, lib/time, lib/result: components/chart.tsx → lib/supabase/client.ts",
  ],
  ["lib/model may import only lib/time, lib/result: lib/model/eager.ts → lib/view/bars.ts"],
  [
    "executor may import only lib/model, lib/time, lib/result, lib/supabase, lib/command-line, lib/data-folder: executor/screen.ts → components/chart.tsx",
  ],
  ["supabase may import only lib/command-line, lib/data-folder: supabase/local/stack.ts → lib/time.ts"],
  [
    "only lib/supabase and executor/reporter talk to Supabase: components/direct.tsx → node_modules/@supabase",
  ],
  [
    "what runs in the browser reads rows with lib/model/fields.ts: zod weighs more than all of it: lib/supabase/rows/step.ts → node_modules/zod",
  ],
  ["every import leads to a file: app/lost.ts → #lib/nothing.ts"],
])("is refused, in a sentence: %s", (sentence) => {
  expect(report).toContain(sentence);
});

test("a cycle is refused", () => {
  expect(report).toContain("no cycles: supabase/local/one.ts →");
});

test("nothing else is refused", () => {
  expect(report.match(/^\s+error /gm)).toHaveLength(8);
});
