import type { Page } from "@playwright/test";
import { barriers } from "./barriers.ts";
import { slowValveRun } from "./demo-runs.ts";
import { expect, test } from "./fixtures.ts";
import { startRun } from "./start-run.ts";

const timeline = (page: Page) => page.getByLabel(/^Timeline of/);
const readout = (page: Page) => page.getByText(/^#\d+/).locator("xpath=..");

test("an engineer sees the verdict first, then finds each deviation and its three durations", async ({
  openAs,
  lab,
}) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}`);
  await expect(
    page.getByText(`Completed · complete to step 402 · ${run.deviations} deviations`),
  ).toBeVisible();

  await page.getByRole("button", { name: "Next deviation" }).click();
  await expect(page).toHaveURL(new RegExp(`step=${run.first}(&|$)`));
  await expect(readout(page)).toContainText(
    /planned 100 ms\s*measured 15\d ms\s*recorded 15\d ms\s*deviation \+5\d ms/,
  );

  await page.getByRole("button", { name: "Next deviation" }).click();
  await expect(page).toHaveURL(new RegExp(`step=${run.first + 4}(&|$)`));
  await page.getByRole("button", { name: "Previous deviation" }).click();
  await expect(page).toHaveURL(new RegExp(`step=${run.first}(&|$)`));
});

test("T30 the timeline is moved and zoomed by keyboard, by wheel and by hand, and the address keeps the view", async ({
  openAs,
  lab,
}) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}`);
  await timeline(page).focus();
  await page.keyboard.press("w");
  await page.keyboard.press("w");
  await expect(page).toHaveURL(/from=[\d.]+&to=[\d.]+/);
  const zoomed = page.url();

  await page.keyboard.press("d");
  await expect(page).not.toHaveURL(zoomed);
  const moved = new URL(page.url()).searchParams;
  const box = await timeline(page).boundingBox();
  if (!box) throw new Error("no timeline");
  await page.mouse.move(box.x + 300, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect
    .poll(() => Number(new URL(page.url()).searchParams.get("from")), {
      message: "dragged to the right: earlier",
    })
    .toBeLessThan(Number(moved.get("from")));

  // The address follows the hand a little later; only zooming makes the view narrower.
  const widthInAddress = (): number => {
    const view = new URL(page.url()).searchParams;
    return Number(view.get("to")) - Number(view.get("from"));
  };
  const dragged = widthInAddress();
  await page.mouse.wheel(0, -400);
  await expect.poll(widthInAddress).toBeLessThan(dragged * 0.9);

  const link = page.url();
  await page.reload();
  await expect(page).toHaveURL(link);
  await page.getByRole("button", { name: "Whole run" }).click();
  await expect(page).toHaveURL(`/runs/${run.id}`);
});

test("a line follows the pointer through lanes and values, and nothing is drawn anew for it", async ({
  openAs,
  lab,
}) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", null);
  await page.addInitScript(countDrawings);
  await page.goto(`/runs/${run.id}`);
  await expect(page.getByLabel(/^Pressure:/)).toBeVisible();
  const drawn = await page.evaluate(untilNothingIsDrawn);
  const box = await timeline(page).boundingBox();
  if (!box) throw new Error("no timeline");
  for (let x = 100; x <= 400; x += 25) await page.mouse.move(box.x + x, box.y + 60);
  const lines = page.locator("div[style*='translateX']:not([hidden])");
  await expect(lines).not.toHaveCount(0);
  for (const line of await lines.all()) expect((await line.boundingBox())?.x).toBeCloseTo(box.x + 400, 0);
  await expect(page.getByText(/^cycle \d+$/)).toBeVisible();
  expect(await page.evaluate(untilNothingIsDrawn)).toBe(drawn);
  await page.mouse.move(box.x + 400, box.y - 200);
  await expect(lines).toHaveCount(0);
});

type Counting = typeof globalThis & { drawings: number };
/** Runs in the page: each drawing begins with a clean canvas. */
function countDrawings(): void {
  (globalThis as Counting).drawings = 0;
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...place) {
    (globalThis as Counting).drawings += 1;
    clear.apply(this, place);
  };
}
/** Runs in the page: how many drawings there were when none was added for a hundred frames, in which its second went on. */
async function untilNothingIsDrawn(): Promise<number> {
  const counting = globalThis as Counting;
  let drawn = -1;
  while (drawn !== counting.drawings) {
    drawn = counting.drawings;
    for (let frame = 0; frame < 100; frame += 1) await new Promise(requestAnimationFrame);
  }
  return drawn;
}

test("steps are walked with J and K, and stay chosen on the Steps tab", async ({ openAs, lab }) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}?from=0&to=30000`);
  await timeline(page).focus();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(readout(page)).toContainText("#3");
  await page.keyboard.press("k");
  await expect(readout(page)).toContainText("#2");

  await page.getByRole("tab", { name: "Steps" }).click();
  await expect(page.getByRole("row", { name: /^2 / })).toHaveAttribute("aria-selected", "true");
});

test("from within a step longer than the window one walks on, and hears why one cannot", async ({
  openAs,
  lab,
  problems,
}) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}?from=1000&to=2000`);
  await timeline(page).focus();
  await page.keyboard.press("j");
  await expect(page).toHaveURL(/step=1(&|$)/);
  await page.keyboard.press("]");
  await expect(page, "the first step of the first cycle").toHaveURL(/step=2(&|$)/);

  await page.goto(`/runs/${run.id}?from=1000&to=2000&step=1`);
  problems.expect(/net::ERR_|WebSocket/);
  // Until the window itself has been read, the steps of the whole run are there to walk on.
  await expect(page.getByRole("status").filter({ hasText: /^reading$/ })).toHaveCount(0);
  await timeline(page).focus();
  await page.context().setOffline(true);
  await page.keyboard.press("j");
  await expect(
    page.getByRole("status").filter({ hasText: "the server was not reached" }).last(),
  ).toBeVisible();
  await page.context().setOffline(false);
  await page.keyboard.press("j");
  await expect(page).toHaveURL(/step=2(&|$)/);
});

test("every step is in the table, the last as near as the first", async ({ openAs, lab }) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}?tab=steps`);
  const steps = page.getByRole("grid", { name: "Steps" });
  await expect(steps.getByRole("row", { name: /^1 Stabilise/ })).toBeVisible();
  await steps.focus();
  await page.keyboard.press("End");
  await expect(steps.getByRole("row", { name: /^402 Final purge/ })).toBeVisible();
  await expect(page).toHaveURL(/step=402/);
  await page.keyboard.press("ArrowUp");
  await expect(steps.getByRole("row", { name: /^401 / })).toHaveAttribute("aria-selected", "true");
});

test("durations and trends say in words and in a table what they draw", async ({ openAs, lab }) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}?tab=durations`);
  const pulse = page.getByRole("figure").filter({ hasText: "TMA pulse" });
  await expect(pulse).toContainText(/planned 100 ms · typically 10\d ms · worst \+5\d ms/);
  await pulse.getByText("As a table").click();
  await expect(pulse.getByRole("row")).toHaveCount(101);

  await page.getByRole("tab", { name: "Trends" }).click();
  await expect(page).toHaveURL(/tab=trends/);
  await expect(page.getByRole("figure").filter({ hasText: "Chamber temperature" })).toContainText(
    "set-point 200 °C",
  );
});

test("a live run grows in the same page, and its end is shown without a reload", async ({
  openAs,
  lab,
  site,
}) => {
  const { id } = await startRun(lab, site, [
    { purge: 1_500 },
    { loop: 4, steps: [{ pulse: 1, ms: 100 }, { purge: 900 }, { pulse: 2, ms: 100 }, { purge: 900 }] },
  ]);
  const page = await openAs("viewer", `/runs/${id}`);
  const status = page.getByRole("status", { name: "Run status" });
  await expect(status).toHaveText("Running");
  const recorded = page.getByText("Steps recorded", { exact: true }).locator("xpath=..");
  await expect(recorded).toContainText(/^Steps recorded([5-9]|1\d)/);

  await expect(status).toHaveText("Completed", { timeout: 20_000 });
  await expect(page.getByText("Completed · complete to step 17 · no deviations")).toBeVisible();
});

test("T11 looking back on a live run is said, and new steps do not move the view", async ({
  openAs,
  lab,
  site,
}) => {
  const { id } = await startRun(lab, site, [{ loop: 100, steps: [{ pulse: 1, ms: 100 }, { purge: 400 }] }]);
  const page = await openAs("viewer", `/runs/${id}?from=0&to=1000`);
  await expect(page.getByText(/looking at the past of a live run, [\d.]+ (s|min) .*behind/)).toBeVisible();
  await expect(page.getByText("0:00.00 to 0:01.00")).toBeVisible();
  const recorded = page.getByText("Steps recorded", { exact: true }).locator("xpath=..");
  const before = await recorded.textContent();
  await expect(recorded).not.toHaveText(before ?? "");
  await expect(page.getByText("0:00.00 to 0:01.00"), "the view stays").toBeVisible();

  await page.getByRole("button", { name: "Back to live" }).click();
  await expect(page.getByText(/to the live edge/)).toBeVisible();
  await expect(page.getByText(/looking at the past/)).toBeHidden();
});

test("nothing keeps a screen reader out of what is drawn of a run, nor of its tables", async ({
  openAs,
  lab,
}) => {
  const run = await slowValveRun(lab);
  const page = await openAs("viewer", `/runs/${run.id}`);
  for (const tab of ["Timeline", "Durations", "Trends", "Steps"]) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByRole("tabpanel", { name: tab })).toContainText(/table|Measured/);
    expect(await barriers(page), tab).toEqual([]);
  }
});

test("a run on paper: all there is to read of it, without what is to be pressed, in ink on white", async ({
  openAs,
  lab,
}) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}`, { colorScheme: "dark" });
  await page.getByRole("link", { name: "Report" }).click();
  await expect(page).toHaveURL(`/runs/${run.id}/report`);
  await expect(page.getByRole("img", { name: /^The steps of/ })).toBeVisible();
  expect(await barriers(page)).toEqual([]);

  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(255, 255, 255)");
  const [sql] = await lab.sql<{ played: number; most: string }>(
    `select count(*)::int as played, percentile_disc(0.95) within group (order by measured_ms)::text as most from public.step_execution_history
     where process_id = $1 and step_name = $2`,
    [run.id, run.stepName],
  );
  const row = page
    .getByRole("table", { name: /^Planned and measured/ })
    .getByRole("row")
    .filter({ hasText: run.stepName });
  await expect(row).toContainText(String(sql?.played));
  await expect(row).toContainText(`${Math.round(Number(sql?.most))} ms`);
  await expect(page.getByRole("table", { name: "What was found" }).getByRole("row").nth(1)).toContainText(
    run.stepName,
  );
  const paper = await page.pdf({ path: "test-results/report.pdf", format: "A4", printBackground: true });
  expect(paper.subarray(0, 5).toString()).toBe("%PDF-");
});
