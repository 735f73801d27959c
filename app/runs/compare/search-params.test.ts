import { expect, test } from "vitest";
import { chosenRuns, missingSentence } from "./search-params.ts";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

test("up to twenty runs, each once, in the order of the address", () => {
  expect(chosenRuns([id(2), id(1), id(2)].join(","))).toEqual({ runIds: [id(2), id(1)], problems: [] });
  expect(chosenRuns("")).toEqual({ runIds: [], problems: [] });
});

test("what is left out is said", () => {
  const many = Array.from({ length: 22 }, (_, n) => id(n));
  const chosen = chosenRuns([...many, "x", "y"].join(","));
  expect(chosen.runIds).toEqual(many.slice(0, 20));
  expect(chosen.problems).toEqual([
    "Left out: “\u2068x\u2069” and 1 other are no id of a run.",
    "Left out: 2 runs more than the 20 that can be compared at once.",
  ]);
});

test("runs that are not there are named", () => {
  expect(missingSentence([])).toBeNull();
  expect(missingSentence([id(1)])).toBe(`There is no run ${id(1)}.`);
  expect(missingSentence([1, 2, 3, 4, 5].map(id))).toBe(
    `There are no runs ${id(1)}, ${id(2)}, ${id(3)} and 2 others.`,
  );
});
