import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { barriers } from "./barriers.ts";
import { callRpc } from "./call-rpc.ts";
import { expect, test } from "./fixtures.ts";
import { armed, button } from "./operate.ts";
import { startRun } from "./start-run.ts";

// Recipes: what each does, was and really took; written by engineers, version by version, past no run.

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 780 };

const step = (page: Page, field: string, place: string): Locator =>
  page.getByLabel(new RegExp(`^${field}( in \\w+)? of step ${place.replaceAll(".", "\\.")}$`));
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);

const LOOKS = [
  { viewport: WIDE, colorScheme: "light" },
  { viewport: WIDE, colorScheme: "dark" },
  { viewport: NARROW, colorScheme: "light" },
  { viewport: NARROW, colorScheme: "dark" },
] as const;

/** Light and dark, on a desk and a phone: nothing scrolls sideways. In the look `searched` nothing keeps anybody out. */
async function fourLooks(page: Page, searched: number | null): Promise<void> {
  for (const [at, { viewport, colorScheme }] of LOOKS.entries()) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${viewport.width} px do not scroll sideways`).toBeLessThanOrEqual(0);
    if (at === searched) expect(await barriers(page)).toEqual([]);
  }
  await page.setViewportSize(WIDE);
}

async function save(page: Page, note = ""): Promise<Locator> {
  await button(page, "Review and save").click();
  const dialog = page.getByRole("dialog");
  if (note !== "") await dialog.getByLabel("Note (optional)").fill(note);
  await armed(
    dialog,
    `Save version ${(await dialog.textContent())?.match(/version (\d+)/)?.[1] ?? "1"}`,
  ).click();
  return dialog;
}

test("recipes are found, read and laid beside their past, in every look", async ({ lab, openAs }) => {
  const word = randomUUID().slice(0, 8);
  const hostile = `<img src=x onerror=alert(1)> ${word} \u202eعرض ${"n".repeat(10_000)}`;
  const recipe = await lab.recipe([{ loop: 3, steps: [{ pulse: 1, ms: 100 }, { purge: 3000 }] }], hostile);
  const [demo] = await lab.sql<{ id: string }>(
    "select id from public.recipes where name = 'Al2O3 200 °C, 100 cycles'",
  );
  const page = await openAs("viewer", `/recipes?text=${word}`);
  const row = page.getByRole("row").filter({ hasText: word });
  await expect(row).toContainText("9.3 s");
  await expect(row).toContainText("never run");
  await fourLooks(page, 0);
  await row.getByRole("link").first().click();
  await page.waitForURL(`**/recipes/${recipe.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`<img src=x onerror=alert(1)> ${word}`);
  await expect(page.getByText("Read only: engineers and administrators write recipes.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Edit recipe" })).toHaveCount(0);
  await fourLooks(page, null);

  await page.goto(`/recipes/${demo?.id}?from=1&to=3`);
  const changed = page.getByRole("region", { name: "What changed" });
  await expect(changed).toContainText("2 differences");
  await expect(changed).toContainText("2.5 s");
  await changed.getByLabel("What changed from").selectOption("2");
  await page.waitForURL(/from=2/);
  await expect(changed).toContainText("1 difference");
  const measured = page.getByRole("region", { name: "Measured durations" });
  await expect(measured.getByRole("row").filter({ hasText: "TMA pulse" })).toContainText("100 ms");
  await fourLooks(page, 3);
});

test("an engineer writes the next version by keyboard; a run of the old one stays what it was", async ({
  lab,
  site,
  openAs,
}) => {
  const run = await startRun(lab, site, [
    { wait: 600_000, name: "Warm up" },
    { loop: 5, name: "Bilayer", steps: [{ pulse: 1, ms: 100, name: "TMA" }, { purge: 3000 }] },
  ]);
  const frozen = () =>
    lab.sql("select recipe_version from public.process_executions where id = $1", [run.id]);
  const before = await frozen();
  const page = await openAs(await lab.person("engineer"), `/recipes/${run.recipe.id}/edit`);
  await expect(page.getByLabel("Totals")).toContainText("10 min 16 s, 11 steps, 5 cycles");

  // Reordered, nested and taken out again: the keyboard stays with the step.
  await page.getByRole("button", { name: "Move step 1, Warm up into the loop beside it" }).press("Enter");
  expect(await focused(page)).toBe("Move step 1.1, Warm up into the loop beside it");
  await page.getByRole("button", { name: "Move step 1.1, Warm up down" }).press("Enter");
  expect(await focused(page)).toBe("Move step 1.2, Warm up down");
  await page.getByRole("button", { name: "Move step 1.2, Warm up out of its loop" }).press("Enter");
  await expect(page.getByText("Warm up is now step 2.")).toBeVisible();
  await button(page, "Duplicate step 1.1, TMA").press("Enter");
  expect(await focused(page), "on to the copy").toBe("Name of step 1.2");
  await page.keyboard.type("H2O");
  await step(page, "Valve", "1.2").fill("2");
  await button(page, "Remove step 2, Warm up").press("Enter");
  await button(page, "Undo").press("Enter");
  await expect(page.getByLabel("Name of step 2", { exact: true })).toHaveValue("Warm up");

  // What cannot be saved is told beside the step, and leads there.
  await step(page, "Duration", "1.3").fill("0");
  await step(page, "Repeats", "1").fill("0");
  const third = page.getByRole("listitem", { name: "Step 1.3" });
  await expect(third).toContainText("steps[0].children[2]: Duration in ms: a whole number from 1 to");
  await expect(page.getByRole("button", { name: "Review and save" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await page.getByRole("button", { name: "2 faults: show the first" }).press("Enter");
  await expect(step(page, "Repeats", "1")).toBeFocused();
  await fourLooks(page, 1);
  await page.keyboard.type("4");
  await step(page, "Duration", "1.3").fill("2500");
  await expect(page.getByLabel("Totals")).toContainText("10 min 11 s, 13 steps, 4 cycles");

  await save(page, "Second half-reaction");
  await page.waitForURL(`**/recipes/${run.recipe.id}`);
  await expect(page.getByLabel("Versions of the recipe")).toContainText("Second half-reaction");
  const changed = page.getByRole("region", { name: "What changed" });
  await expect(changed).toContainText(/moved from [12]/);
  await expect(changed).toContainText("H2O");
  expect(await frozen(), "the run keeps what it froze").toEqual(before);
});

test("of two engineers the second is told what changed, and loses nothing", async ({ lab, twoBrowsers }) => {
  const recipe = await lab.recipe([{ wait: 1000, name: "Settle" }, { purge: 3000 }]);
  const [first, second] = await twoBrowsers(
    await lab.person("engineer"),
    await lab.person("admin"),
    `/recipes/${recipe.id}/edit`,
  );
  await step(first, "Duration", "1").fill("2000");
  await step(second, "Duration", "2").fill("4000");
  await save(first);
  await first.waitForURL(`**/recipes/${recipe.id}`);

  // Whoever looks again is told before they press.
  await second.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  await expect(second.getByText("Version 2 was saved meanwhile.")).toBeVisible();
  const dialog = await save(second, "Longer purge");
  await expect(dialog.getByRole("alert")).toContainText("saved by Test engineer");
  await expect(dialog.getByRole("region", { name: "What version 2 changed meanwhile" })).toContainText(
    "Settle",
  );
  await dialog.getByRole("button", { name: "I have seen it; mine follows version 2" }).click();
  await expect(dialog.getByRole("heading", { name: "Save as version 3?" })).toBeVisible();
  await expect(dialog.getByLabel("Note (optional)")).toHaveValue("Longer purge");
  await button(second, "Go on writing").click();
  await step(second, "Duration", "1").fill("2000");

  // A page that is left keeps what was typed.
  await expect
    .poll(() => second.evaluate(() => JSON.stringify(sessionStorage)))
    .toContain('\\"duration_ms\\":\\"2000\\"');
  await second.goto("/recipes");
  await second.goto(`/recipes/${recipe.id}/edit`);
  await button(second, "Take it up").click();
  await save(second, "Longer purge");
  await second.waitForURL(`**/recipes/${recipe.id}`);
  const kept = await lab.sql(
    "select version, note from public.recipe_versions where recipe_id = $1 order by version",
    [recipe.id],
  );
  expect(kept).toEqual([
    { version: 1, note: null },
    { version: 2, note: null },
    { version: 3, note: "Longer purge" },
  ]);
});

test("a new recipe is made once; who is no engineer is told so, and refused behind the screen", async ({
  lab,
  site,
  openAs,
}) => {
  const page = await openAs(await lab.person("engineer"), "/recipes/new");
  await expect(page.getByLabel("Totals")).toContainText("100 cycles");
  await page.getByLabel("Name", { exact: true }).fill("Zinc oxide");
  // Other tests have recipes for machines that nobody has.
  await page.getByLabel("Machine type").selectOption("thermal-ald");
  await button(page, "Add parameter").click();
  await step(page, "Parameter", "4").selectOption({ index: 1 });
  await step(page, "Target", "4").fill("25");
  await save(page);
  await page.waitForURL(/\/recipes\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Zinc oxide");

  const operator = await lab.person("operator");
  const id = page.url().split("/").at(-1);
  const other = await openAs(operator, `/recipes/${id}/edit`);
  await expect(other.getByText("Read only: engineers and administrators write recipes.")).toBeVisible();
  await expect(other.getByRole("textbox")).toHaveCount(0);
  const { status, body } = await callRpc(site.stack, operator, "save_recipe", {
    p_recipe_id: id,
    p_expected_version: 1,
    p_program: {},
  });
  expect([status, body["code"]]).toEqual([403, "not_allowed"]);
});
