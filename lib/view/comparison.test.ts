import { expect, test } from "vitest";
import type { Comparison } from "#lib/model/comparison.ts";
import { envelopeSentence, orderedSeries } from "./comparison.ts";

const comparison = (over: object): Comparison =>
  ({
    runs: [{ recipeName: "Alumina" }, {}],
    goodRunIds: [],
    series: [],
    differences: [],
    ...over,
  }) as unknown as Comparison;

test("what runs are measured against is said", () => {
  expect(envelopeSentence(comparison({ goodRunIds: ["a", "b"] }))).toBe(
    "Measured against 2 runs of Alumina marked good: what they did is the band in the charts.",
  );
  expect(envelopeSentence(comparison({}))).toBe(
    "No run of Alumina is marked good, so each is measured against the others.",
  );
  expect(envelopeSentence(comparison({ runs: [{ recipeName: "Alumina" }] }))).toBe(
    "No run of Alumina is marked good, so there is nothing to measure this one against.",
  );
});

test("steps that differ come first, the others as in the program, steps that happen once apart", () => {
  const series = ["a", "b", "c", "d"].map((key) => ({ key, x: key === "d" ? [1] : [1, 2] }));
  const { repeated, single } = orderedSeries(
    comparison({ series, differences: [{ key: "c" }, { key: "b" }, { key: "c" }] }),
  );
  expect(repeated.map(({ key }) => key)).toEqual(["c", "b", "a"]);
  expect(single.map(({ key }) => key)).toEqual(["d"]);
});
