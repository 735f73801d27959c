import { expect, test } from "vitest";
import { boxOfLine } from "#components/charts/duration-box.ts";
import { boxText } from "#components/charts/duration-boxes.tsx";
import type { DurationDot } from "#components/charts/duration-line.ts";

const dot = (measuredMs: number | null, over: Partial<DurationDot> = {}): DurationDot => ({
  x: 1,
  seq: 1,
  plannedMs: 100,
  measuredMs,
  minMs: measuredMs,
  maxMs: measuredMs,
  isDeviation: false,
  count: 1,
  ...over,
});
const lineOf = (dots: DurationDot[]) => ({ key: "a", label: "TMA pulse", plannedMs: 100, dots });

test("ranks are the nearest, as SQL's percentile_disc has them", () => {
  const dots = Array.from({ length: 100 }, (_, index) => dot(100 - index));
  expect(boxOfLine(lineOf(dots))).toEqual({ least: 1, p05: 5, median: 50, p95: 95, most: 100 });
});

test("a dot of many steps weighs as many, and keeps its ends", () => {
  const many = dot(10, { count: 98, minMs: 8, maxMs: 12 });
  expect(boxOfLine(lineOf([dot(1), many, dot(90)]))).toEqual({
    least: 1,
    p05: 10,
    median: 10,
    p95: 10,
    most: 90,
  });
});

test("what was cut short is compared with nothing", () => {
  expect(boxOfLine(lineOf([dot(40, { minMs: null, maxMs: null }), dot(null)]))).toBeNull();
});

test("a box in words", () => {
  expect(boxText({ least: 1, p05: 99, median: 100, p95: 103, most: 200 })).toBe(
    "median 100 ms, 9 of 10 from 99 ms to 103 ms",
  );
});
