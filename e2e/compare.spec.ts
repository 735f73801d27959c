import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import type { Lab } from "./lab.ts";
import { expectSound } from "./looks.ts";
import { pastRuns } from "./past-runs.ts";
import { CYCLES, playedRuns } from "./played-runs.ts";

const ABSENT = "00000000-0000-4000-8000-000000000000";

const steady = (ms: number) => Array.from({ length: CYCLES }, () => ms);
/** As steady as the others, but for one cycle. */
const odd = (cycle: number, ms: number) => steady(100).map((usual, at) => (at === cycle - 1 ? ms : usual));

const runsTable = (page: Page) =>
  page.getByRole("region", { name: "Runs of this comparison" }).locator("tbody tr");
const differences = (page: Page) =>
  page.getByRole("list", { name: "Steps that differ" }).getByRole("listitem");
const pathOf = (ids: readonly string[]) => `/runs/compare?runs=${ids.join(",")}`;

const markGood = (lab: Lab, runId: string | undefined) =>
  lab.sql("insert into public.run_marks (process_id, is_good, reason) values ($1, true, 'as it should be')", [
    runId,
  ]);

test("the step that differs from the good runs is first, with the figures of SQL, and leads to its run", async ({
  openAs,
  lab,
  site,
}) => {
  const { ids } = await playedRuns(lab, site, [steady(100), steady(101), odd(6, 152)]);
  await markGood(lab, ids[0]);
  await markGood(lab, ids[1]);
  const [told] = await lab.sql<{ seq: number; value: string; expected: string; off: string }>(
    `select h.seq, round(h.measured_ms)::text as value, round(g.median::numeric, 1)::text as expected, round((h.measured_ms - g.median)::numeric)::text as off
     from public.step_execution_history h,
       lateral (select percentile_cont(0.5) within group (order by o.measured_ms) as median from public.step_execution_history o
         where o.process_id = any ($2::uuid[]) and o.cycle = h.cycle and o.step_type = h.step_type) g
     where h.process_id = $1 and h.step_type = 'valve' order by h.measured_ms desc limit 1`,
    [ids[2], [ids[0], ids[1]]],
  );
  const page = await openAs("viewer", pathOf(ids));
  await expect(runsTable(page)).toHaveCount(3);
  await expect(runsTable(page).filter({ hasText: "Good" })).toHaveCount(2);
  await expect(page.getByText(/^Measured against 2 runs of .* marked good/)).toBeVisible();
  await expect(differences(page)).toHaveCount(1);
  const first = differences(page).first();
  await expect(first).toContainText("TMA pulse, valve 1");
  await expect(first).toContainText(`+${told?.off} ms`);
  await expect(first).toContainText(`${told?.value} ms instead of ${told?.expected} ms`);
  await expect(first).toContainText(`cycle 6, from step ${told?.seq}`);

  const figure = page.getByRole("figure").filter({ hasText: "TMA pulse, valve 1" });
  await expect(figure).toContainText(`run 3 +${told?.off} ms at cycle 6`);
  await figure.getByText("As a table").click();
  await expect(figure.getByRole("row").nth(6)).toHaveText(/^6100 ms to 101 ms100 ms101 ms152 ms$/);

  await first.getByRole("link").focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/runs/${ids[2]}?tab=steps&step=${told?.seq}`);
  await expect(page.getByRole("row", { selected: true })).toContainText("TMA pulse");
});

test("alignment and measure stand in the address and survive a reload; the way back keeps the pins", async ({
  openAs,
  lab,
  site,
}) => {
  const { ids } = await playedRuns(lab, site, [steady(100), odd(3, 140)]);
  const page = await openAs("viewer", pathOf(ids));
  await expect(page.getByText(/is marked good, so each is measured against the others\.$/)).toBeVisible();
  await page.getByRole("button", { name: "Time", exact: true }).click();
  await expect(page).toHaveURL(/align=start/);
  await page.getByRole("button", { name: "Pressure peak" }).click();
  await expect(page).toHaveURL(/measure=peak_torr/);
  await expect(page.getByText("Nothing of this was measured in these runs.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Time", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(page.getByRole("button", { name: "Pressure peak" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Duration" }).click();
  await page.getByRole("button", { name: "Execution" }).click();
  await expect(differences(page).first()).toContainText("execution 3");

  await page.getByRole("link", { name: "Take run 2 out" }).click();
  await expect(runsTable(page)).toHaveCount(1);
  await expect(page.getByText(/so there is nothing to measure this one against\.$/)).toBeVisible();
  await page.goBack();
  await expect(runsTable(page)).toHaveCount(2);
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Runs" }).click();
  await expect(page).toHaveURL(`/runs?pins=${ids.join(",")}`);
  await page.getByRole("link", { name: "Compare pinned" }).click();
  await expect(runsTable(page)).toHaveCount(2);
});

test("in what the recipes and the starts of runs differ is told against the first", async ({
  openAs,
  lab,
}) => {
  const runs = await pastRuns(lab, [{}, {}, { version: 2, name: "Renamed recipe" }]);
  await lab.sql(
    "update public.process_executions set parameters = parameters || '{\"speed\": 7}' where id = $1",
    [runs[1]?.id],
  );
  const page = await openAs("viewer", pathOf(runs.map(({ id }) => id)));
  const programs = page.getByRole("region", { name: "Programs and parameters" });
  await expect(programs).toContainText("Speed");
  await expect(programs).toContainText("becomes 7");
  await expect(programs).toContainText(/recipe version\s*1/);
  await expect(programs).toContainText("Renamed recipe");
});

test("whatever the address names, there is a sentence and never an empty page", async ({ openAs, lab }) => {
  const runs = await pastRuns(
    lab,
    Array.from({ length: 2 }, () => ({})),
  );
  const ids = runs.map(({ id }) => id);
  const page = await openAs("viewer", "/runs/compare");
  await expect(page.getByText("No run to compare")).toBeVisible();
  await expect(page.getByRole("link", { name: "Go to the runs" })).toBeVisible();

  await page.goto(`/runs/compare?runs=${ABSENT}`);
  await expect(page.getByText(`There is no run ${ABSENT}.`)).toBeVisible();
  await expect(page.getByText("No run to compare")).toBeVisible();

  await page.goto(`/runs/compare?runs=nonsense,${ids.join(",")}&align=moon`);
  await expect(page.getByText(/^Left out: .*nonsense.* is no id of a run\.$/)).toBeVisible();
  await expect(page.getByText(/align .*moon.* is not a way to lay runs upon each other/)).toBeVisible();
  await expect(runsTable(page)).toHaveCount(2);

  const many = Array.from({ length: 19 }, (_, n) => ABSENT.replace(/0{2}$/, String(n + 10)));
  await page.goto(pathOf([...ids, ...many]));
  await expect(
    page.getByText("Left out: 1 run more than the 20 that can be compared at once."),
  ).toBeVisible();
  await expect(page.getByText(/^There are no runs .* and 15 others\.$/)).toBeVisible();
  await expect(runsTable(page)).toHaveCount(2);
});

test("nothing keeps a screen reader out, and a phone scrolls one way", async ({ openAs, lab, site }) => {
  const { ids } = await playedRuns(lab, site, [steady(100), odd(3, 140)]);
  await markGood(lab, ids[0]);
  const page = await openAs("viewer", pathOf(ids));
  await expect(page.getByRole("figure")).toHaveCount(2);
  await expect(page.getByRole("figure").first().locator("svg circle").first()).toBeVisible();
  await expectSound(page, "compare", { also: () => expect(differences(page)).toHaveCount(1) });
});
