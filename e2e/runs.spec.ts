import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { expectSound } from "./looks.ts";
import { type PastRun, pastRuns } from "./past-runs.ts";
import { startRun } from "./start-run.ts";

const table = (page: Page) => page.getByRole("region", { name: /^Runs(, newest first)?$/ });
const rows = (page: Page) => table(page).last().locator("tbody tr");
const pages = (page: Page) => page.getByRole("navigation", { name: "Pages" });
/** What is being sent stands beside it for a moment, hidden; a role is that of what is seen. */
const seen = (page: Page) => page.getByRole("main");
const pinBar = (page: Page) => page.getByRole("region", { name: "Pinned runs" });
const listOf = ([run]: readonly PastRun[]) => `/runs?machine=${run?.machine.id}`;
const many = (count: number) => Array.from({ length: count }, () => ({}));

test("T30 filters narrow the list, live in the address and survive a reload", async ({ openAs, lab }) => {
  const runs = await pastRuns(lab, [{ status: "failed" }, {}, { status: "failed" }]);
  const page = await openAs("engineer", listOf(runs));
  await expect(rows(page)).toHaveCount(3);
  await seen(page).getByLabel("Status").selectOption("failed");
  await expect(page).toHaveURL(/status=failed/);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).filter({ hasText: "Completed" })).toHaveCount(0);

  await page.reload();
  await expect(seen(page).getByLabel("Status")).toHaveValue("failed");
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page).toHaveURL("/runs");
  await expect(seen(page).getByLabel("Machine")).toHaveValue("");
});

test("recipe and version, operator, days and deviations narrow it too", async ({ openAs, lab }) => {
  const runs = await pastRuns(lab, [
    { version: 1 },
    { version: 2, deviations: 4 },
    { version: 2, deviations: 1 },
  ]);
  const recipe = runs[0]?.recipe.id ?? "";
  const [told] = await lab.sql<{ operator: string; other: string }>(
    `select r.operator_id as operator,
       (select p.id from public.profiles p where p.id <> r.operator_id and p.role <> 'viewer' limit 1) as other
     from public.process_executions r where r.id = $1`,
    [runs[0]?.id],
  );
  await lab.sql("update public.recipes set version = 2 where id = $1", [recipe]);
  const page = await openAs("engineer", listOf(runs));
  await seen(page).getByLabel("Recipe", { exact: true }).selectOption(recipe);
  await seen(page).getByLabel("Version").selectOption("2");
  await expect(rows(page)).toHaveCount(2);
  await seen(page).getByLabel("With deviations").check();
  await expect(page).toHaveURL(/deviations=true/);
  await seen(page).getByLabel("Deviations, at least").pressSequentially("4");
  await expect(page).toHaveURL(/least=4/);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("4 deviations");
  await seen(page)
    .getByLabel("Operator")
    .selectOption(told?.operator ?? "");
  await expect(page).toHaveURL(/operator=/);
  await expect(rows(page)).toHaveCount(1);
  await seen(page).getByLabel("From (UTC)").fill("2026-01-05");
  await seen(page).getByLabel("To (UTC)").fill("2026-01-05");
  await expect(page).toHaveURL(/from=2026-01-05&to=2026-01-05/);
  await expect(rows(page)).toHaveCount(1);
  await seen(page)
    .getByLabel("Operator")
    .selectOption(told?.other ?? "");
  await expect(seen(page).getByText("No run matches")).toBeVisible();
});

test("days the wrong way round are said", async ({ openAs, lab }) => {
  const runs = await pastRuns(lab, [{}]);
  const page = await openAs("viewer", `${listOf(runs)}&from=2026-01-06&to=2026-01-05`);
  await expect(
    seen(page).getByText(
      "No run can match: the list is to begin on 2026-01-06, after its end on 2026-01-05.",
    ),
  ).toBeVisible();
  await expect(seen(page).getByLabel("To (UTC)")).toHaveAttribute("aria-invalid", "true");
});

test("text is looked for as it is typed, in machine, recipe, operator and error", async ({ openAs, lab }) => {
  const runs = await pastRuns(lab, [{ name: "Hafnia 30" }, { name: "Zirconia 12" }]);
  const page = await openAs("engineer", listOf(runs));
  await expect(rows(page)).toHaveCount(2);
  await seen(page).getByLabel("Search").pressSequentially("zirconia");
  await expect(page).toHaveURL(/text=zirconia/);
  await expect(seen(page).getByLabel("Search")).toBeFocused();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("Zirconia 12");

  await seen(page).getByLabel("Search").fill("no such thing, (really)");
  await expect(seen(page).getByText("No run matches")).toBeVisible();
});

test("columns sort the list, by pointer and by keyboard, and say so", async ({ openAs, lab }) => {
  const runs = await pastRuns(lab, [{ minutes: 5 }, { minutes: 30 }, { minutes: 12 }]);
  const page = await openAs("engineer", listOf(runs));
  const head = (name: string) => page.getByRole("columnheader", { name: new RegExp(`^${name}`) });
  const durations = () => rows(page).locator("td:nth-child(6)").allTextContents();
  await expect(head("Started")).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("button", { name: "Recorded", exact: true }).click();
  await expect(head("Recorded")).toHaveAttribute("aria-sort", "descending");
  await expect.poll(durations).toEqual(["30 min 00 s", "12 min 00 s", "5 min 00 s"]);
  await page.getByRole("button", { name: "Recorded", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/sort=duration&order=asc/);
  await expect.poll(durations).toEqual(["5 min 00 s", "12 min 00 s", "30 min 00 s"]);
  await page.reload();
  await expect(head("Recorded")).toHaveAttribute("aria-sort", "ascending");
  await expect(head("Started")).toHaveAttribute("aria-sort", "none");
});

test("pages of fifty: on, back and to the first, each in the address", async ({ openAs, lab }) => {
  const runs = await pastRuns(lab, many(104));
  const page = await openAs("engineer", listOf(runs));
  const began = (hour: number) =>
    new Date(Date.UTC(2026, 0, 5, hour)).toISOString().slice(0, 16).replace("T", " ");
  const first = () => rows(page).first();
  await expect(pages(page)).toContainText("1 to 50 of 104 runs");
  await expect(first()).toContainText(began(103));
  await pages(page).getByRole("link", { name: "Next" }).click();
  await expect(first()).toContainText(began(53));
  await pages(page).getByRole("link", { name: "Next" }).click();
  await expect(first()).toContainText(began(3));
  await expect(rows(page)).toHaveCount(4);
  await expect(pages(page).getByRole("button", { name: "Next: there are none" })).toBeDisabled();
  await page.reload();
  await expect(first()).toContainText(began(3));
  await pages(page).getByRole("link", { name: "Previous" }).click();
  await expect(first()).toContainText(began(53));
  await pages(page).getByRole("link", { name: "Previous" }).click();
  await expect(pages(page)).toContainText("1 to 50 of 104 runs");
  await pages(page).getByRole("link", { name: "Next" }).click();
  await pages(page).getByRole("link", { name: "First" }).click();
  await expect(page).toHaveURL(listOf(runs));
});

test("pinned runs stand in the address, the twenty-first is refused, and they can be compared", async ({
  openAs,
  lab,
}) => {
  const runs = await pastRuns(lab, many(21));
  const page = await openAs("viewer", listOf(runs));
  const box = (at: number) => rows(page).nth(at).getByRole("checkbox");
  await expect(rows(page)).toHaveCount(21);
  await box(0).focus();
  await page.keyboard.press("Space");
  await expect(pinBar(page).getByText("1 run pinned")).toBeVisible();
  for (let at = 1; at < 20; at += 1) await box(at).check();
  await expect(pinBar(page).getByText("20 runs pinned")).toBeVisible();
  await box(20).click();
  await expect(
    page.getByRole("alert").filter({ hasText: "Not pinned: 20 runs are pinned already" }),
  ).toBeVisible();
  await expect(box(20)).not.toBeChecked();
  await expect(pinBar(page).getByText("20 runs pinned")).toBeVisible();

  await box(3).uncheck();
  await expect(page.getByText("Not pinned:")).toBeHidden();
  await box(20).check();
  const inAddress = () => new URL(page.url()).searchParams.get("pins")?.split(",") ?? [];
  const wanted = runs.flatMap(({ id }, hour) => (hour === 17 ? [] : [id]));
  await expect.poll(() => inAddress().toSorted()).toEqual(wanted.toSorted());
  const pinned = inAddress();
  await page.reload();
  await expect(pinBar(page).getByText("20 runs pinned")).toBeVisible();
  await expect(box(3)).not.toBeChecked();
  await expect(page.getByRole("link", { name: "Compare pinned" })).toHaveAttribute(
    "href",
    `/runs/compare?runs=${pinned.join(",")}`,
  );
  await page.getByRole("button", { name: "Unpin all" }).click();
  await expect(page).toHaveURL(listOf(runs));
});

async function exported(page: Page, link: string): Promise<string[]> {
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: link }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("runs.csv");
  return (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
}

test("the selection is exported whole, in its order, or the pinned runs alone", async ({ openAs, lab }) => {
  const runs = await pastRuns(lab, [...many(51), { name: "=SUM(A1)", status: "failed" }]);
  const page = await openAs("viewer", `${listOf(runs)}&sort=start_time&order=asc`);
  await expect(pages(page)).toContainText("1 to 50 of 52 runs");
  const [heading = "", ...lines] = await exported(page, "These runs, CSV");
  const names = heading.split(",");
  const cell = (line: string | undefined, name: string) => line?.split(",")[names.indexOf(name)];
  expect(lines.map((line) => cell(line, "run_id"))).toEqual(runs.map(({ id }) => id));
  expect(cell(lines[51], "recipe")).toBe("'=SUM(A1)");
  expect(cell(lines[0], "start_time")).toBe(runs[0]?.startedAt);
  expect(cell(lines[0], "origin")).toBe("simulated");

  await rows(page).nth(2).getByRole("checkbox").check();
  const [, ...pinned] = await exported(page, "Pinned runs, CSV");
  expect(pinned.map((line) => cell(line, "run_id"))).toEqual([runs[2]?.id]);

  const bad = await page.request.get("/runs/export/runs.csv?machine=everything");
  expect([bad.status(), (await bad.json()).code]).toEqual([400, "invalid_input"]);
});

test("the count and the figures of a row are what SQL says", async ({ openAs, lab }) => {
  const [told] = await lab.sql<{
    id: string;
    machine: string;
    deviations: number;
    worst: number;
    count: number;
  }>(
    `select r.id, r.machine_id as machine, r.deviation_count as deviations,
       (select round(max(abs(h.deviation_ms)))::int from public.step_execution_history h where h.process_id = r.id) as worst,
       (select count(*)::int from public.process_executions o
        where o.machine_id = r.machine_id and o.status = 'completed' and o.deviation_count >= r.deviation_count) as count
     from public.process_executions r
     where r.status = 'completed' and r.deviation_count > 10 order by r.start_time limit 1`,
  );
  const page = await openAs(
    "viewer",
    `/runs?machine=${told?.machine}&status=completed&least=${told?.deviations}`,
  );
  await expect(pages(page)).toContainText(`1 to ${told?.count} of ${told?.count} runs`);
  const row = rows(page).filter({ has: page.locator(`a[href="/runs/${told?.id}"]`) });
  await expect(row).toContainText(`${told?.deviations} deviations`);
  await expect(row.getByRole("img", { name: `farthest off ${told?.worst} ms` })).toBeVisible();
});

test("a row leads to its run wherever it is pressed", async ({ openAs, lab }) => {
  const runs = await pastRuns(lab, [{}]);
  const page = await openAs("engineer", listOf(runs));
  await rows(page)
    .first()
    .click({ position: { x: 120, y: 20 } });
  await expect(page).toHaveURL(`/runs/${runs[0]?.id}`);
});

test("a run that begins elsewhere appears, and its end is shown, without a reload", async ({
  openAs,
  lab,
  site,
}) => {
  const page = await openAs("engineer", "/runs");
  await expect(page.getByRole("button", { name: /^Links:/ })).toBeVisible();

  const { recipe } = await startRun(lab, site, [{ purge: 2_000 }, { pulse: 1, ms: 100 }, { purge: 1_000 }]);
  const row = rows(page).filter({ hasText: recipe.name });
  await expect(row.getByText("Running")).toBeVisible({ timeout: 15_000 });
  await expect(row.getByText("Completed")).toBeVisible({ timeout: 20_000 });
  await expect(row).toContainText("3 / 3");
});

test("nothing keeps a screen reader out, and a phone scrolls one way", async ({ openAs, lab }) => {
  const runs = await pastRuns(lab, [{ deviations: 3 }, { name: "A recipe with a name of some length" }, {}]);
  const page = await openAs("viewer", `${listOf(runs)}&recipe=${ABSENT}&pins=${runs[0]?.id}`);
  await expect(seen(page).getByText("No run matches")).toBeVisible();
  await seen(page).getByLabel("Recipe", { exact: true }).selectOption("");
  await expect(rows(page)).toHaveCount(3);
  const [least, deviating] = await Promise.all(
    ["Deviations, at least", "With deviations"].map((label) => seen(page).getByLabel(label).boundingBox()),
  );
  expect((least?.x ?? 0) + (least?.width ?? 0), "no control lies over another").toBeLessThan(
    deviating?.x ?? 0,
  );
  await expectSound(page, "runs", {
    also: () => expect(rows(page).first()).toContainText("10 min 00 s"),
  });
});

const ABSENT = "00000000-0000-4000-8000-000000000000";
