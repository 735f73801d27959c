import { barriers } from "./barriers.ts";
import { expect, test } from "./fixtures.ts";

// Addresses are typed, cut and pasted: what they ask for that is not there is said, in words and to programs.

const ABSENT = "00000000-0000-4000-8000-000000000000";

test("an address that leads to nothing is answered 404, says what is missing and where to go", async ({
  openAs,
  problems,
}) => {
  problems.expect(/404/);
  const page = await openAs("viewer");
  const nothing = [
    ["/machines/not-an-id", "There is no such machine", "Go to the fleet", "/"],
    [`/machines/${ABSENT}`, "There is no such machine", "Go to the fleet", "/"],
    ["/runs/not-an-id", "There is no such run", "Go to the runs", "/runs"],
    [`/runs/${ABSENT}`, "There is no such run", "Go to the runs", "/runs"],
    ["/recipes/not-an-id", "There is no such recipe", "Go to the recipes", "/recipes"],
    [`/recipes/${ABSENT}`, "There is no such recipe", "Go to the recipes", "/recipes"],
    [`/recipes/${ABSENT}/edit`, "There is no such recipe", "Go to the recipes", "/recipes"],
    ["/nowhere", "There is no page at this address", "Go to the fleet", "/"],
    ["/machines/%F0%28", "There is no page at this address", "Go to the fleet", "/"],
  ] as const;
  for (const [path, title, way, href] of nothing) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(page).toHaveTitle(/^(No such (machine|run|recipe)|Not found) · Pulseboard$/);
    await expect(page.getByRole("link", { name: way })).toHaveAttribute("href", href);
  }
  await expect(page.getByRole("banner")).toBeVisible();
  expect(await barriers(page)).toEqual([]);
});

test("the page of a machine and of a run is called by its name before any script has run", async ({
  openAs,
  lab,
}) => {
  const [run] = await lab.sql<{ run_id: string; machine_id: string; recipe: string; machine: string }>(
    `select run_id, machine_id, recipe_name as recipe, machine_name as machine from public.runs_overview
     where status = 'completed' limit 1`,
  );
  const page = await openAs("viewer");
  const titleOf = async (path: string) =>
    /<title>(.*?)<\/title>/.exec(await (await page.request.get(path)).text())?.[1];
  expect(await titleOf(`/machines/${run?.machine_id}`)).toBe(`${run?.machine} · Pulseboard`);
  expect(await titleOf(`/runs/${run?.run_id}`)).toContain(`${run?.recipe}, ${run?.machine}, 20`);
});

test("what a page cannot read of its address is named, and the rest is shown", async ({ openAs, lab }) => {
  const [run] = await lab.sql<{ run_id: string; machine_id: string; recipe_id: string }>(
    "select run_id, machine_id, recipe_id from public.runs_overview where status = 'completed' limit 1",
  );
  const page = await openAs("viewer");
  const odd = [
    ["/runs?machine=1'", "machine “\u20681'\u2069” is not the id of a machine."],
    ["/runs?recipe=x&status=failed", "recipe “\u2068x\u2069” is not the id of a recipe."],
    ["/runs?least=99999999999999999999", "is not a number of deviations, from 1."],
    ["/runs?pins=1,2", "is not a list of at most 20 ids of runs."],
    ["/runs?after=here", "is not a place in the list."],
    [`/runs?sort=steps&after=["soon","${ABSENT}"]`, "after is a place in another order."],
    ["/runs?from=2026-02-31", "is not a day, such as 2026-11-21."],
    ["/runs?text=%00", "is not text of at most 200 characters."],
    ["/runs?deviations=maybe", "is not true or false."],
    [`/runs/${run?.run_id}?step=99999999999`, "is not the number of a step, from 1."],
    [`/runs/${run?.run_id}?from=1e300&to=2e300`, "is not a time in ms from the first step;"],
    [`/runs/${run?.run_id}?tab=map`, "is not a view of a run"],
    [`/machines/${run?.machine_id}?cycles=7`, "is not a number of cycles to show (3, 10, 30)."],
    ["/recipes?text=%00", "is not text of at most 200 characters."],
    [`/recipes/${run?.recipe_id}?from=0`, "is not the number of a version, from 1."],
    [`/recipes/${run?.recipe_id}?from=1&to=99999`, "Versions 1 and 99999 cannot be compared"],
    ["/workflow?at=1'", "is not a row of the plan, such as subtask-3 or step-12."],
    ["/workflow?at=step-999999", "at step-999999 is not in the plan."],
    ["/workflow?status=gone", "is not a status of a step"],
  ] as const;
  for (const [path, words] of odd) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(200);
    const html = (await answer.text()).replaceAll("&#x27;", "'");
    expect(html, path).toContain(words);
    expect(html, path).not.toMatch(/22P02|invalid input syntax|out of range|role="alert"/);
  }

  await page.goto("/workflow?status=gone");
  await expect(page.getByRole("status").filter({ hasText: "Ignored in the address:" })).toBeVisible();
  await page.getByRole("button", { name: "Take it out" }).click();
  await expect(page).toHaveURL("/workflow");
  await expect(page.getByText("Ignored in the address:")).toBeHidden();
});

test("a filter that is well-formed and matches nothing is still seen to be on", async ({ openAs }) => {
  const page = await openAs("viewer", `/runs?machine=${ABSENT}`);
  await expect(page.getByText("No run matches")).toBeVisible();
  await expect(page.getByLabel("Machine")).toHaveValue(ABSENT);
});
