import { describe, expect, test } from "vitest";
import { readArguments } from "#bench/arguments.ts";
import type { Context, Row, Subject } from "#bench/benchmark.ts";
import { interleave } from "#bench/interleave.ts";
import { median, quantile, spread } from "#bench/statistics.ts";
import { table } from "#bench/table.ts";

describe("statistics", () => {
  test("median of odd and even counts, in any order", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test("quantiles lie between the samples", () => {
    expect(quantile([10, 20, 30, 40, 50], 0.99)).toBeCloseTo(49.6);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([1, 2, 3], 0)).toBe(1);
    expect(quantile([1, 2, 3], 1)).toBe(3);
  });

  test("without samples there is no figure", () => {
    expect(() => median([])).toThrow("there are no samples");
  });

  test("spread is half the distance of the quartiles in parts of the median", () => {
    expect(spread([8, 9, 10, 11, 12])).toBeCloseTo(0.1);
    expect(spread([0, 0, 0])).toBe(0);
  });
});

describe("the command line", () => {
  const known = ["N1", "N7"];

  test("asks for everything by default, three times", () => {
    expect(readArguments([], known)).toEqual({ ids: known, runs: 3, isQuick: false });
  });

  test("names benchmarks in any case; quick is one run unless told otherwise", () => {
    expect(readArguments(["n7", "--quick"], known)).toEqual({ ids: ["N7"], runs: 1, isQuick: true });
    expect(readArguments(["--quick", "--runs", "2"], known)).toEqual({ ids: known, runs: 2, isQuick: true });
  });

  test.each([
    [["N3"], /^Nothing was measured: there is no benchmark N3; there are N1, N7\./],
    [["--runs", "0"], /^Nothing was measured: --runs 0 is no count/],
    [["--runs", "some"], /^Nothing was measured: --runs some is no count/],
    [["--fast"], /^Nothing was done: there is no option --fast\./],
  ])("is refused with a sentence and the usage: %j", (args, sentence) => {
    expect(() => readArguments(args, known)).toThrow(sentence);
    expect(() => readArguments(args, known)).toThrow("npm run bench -- [N1 N7 …]");
  });
});

describe("interleaved runs", () => {
  const order: string[] = [];
  const subject = (name: string, values: number[]): Subject => ({
    name,
    metrics: [{ key: "p50", unit: "ms" }],
    run: async () => {
      order.push(name);
      return { p50: values.shift() ?? Number.NaN };
    },
  });
  const context = (runs: number) =>
    ({ runs, say: () => undefined, session: { signal: new AbortController().signal } }) as unknown as Context;

  test("take turns, turn the order round, and keep every figure", async () => {
    const rows = await interleave([subject("ours", [1, 2, 3]), subject("theirs", [10, 20, 30])], context(3));
    expect(order).toEqual(["ours", "theirs", "theirs", "ours", "ours", "theirs"]);
    expect(rows.map(({ subject, raw }) => [subject, raw])).toEqual([
      ["ours", [1, 2, 3]],
      ["theirs", [10, 20, 30]],
    ]);
  });

  test("a figure that was not measured is an error, not a blank", async () => {
    await expect(interleave([subject("ours", [])], context(1))).rejects.toThrow("ours gave no p50");
  });
});

test("the table shows medians, the ratio to the reference and whether the goal was met", () => {
  const row = (subject: string, raw: number[], isReference: boolean, goal: number | null): Row => ({
    subject,
    isReference,
    metric: "p50",
    unit: "ms",
    goal,
    raw,
  });
  const text = table([row("feed", [20, 21, 22], false, 33), row("polling", [630, 610, 620], true, null)]);
  expect(text.split("\n").map((line) => line.replace(/\s{2,}/g, " | "))).toEqual([
    " | metric | median | runs apart | reference ÷ ours | goal",
    "feed | p50 | 21.0 ms | ± 2 % | 29.5 × | ≤ 33.0 ms | met",
    "polling | p50 | 620 ms | ± 1 %",
  ]);
});
