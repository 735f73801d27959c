import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { startRun } from "./start-run.ts";

const rows = (page: Page) => page.getByRole("region", { name: "Runs, newest first" }).getByRole("row");

test("filters narrow the list, live in the address and survive a reload", async ({ openAs }) => {
  const page = await openAs("engineer", "/runs");
  await page.getByLabel("Status").selectOption("failed");
  await expect(page).toHaveURL("/runs?status=failed");
  await expect(rows(page).filter({ hasText: "Completed" })).toHaveCount(0);
  await expect(rows(page).filter({ hasText: "Failed" }).first()).toBeVisible();

  await page.reload();
  await expect(page.getByLabel("Status")).toHaveValue("failed");
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page).toHaveURL("/runs");
  await expect(rows(page).filter({ hasText: "Completed" }).first()).toBeVisible();
});

test("text is looked for in machine, recipe, operator and error", async ({ openAs }) => {
  const page = await openAs("engineer", "/runs");
  await page.getByLabel("Search").fill("nanolam");
  await expect(page).toHaveURL("/runs?text=nanolam");
  await expect(rows(page).filter({ hasText: "TiO2 150" })).toHaveCount(0);
  await expect(rows(page).filter({ hasText: "nanolaminate" }).first()).toBeVisible();

  await page.getByLabel("Search").fill("no such thing, (really)");
  await expect(page.getByText("No run matches")).toBeVisible();
});

test("only runs with deviations, of one machine, in a stretch of days", async ({ openAs, lab }) => {
  const [run] = await lab.sql<{ machine_id: string; day: string; name: string }>(
    `select machine_id, to_char(start_time at time zone 'UTC', 'YYYY-MM-DD') as day, machine_name as name
     from public.runs_overview where deviation_count > 0 and status = 'completed' order by start_time limit 1`,
  );
  const page = await openAs("engineer", "/runs");
  await page.getByLabel("Machine").selectOption(run?.machine_id ?? "");
  await page.getByLabel("From (UTC)").fill(run?.day ?? "");
  await page.getByLabel("To (UTC)").fill(run?.day ?? "");
  await page.getByLabel("With deviations").check();
  await expect(page).toHaveURL(
    `/runs?machine=${run?.machine_id}&from=${run?.day}&to=${run?.day}&deviations=true`,
  );
  await expect(page.getByRole("navigation", { name: "Pages" })).toContainText("1 to 1 of 1 runs");
  await expect(rows(page).nth(1)).toContainText(run?.day ?? "");
});

test("pages of fifty, older and newer", async ({ openAs }) => {
  const page = await openAs("engineer", "/runs");
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages).toContainText(/1 to 50 of \d+ runs/);
  await pages.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL("/runs?page=2");
  await expect(pages).toContainText(/51 to \d+ of \d+ runs/);
  await pages.getByRole("link", { name: "Newer" }).click();
  await expect(page).toHaveURL("/runs");
});

test("a page beyond the last says so and leads to the last", async ({ openAs }) => {
  const page = await openAs("viewer", "/runs?page=99999");
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages).toContainText(/^\d+ runs, \d+ pages/);
  await pages.getByRole("link", { name: "Newer" }).click();
  await expect(pages).toContainText(/^\d+ to (\d+) of \1 runs/);
});

test("a row leads to its run wherever it is pressed", async ({ openAs }) => {
  const page = await openAs("engineer", "/runs?status=completed");
  await rows(page)
    .nth(1)
    .click({ position: { x: 40, y: 20 } });
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
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

test("nothing keeps a screen reader out", async ({ openAs }) => {
  const page = await openAs("viewer", "/runs");
  await expect(rows(page).nth(3)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
