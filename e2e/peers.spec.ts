import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { callRpc } from "./call-rpc.ts";
import { dayRun, PULSE_MS, PULSES, PURGE_MS } from "./day-run.ts";
import { slowValveRun } from "./demo-runs.ts";
import { drawnStretches, laneAt } from "./drawn-lane.ts";
import { expect, test } from "./fixtures.ts";
import { playedRuns } from "./played-runs.ts";
import { startRun } from "./start-run.ts";

// What people have asked the makers of other screens for, each by the number under which they did: here it works.

const timeline = (page: Page) => page.getByLabel(/^Timeline of/);
const readout = (page: Page) => page.getByText(/^(#\d+|\d+ steps from #\d+)$/).locator("xpath=..");
const VALVE = { loops: 1, lane: 0 };
const PURGE = { loops: 1, lane: 1 };

test("T29 Grafana #72775: short states stay visible however far one zooms out, and say how long they were", async ({
  openAs,
  lab,
  site,
}) => {
  const run = await dayRun(lab, site);
  const page = await openAs("viewer", `/runs/${run}`);
  await expect(page.getByText("0:00 to 12:00:00")).toBeVisible();
  await expect.poll(async () => (await drawnStretches(page, VALVE)).length).toBe(PULSES);

  const sixth = (await drawnStretches(page, VALVE))[5];
  const place = await laneAt(page, VALVE, sixth?.from ?? 0);
  await page.mouse.move(place.x, place.y);
  await expect(readout(page)).toContainText(/#11\s*planned 15 ms\s*measured 15 ms/);
});

test("T29 Grafana #125054: a state that spans the whole window is drawn, with its whole duration", async ({
  openAs,
  lab,
  site,
}) => {
  const run = await dayRun(lab, site);
  const page = await openAs("viewer", `/runs/${run}?from=600000&to=660000`);
  const wide = await timeline(page).evaluate((canvas) => canvas.clientWidth);
  await expect.poll(async () => (await drawnStretches(page, PURGE)).length).toBeGreaterThan(0);
  const stretches = await drawnStretches(page, PURGE);
  expect(stretches[0]?.from).toBeLessThan(2);
  expect(stretches.at(-1)?.to).toBeGreaterThan(wide - 2);
  const place = await laneAt(page, PURGE, wide / 2);
  await page.mouse.move(place.x, place.y);
  await expect(readout(page)).toContainText(/#2\s*planned 1 h 00 min\s*measured 1 h 00 min/);
});

test("T29 Grafana #89757: the state that goes on is drawn up to now", async ({ openAs, lab, site }) => {
  const { id } = await startRun(lab, site, [
    { loop: 2, name: "Layer", steps: [{ pulse: 1, ms: 200, name: "TMA pulse" }, { purge: 600_000 }] },
  ]);
  const page = await openAs("viewer", `/runs/${id}`);
  await expect(page.getByText("Running").first()).toBeVisible();
  const wide = await timeline(page).evaluate((canvas) => canvas.clientWidth);
  const lastColumn = async () => (await drawnStretches(page, PURGE)).at(-1)?.to ?? 0;
  await expect.poll(lastColumn).toBeGreaterThan(wide - 4);

  const place = await laneAt(page, PURGE, wide * 0.8);
  await page.mouse.move(place.x, place.y);
  await expect(readout(page)).toContainText(/#2\s*planned 10 min 00 s\s*measured still open/);
  // Also as time goes on.
  const length = page.getByText(/^0:00[.\d]* to /);
  const before = await length.textContent();
  await expect(length).not.toHaveText(before ?? "");
  expect(await lastColumn()).toBeGreaterThan(wide - 4);
});

test("Grafana #35752: zooming from the whole run to a millisecond and back never stops the page", async ({
  openAs,
  lab,
}) => {
  const run = await slowValveRun(lab);
  const page = await openAs("viewer", `/runs/${run.id}`);
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/rpc/run_timeline")) asked.push(request.url());
  });
  await page.evaluate(() => {
    const stalls: number[] = [];
    Object.assign(window, { stalls });
    new PerformanceObserver((list) =>
      stalls.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      entryTypes: ["longtask"],
    });
  });
  await timeline(page).focus();
  const widthShown = () => {
    const view = new URL(page.url()).searchParams;
    return view.has("from") ? Number(view.get("to")) - Number(view.get("from")) : Number.POSITIVE_INFINITY;
  };
  for (let presses = 0; presses < 45; presses += 1) await page.keyboard.press("w");
  await expect.poll(widthShown).toBeLessThanOrEqual(1);
  for (let presses = 0; presses < 60; presses += 1) await page.keyboard.press("s");
  await expect(page).toHaveURL(`/runs/${run.id}`);
  const stalls = await page.evaluate(() => (window as unknown as { stalls: number[] }).stalls);
  expect(stalls.filter((ms) => ms > 2_000)).toEqual([]);
  expect(asked.length, "the way back asks for nothing that the way there has read").toBeLessThanOrEqual(50);
});

test("Temporal #3161: a window is chosen on the whole run, tells both its ends, and idle hours are crossed in one step", async ({
  openAs,
  lab,
  site,
}) => {
  const run = await dayRun(lab, site);
  const page = await openAs("viewer", `/runs/${run}?from=0&to=1000`);
  await expect(page.getByText("0:00.00 to 0:01.00")).toBeVisible();
  await timeline(page).focus();
  for (const cycle of [1, 2, 3]) {
    await page.keyboard.press("]");
    await expect(page).toHaveURL(new RegExp(`step=${2 * cycle - 1}(&|$)`));
  }
  await expect(page.getByText("cycle 3", { exact: true })).toBeVisible();
  const at = 2 * (PULSE_MS + PURGE_MS);
  const ends = () => {
    const view = new URL(page.url()).searchParams;
    return [Number(view.get("from")), Number(view.get("to"))] as const;
  };
  await expect.poll(() => ends()[0]).toBeLessThanOrEqual(at);
  await expect.poll(() => ends()[1]).toBeGreaterThan(at);
  await page.keyboard.press("[");
  await expect(page).toHaveURL(/step=3(&|$)/);
  for (const step of [4, 5]) {
    await page.keyboard.press("j");
    await expect(page).toHaveURL(new RegExp(`step=${step}(&|$)`));
  }

  const [from, to] = ends();
  const whole = await page.getByLabel(/^The whole run/).boundingBox();
  if (!whole) throw new Error("There is no picture of the whole run.");
  await page.mouse.click(whole.x + whole.width * 0.75, whole.y + whole.height / 2);
  await expect.poll(() => ends()[0]).toBeGreaterThan(8 * PURGE_MS);
  expect(ends()[1] - ends()[0]).toBeCloseTo(to - from, -1);
});

test("Airflow #19940: beside how long a step took in this run stands how long it took in the others", async ({
  openAs,
  lab,
  site,
}) => {
  const usual = [100, 101, 102, 101, 100, 103, 101, 102, 100, 101];
  const { ids, recipe } = await playedRuns(lab, site, [usual, usual, usual.map((ms) => ms + 40)]);
  const page = await openAs("viewer", `/runs/${ids[2]}?tab=durations`);
  const spreads = page
    .getByRole("listitem")
    .filter({ hasText: "TMA pulse, valve 1" })
    .getByRole("definition");
  const [sql] = await lab.sql<{ median: number; low: number; high: number }>(
    `select percentile_disc(0.5) within group (order by h.measured_ms)::float8 as median,
       percentile_disc(0.05) within group (order by h.measured_ms)::float8 as low,
       percentile_disc(0.95) within group (order by h.measured_ms)::float8 as high
     from public.step_execution_history h join public.process_executions r on r.id = h.process_id
     where r.recipe_id = $1 and h.step_type = 'valve'`,
    [recipe.id],
  );
  await expect(spreads).toHaveText([
    "median 141 ms, 9 of 10 from 140 ms to 143 ms",
    `median ${sql?.median} ms, 9 of 10 from ${sql?.low} ms to ${sql?.high} ms`,
  ]);
  await expect(page.getByRole("term").filter({ hasText: "3 newest runs" }).first()).toBeVisible();
});

test("T30 Open MCT #2138: a note leads to the stretch it was written about, not to now, and the zoom is kept", async ({
  openAs,
  lab,
  site,
}) => {
  const run = await dayRun(lab, site);
  const { body } = await callRpc(site.stack, await lab.person("engineer"), "write_note", {
    p_note_id: randomUUID(),
    p_run_id: run,
    p_body: "Pressure was not steady",
    p_at: new Date(Date.UTC(2026, 0, 5, 3)).toISOString(),
    p_until_at: new Date(Date.UTC(2026, 0, 5, 3, 0, 30)).toISOString(),
  });
  expect(body["ok"]).toBe(true);
  const page = await openAs("viewer", `/runs/${run}?tab=notes`);
  await page.getByRole("listitem").getByRole("button", { name: /to/ }).click();
  await expect(page).toHaveURL(/from=10800000&to=10830000/);
  const link = page.url();
  await page.getByRole("tab", { name: "Trends" }).click();
  await page.getByRole("tab", { name: "Timeline" }).click();
  await expect(page).toHaveURL(link);
  await page.reload();
  await expect(page).toHaveURL(link);
  await expect(page.getByText("3:00:00.0 to 3:00:30.0")).toBeVisible();
});
