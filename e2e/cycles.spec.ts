import type { Page } from "@playwright/test";
import { barriers } from "./barriers.ts";
import { slowValveRun } from "./demo-runs.ts";
import { expect, test } from "./fixtures.ts";
import type { Lab } from "./lab.ts";

async function cleanRun(lab: Lab): Promise<string> {
  const [run] = await lab.sql<{ id: string }>(
    `select r.id from public.process_executions r join public.machines m on m.id = r.machine_id
     where m.serial_number like 'ALD-%' and r.status = 'completed' and r.deviation_count = 0 order by r.start_time limit 1`,
  );
  return run?.id ?? "";
}

const strobe = (page: Page) => page.getByLabel(/^Cycles of/);
const findings = (page: Page) => page.getByRole("region", { name: "Findings" });

test("what was wrong with a run is listed with its cycles, and leads to the step", async ({
  openAs,
  lab,
}) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}`);
  const finding = findings(page).getByRole("button", { name: new RegExp(`Pulse too long.*${run.stepName}`) });
  await expect(finding).toContainText(`cycles ${run.fromCycle} to ${run.toCycle}, ${run.deviations} steps`);
  await expect(finding).toContainText(/\+5\d ms: 15\d ms instead of 10\d ms/);
  await finding.click();
  await expect(page).toHaveURL(/tab=steps&step=\d+/);
  await expect(page.getByRole("row", { selected: true })).toContainText(run.stepName);
});

test("a clean run lists no findings", async ({ openAs, lab }) => {
  const page = await openAs("engineer", `/runs/${await cleanRun(lab)}?tab=cycles`);
  await expect(strobe(page)).toBeVisible();
  await expect(findings(page)).toHaveCount(0);
});

test("cycles are walked by keyboard, and what is said of a cell is what SQL says", async ({
  openAs,
  lab,
}) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}?tab=cycles&cycle=${run.fromCycle}&phase=1`);
  const [told] = await lab.sql<{ measured: number }>(
    "select round(measured_ms)::int as measured from public.step_execution_history where process_id = $1 and cycle = $2 and is_deviation",
    [run.id, run.fromCycle],
  );
  const reading = page.getByText(`Cycle ${run.fromCycle}`, { exact: true }).locator("xpath=..");
  await expect(reading).toContainText(`measured ${told?.measured} ms`);
  await expect(reading).toContainText("deviation");

  await strobe(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Home");
  await expect(page).toHaveURL(/cycle=1&phase=2/);
  await expect(page.getByText("Cycle 1", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Open in the timeline" }).click();
  await expect(page).toHaveURL(/from=[\d.]+&to=[\d.]+/);
  await expect(page.getByLabel(/^Timeline of/)).toBeVisible();
});

test("T30 the view of the cycles is in the address", async ({ openAs, lab }) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}?tab=cycles&cfrom=11&cto=20`);
  await expect(page.getByText(/^Cycles 11 to 20 of/)).toBeVisible();
  await page.getByRole("button", { name: "Pressure peak" }).click();
  await expect(page).toHaveURL(/shade=peak/);
  await page.reload();
  await expect(page.getByRole("button", { name: "Pressure peak" })).toHaveAttribute("aria-pressed", "true");
  await page.getByText("What is shown, as a table").click();
  await expect(page.getByRole("row")).toHaveCount(11);
  await page.getByRole("button", { name: "All cycles" }).click();
  await expect(page.getByText(/^Cycles 1 to 100 of 100/)).toBeVisible();
});

test("nothing keeps a screen reader out of the cycles", async ({ openAs, lab }) => {
  const run = await slowValveRun(lab);
  const page = await openAs("engineer", `/runs/${run.id}?tab=cycles&cycle=${run.fromCycle}&phase=1`);
  await expect(strobe(page)).toBeVisible();
  await expect(findings(page)).toBeVisible();
  expect(await barriers(page)).toEqual([]);
});
