import { expect, test } from "vitest";
import { sparkBars, worstOf } from "./sparkline.ts";

test("the tallest bar fills the picture, and what was not measured leaves a gap", () => {
  expect(sparkBars([10, null, 100])).toEqual([
    { part: 0, height: 0.1, isBeyond: false },
    { part: 2, height: 1, isBeyond: true },
  ]);
  expect(worstOf([10, null, 100])).toBe(100);
});

test("jitter stays low however equal its parts are", () => {
  expect(sparkBars([2, 3]).map(({ height }) => height)).toEqual([0.04, 0.06]);
});

test("a run of which nothing was measured has no bars and no worst", () => {
  expect([sparkBars([null]), worstOf([])]).toEqual([[], null]);
});
