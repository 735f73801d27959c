import { expect, test } from "vitest";
import { ignoredRuns } from "./ignored-runs.ts";
import { loadRunsParams, reversedDays, runFilter, runOrder } from "./search-params.ts";

const ID = "00000000-0000-4000-8000-000000000001";
const load = (search: string) => loadRunsParams(new URLSearchParams(search));

test("an empty address selects every run, newest first", () => {
  expect(runFilter(load(""))).toEqual({});
  expect(runOrder(load(""))).toEqual({ sort: "start_time", isDescending: true });
});

test("every part of the selection stands in the address", () => {
  const params = load(
    `status=failed&machine=${ID}&recipe=${ID}&version=2&operator=${ID}&text=a+b&from=2026-11-20&to=2026-11-21&least=3&good=true&sort=duration&order=asc`,
  );
  expect(runFilter(params)).toEqual({
    status: "failed",
    machineId: ID,
    recipeId: ID,
    recipeVersion: 2,
    operatorId: ID,
    text: "a b",
    from: Date.UTC(2026, 10, 20),
    to: Date.UTC(2026, 10, 22),
    leastDeviations: 3,
    isGood: true,
  });
  expect(runOrder(params)).toEqual({ sort: "duration", isDescending: false });
});

test("with deviations means at least one, unless more are asked for", () => {
  expect(runFilter(load("deviations=true"))).toEqual({ leastDeviations: 1 });
  expect(runFilter(load("deviations=true&least=5"))).toEqual({ leastDeviations: 5 });
});

test("days the wrong way round are named; the same day twice is a day", () => {
  expect(reversedDays(load("from=2026-11-21&to=2026-11-20"))).toBe(
    "No run can match: the list is to begin on 2026-11-21, after its end on 2026-11-20.",
  );
  expect(reversedDays(load("from=2026-11-21&to=2026-11-21"))).toBeNull();
  expect(reversedDays(load("from=2026-11-21"))).toBeNull();
});

test("a place of another order, or two places, are named", () => {
  const ignored = (search: Record<string, string>) => ignoredRuns(new URLSearchParams(search));
  const place = JSON.stringify(["2026-11-21T08:00:00+00:00", ID]);
  expect(ignored({ after: place })).toEqual([]);
  expect(ignored({ after: place, sort: "steps" })).toEqual([
    { name: "after", why: "is a place in another order" },
  ]);
  expect(ignored({ after: place, before: place })).toEqual([
    { name: "before", why: "stands beside after, which counts" },
  ]);
  expect(ignored({ pins: "x" })).toMatchObject([{ name: "pins" }]);
});
