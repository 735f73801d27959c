import type { Page } from "@playwright/test";
import { recordSimulatedRun } from "#executor/simulated-record.ts";
import { heat, loop, pulse, purge, TestBed } from "#executor/test-bed.ts";
import type { ProgramStep } from "#lib/model/program.ts";
import type { Site } from "#scripts/start/site.ts";
import { expect, test } from "./fixtures.ts";

// What goes wrong on a simulated machine, as an engineer sees it: a line among the findings, and a mark on the strobe.

const cycles = (count: number): ProgramStep => loop(count, pulse(1), purge(3000), pulse(2), purge(4000));

/** Not the simulator's own, by name: the executor of the site would take up the machine, and this test plays it. */
const PLAYED_HERE = { driver: "played by the test" };

async function recorded(site: Site, steps: ProgramStep[], ...faults: object[]): Promise<string> {
  const bed = await TestBed.open(site.stack, PLAYED_HERE);
  try {
    return await recordSimulatedRun(bed, steps, faults);
  } finally {
    await bed.close();
  }
}

const findings = (page: Page) => page.getByRole("region", { name: "Findings" });
const line = (page: Page, title: string) =>
  findings(page).getByRole("button", { name: new RegExp(`^${title}`) });
/** What is said of the chosen cell, under the toolbar of the strobe. */
const reading = (page: Page, cycle: number) =>
  page.getByText(`Cycle ${cycle}`, { exact: true }).locator("xpath=..");

test.setTimeout(180_000);

for (const { name, fault, cycle, phase, title, where } of [
  {
    name: "a valve that closes 10 % late in cycles 41 to 60",
    fault: { kind: "slow_valve", valve: 2, extra_ms: 10, from_cycle: 41, to_cycle: 60 },
    cycle: 50,
    phase: 3,
    title: "Pulse too long",
    where: "cycles 41 to 60, 20 steps",
  },
  {
    name: "a dose that never came, in cycle 61",
    fault: { kind: "missed_pulse", valve: 1, from_cycle: 61, to_cycle: 61 },
    cycle: 61,
    phase: 1,
    title: "Dose missing",
    where: "cycle 61, step 241",
  },
  {
    name: "a purge that got stuck, in cycle 37",
    fault: { kind: "stuck_purge", valve: 2, from_cycle: 37, to_cycle: 37, extra_ms: 8200 },
    cycle: 37,
    phase: 4,
    title: "Purge got stuck",
    where: "cycle 37, step 148",
  },
] as const) {
  test(`${name}: listed, and marked on the strobe`, async ({ site, openAs }) => {
    const runId = await recorded(site, [cycles(100)], fault);
    const page = await openAs("engineer", `/runs/${runId}?tab=cycles&cycle=${cycle}&phase=${phase}`);
    await expect(findings(page).getByRole("listitem")).toHaveCount(1);
    await expect(line(page, title)).toContainText(where);
    await expect(reading(page, cycle)).toContainText(title);
    await page.getByText("What is shown, as a table").click();
    const row = page.getByRole("row", { name: new RegExp(`^Cycle ${cycle} `) });
    await expect(row.getByRole("cell").nth(phase)).toContainText(title);
  });
}

test("pulses that grow by 1 % over a thousand cycles: listed, and marked on the strobe", async ({
  site,
  openAs,
}) => {
  const fault = { kind: "duration_drift", valve: 2, per_cycle: 1e-5 };
  const runId = await recorded(site, [cycles(1000)], fault);
  const page = await openAs("engineer", `/runs/${runId}?tab=cycles&cfrom=991&cto=1000&cycle=998&phase=3`);
  await expect(findings(page).getByRole("listitem")).toHaveCount(1);
  await expect(line(page, "Duration drifts")).toContainText(/to 1.000, \d+ steps/);
  await expect(reading(page, 998)).toContainText("Duration drifts");
});

test("a heater that is late: listed at its step, and a line between the cycles; on time: nothing", async ({
  site,
  openAs,
}) => {
  const steps = [cycles(30), heat(230, 1, 40_000), cycles(60)];
  const late = await recorded(site, steps, { kind: "late_heater", rate_share: 0.2 });
  const page = await openAs("engineer", `/runs/${late}?tab=cycles`);
  await expect(findings(page).getByRole("listitem")).toHaveCount(1);
  await expect(line(page, "Heater late")).toContainText("steps 121");
  await expect(page.getByText("finding", { exact: true })).toBeVisible();

  const onTime = await recorded(site, steps);
  await page.goto(`/runs/${onTime}?tab=cycles`);
  await expect(page.getByLabel(/^Cycles of/)).toBeVisible();
  await expect(findings(page)).toHaveCount(0);
  await expect(page.getByText("finding", { exact: true })).toHaveCount(0);
});
