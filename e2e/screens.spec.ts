import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import type { Lab } from "./lab.ts";
import { sidewaysScroll } from "./looks.ts";

// Every page, as a person sees it: light and dark, on a desk, a phone and a wall. The pictures lie beside the test results;
// with PULSEBOARD_SCREENS=1 they go to docs/screens. A page that logs an error or scrolls sideways fails.

/** Pictures to be kept are taken in motion and in every look; for nobody, two looks are drawn, for the other tests wait. */
const ARE_KEPT = process.env["PULSEBOARD_SCREENS"] !== undefined;
test.use({ contextOptions: { reducedMotion: ARE_KEPT ? "no-preference" : "reduce" } });

const RESULTS = fileURLToPath(new URL("../test-results/screens", import.meta.url));
const DOCS = fileURLToPath(new URL("../docs/screens", import.meta.url));

const WIDE = { width: 1280, height: 860 };
const NARROW = { width: 360, height: 780 };
const WALL = { width: 1920, height: 1080 };

type Look = { suffix: string; colorScheme: "light" | "dark"; viewport: { width: number; height: number } };

const ONLY_KEPT: Look[] = [
  { suffix: "-narrow", colorScheme: "light", viewport: NARROW },
  // Last, when the demo has something to show: the README has these.
  { suffix: "", colorScheme: "light", viewport: WIDE },
];
const LOOKS: Look[] = [
  { suffix: "-dark", colorScheme: "dark", viewport: WIDE },
  { suffix: "-1920", colorScheme: "light", viewport: WALL },
  ...(ARE_KEPT ? ONLY_KEPT : []),
];

async function shoot(page: Page, name: string): Promise<void> {
  const folder = ARE_KEPT ? DOCS : RESULTS;
  await mkdir(folder, { recursive: true });
  // A chart learns its new width a moment after the page.
  await expect
    .poll(() => sidewaysScroll(page), { message: `${name} does not scroll sideways` })
    .toBeLessThanOrEqual(0);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** A page is opened once and turned to each look; what is drawn to the pixel follows within some frames. */
async function shootEachLook(page: Page, name: string): Promise<void> {
  for (const { suffix, colorScheme, viewport } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await expect(page.locator("html")).toHaveCSS("color-scheme", colorScheme);
    await page.evaluate(async () => {
      scrollTo(0, 0);
      for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
    });
    await shoot(page, `${name}${suffix}`);
  }
}

test("every page of what goes on draws itself in each look", async ({ openAs, lab }) => {
  const { machine, idle, run, alike } = await shown(lab);
  const page = await openAs("operator", "/", { viewport: WIDE });
  const tile = page.getByRole("article", { name: "ALD-01", exact: true });
  await expect(tile.getByText(/\/ \d+ cycles/)).toBeVisible();
  await shootEachLook(page, "fleet");

  await page.goto(`/machines/${machine}`);
  await expect(page.getByLabel("Now").getByText(/^Step [1-9]\d*/)).toBeVisible({ timeout: 20_000 });
  await shootEachLook(page, "machine");

  await page.goto(`/machines/${idle.id}/start?recipe=${idle.recipeId}`);
  await expect(page.getByLabel("Permissives", { exact: true })).toBeVisible();
  await shootEachLook(page, "start");

  await page.goto("/runs");
  await expect(page.getByRole("row").nth(5)).toBeVisible();
  await shootEachLook(page, "runs");

  await page.goto(`/runs/compare?runs=${alike.join(",")}`);
  await expect(page.getByRole("figure").nth(1)).toBeVisible();
  await shootEachLook(page, "compare");

  await page.goto(`/runs/${run}`);
  await expect(page.getByRole("main").locator("canvas").first()).toBeVisible();
  await shootEachLook(page, "run");

  await page.getByRole("tab", { name: "Cycles" }).click();
  await expect(page.getByLabel(/^Cycles of/)).toBeVisible();
  await shootEachLook(page, "cycles");
});

test("every page of what is kept draws itself in each look", async ({ openAs, lab }) => {
  const { machine, idle } = await shown(lab);
  const page = await openAs("operator", "/recipes", { viewport: WIDE });
  await expect(page.getByRole("row").nth(4)).toBeVisible();
  await shootEachLook(page, "recipes");

  await page.goto(`/recipes/${idle.recipeId}`);
  await expect(page.getByLabel("Measured durations").getByRole("row").nth(2)).toBeVisible();
  await shootEachLook(page, "recipe");

  await page.goto(`/log?machine=${machine}`);
  await expect(page.getByRole("row").nth(5)).toBeVisible();
  await shootEachLook(page, "log");

  await page.goto("/system");
  await expect(page.getByText(/^of the last [1-9]/)).toBeVisible({ timeout: 15_000 });
  await shootEachLook(page, "system");

  await page.goto("/workflow?at=subtask-2");
  await expect(page.getByRole("treeitem").nth(5)).toBeVisible();
  await shootEachLook(page, "workflow");
});

type Shown = { machine: string; idle: { id: string; recipeId: string }; run: string; alike: string[] };

/** What of the demo is shown: a machine that runs, one that is idle and its last recipe, a run with deviations, runs alike. */
async function shown(lab: Lab): Promise<Shown> {
  const [machine] = await lab.sql<{ id: string }>(
    "select id from public.machines where serial_number = 'ALD-01'",
  );
  const [idle] = await lab.sql<{ id: string; recipeId: string }>(
    `select m.id, r.recipe_id as "recipeId" from public.machines m join public.process_executions r on r.machine_id = m.id
     where m.serial_number = 'ALD-03' and r.status = 'completed' order by r.start_time desc limit 1`,
  );
  const [run] = await lab.sql<{ id: string }>(
    `select run_id as id from public.runs_overview where status = 'completed' and deviation_count > 0 and serial_number like 'ALD-%'
     order by start_time desc limit 1`,
  );
  const alike = await lab.sql<{ id: string }>(
    "select id from public.process_executions where status = 'completed' and last_seq = 402 order by deviation_count desc, start_time limit 4",
  );
  if (!machine || !idle || !run) throw new Error("The demo has nothing to show.");
  return { machine: machine.id, idle, run: run.id, alike: alike.map(({ id }) => id) };
}

test("the wall display draws itself", async ({ openAs }) => {
  const page = await openAs("viewer", "/", { colorScheme: "dark", viewport: WALL });
  await page.goto("/?kiosk=1");
  await expect(
    page.getByRole("article", { name: "ALD-01", exact: true }).getByText(/\/ \d+ cycles/),
  ).toBeVisible();
  await shoot(page, "wall-fleet");
  await page.getByRole("link", { name: "ALD-01", exact: true }).click();
  await page.waitForURL(/machines/);
  await page.goto(`${page.url()}?kiosk=1`);
  await expect(page.getByLabel("Now").getByText(/^Step [1-9]\d*/)).toBeVisible({ timeout: 20_000 });
  await shoot(page, "wall-machine");
});

test("the page that writes a recipe draws itself", async ({ openAs, lab }) => {
  const [recipe] = await lab.sql<{ id: string }>(
    "select id from public.recipes where name = 'Al2O3 200 °C, 100 cycles'",
  );
  const page = await openAs("engineer", `/recipes/${recipe?.id}/edit`, { viewport: WIDE });
  await page.getByLabel(/^Repeats/).fill("120");
  await expect(page.getByLabel("Totals")).toContainText("120 cycles");
  await shoot(page, "recipe-edit");
});

test("the sign-in page draws itself", async ({ page }) => {
  await page.goto("/sign-in");
  await expect(page.getByRole("heading", { name: "Demo users" })).toBeVisible();
  await shoot(page, "sign-in");
});
