/** Whatever is typed wrongly behind a command is answered with a sentence and the usage, and nothing is begun. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "#scripts/paths.ts";

type End = { code: number | null; out: string; err: string };

const run = (program: string, ...args: string[]): Promise<End> =>
  new Promise((resolve) => {
    const env = {
      ...process.env,
      PULSEBOARD_DATA_DIR: join(ROOT, ".pulseboard", "none"),
      SUPABASE_DB_URL: "",
    };
    const child = execFile(process.execPath, [join(ROOT, program), ...args], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    );
  });

const HOUSE = "/no/such/folder";
const CASES: [string, string[], RegExp][] = [
  ...[
    "scripts/start.ts",
    "scripts/check.ts",
    "scripts/generate-types.ts",
    "supabase/local/cli.ts",
    "supabase/runner/cli.ts",
    "executor/main.ts",
    "executor/replay.ts",
    "bench/main.ts",
    "scripts/faults.ts",
    "scripts/retention.ts",
  ].map((program): [string, string[], RegExp] => [
    program,
    ["--bogus"],
    /^Nothing was done: there is no option --bogus\.\nUs(e|age): npm /,
  ]),
  ["scripts/start.ts", ["now"], /^Nothing was done: "now" is one word too many\.\nUse: npm start/],
  ["scripts/generate-types.ts", ["--db"], /^Nothing was done: --db needs a value\.\nUse: /],
  [
    "scripts/generate-types.ts",
    ["--db", "postgresql://127.0.0.1:1/x"],
    /^Nothing was written: the database cannot be reached \(.*127\.0\.0\.1:1\)\.\nUse: /,
  ],
  ["supabase/local/cli.ts", ["--port"], /^Nothing was done: --port needs a value\.\nUsage: /],
  ["supabase/local/run-pgtap.ts", ["no-such"], /^No database test was run: no file of that name .*\.\n$/],
  ["supabase/runner/cli.ts", ["--test"], /^Nothing was done: --test needs a value\.\nUse: /],
  [
    "supabase/runner/cli.ts",
    ["--trial"],
    /^Nothing was done: --trial goes with --adopt only\.\nUse: npm run migrate/,
  ],
  ["supabase/runner/cli.ts", ["--db", "http://"], /^The database cannot be reached: .*\.\n$/],
  [
    "executor/main.ts",
    ["--speed", "fast"],
    /^The executor did not start: --speed fast is not a number .*\nUse: /,
  ],
  ["executor/main.ts", [], /^The executor did not start: the embedded stack is not running; .*\.\n$/],
  ["executor/replay.ts", ["folder", "--speed"], /^Nothing was done: --speed needs a value\.\nUse: /],
  ["executor/replay.ts", [], /^Nothing was replayed: one folder is needed\.\nUse: /],
  ["executor/replay.ts", [HOUSE], /^Nothing was replayed: there is no folder \/no\/such\/folder\.\n$/],
  ["bench/main.ts", ["--runs"], /^Nothing was done: --runs needs a value\.\nUse: /],
  ["bench/main.ts", ["N99"], /^Nothing was measured: there is no benchmark N99; .*\nUse: /],
  [
    "scripts/faults.ts",
    ["commands", "--seed", "abc"],
    /^Nothing was run: --seed abc is not a whole number .*\nUse: /,
  ],
  [
    "scripts/faults.ts",
    ["--commands", "0"],
    /^Nothing was run: --commands 0 is not a whole number .*\nUse: /,
  ],
  [
    "scripts/faults.ts",
    ["storm", "--seconds", "x"],
    /^Nothing was run: --seconds x is not a number .*\nUse: /,
  ],
  [
    "scripts/faults.ts",
    ["plans", "--steps", "many"],
    /^Nothing was run: --steps many is not a whole number .*\nUse: /,
  ],
  ["scripts/faults.ts", ["calm"], /^Nothing was run: there is no part "calm"\.\nUse: /],
  ["scripts/test.ts", ["--bogus"], /^Nothing was tested: there is no phase "--bogus"; .*\.\n$/],
];

test.each(CASES)("%s %j", async (program, args, sentence) => {
  const { code, out, err } = await run(program, ...args);
  expect(err).toMatch(sentence);
  expect([code, out, /\n {4}at /.test(err)]).toEqual([1, "", false]);
});
