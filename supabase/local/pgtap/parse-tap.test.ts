import { expect, test } from "vitest";
import { parseTap } from "./parse-tap.ts";

const verdicts = (...lines: string[]) =>
  parseTap("a_test.sql", lines).map(({ ok, description }) => [ok, description]);

test("reads tests, their descriptions and what a failure says", () => {
  expect(
    parseTap("a_test.sql", [
      "1..2",
      "ok 1 - starts",
      "not ok 2 - stops",
      '# Failed test 2: "stops"',
      "#   have: a",
    ]),
  ).toEqual([
    { file: "a_test.sql", description: "starts", ok: true, detail: [] },
    {
      file: "a_test.sql",
      description: "stops",
      ok: false,
      detail: ['# Failed test 2: "stops"', "#   have: a"],
    },
  ]);
});

test("a file without a plan fails", () => {
  expect(verdicts("ok 1 - starts")).toEqual([
    [true, "starts"],
    [false, "the file has no plan; begin it with select plan(n)"],
  ]);
});

test.each([
  ["fewer", ["1..3", "ok 1", "ok 2"], "planned 3 tests but ran 2"],
  ["more", ["1..1", "ok 1", "ok 2"], "planned 1 tests but ran 2"],
  ["none", ["1..0"], "the file has no test"],
  ["two plans", ["1..1", "ok 1", "1..1"], "the file plans more than once"],
])("%s than planned fails", (_what, lines, said) => {
  expect(verdicts(...lines).at(-1)).toEqual([false, said]);
});

test("a plan at the end counts", () => {
  expect(verdicts("ok 1 - a", "1..1")).toEqual([[true, "a"]]);
});

test("a TODO that fails is no failure", () => {
  expect(verdicts("1..1", "not ok 1 - later # TODO not written")).toEqual([
    [true, "later # TODO not written"],
  ]);
});
