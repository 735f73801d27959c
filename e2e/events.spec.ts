import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import type { Site } from "#scripts/start/site.ts";
import { callRpc } from "./call-rpc.ts";
import { expect, test } from "./fixtures.ts";
import type { Lab } from "./lab.ts";
import { expectSound } from "./looks.ts";
import { SOON, shownLater } from "./page-time.ts";
import { playedRuns } from "./played-runs.ts";

const events = (page: Page) => page.getByRole("list", { name: "Events", exact: true }).getByRole("listitem");
const pathOf = (run: string, more = "") => `/runs/${run}?tab=events${more}`;

/** A run with a pulse in cycle 5 that was far too long. */
async function oddRun(lab: Lab, site: Site): Promise<string> {
  const lengths = Array.from({ length: 10 }, (_, cycle) => (cycle === 4 ? 160 : 100));
  const { ids } = await playedRuns(lab, site, [lengths]);
  const [id] = ids;
  if (id === undefined) throw new Error("No run was played.");
  return id;
}

test("commands, changes of status, marks and findings stand in the order of SQL, and lead to their step", async ({
  openAs,
  lab,
  site,
}) => {
  const run = await oddRun(lab, site);
  const engineer = await lab.person("engineer");
  await callRpc(site.stack, engineer, "mark_run", { p_run_id: run, p_is_good: true, p_reason: "Even film" });
  const asked = await lab.sql<{ kind: string; word: string }>(
    `select kind, word from (
       select 'commands' as kind, 'Start, done' as word, requested_at as at from public.machine_commands where run_id = $1
       union all
       select case action when 'run_marked' then 'marks' else 'status' end,
         case action when 'run_marked' then 'Marked good: Even film' else after ->> 'status' end, at
       from public.audit_log where run_id = $1 and action not like 'command%'
       union all
       select 'findings', 'Pulse too long: TMA pulse, valve 1', started_at
       from public.step_execution_history where process_id = $1 and seq = 9) x
     order by at desc`,
    [run],
  );
  expect(asked.length).toBeGreaterThan(5);

  const page = await openAs(await lab.person("viewer"), pathOf(run));
  await expect(events(page)).toContainText(asked.map(({ word }) => word));
  expect(await events(page).evaluateAll((items) => items.map((item) => item.dataset["kind"]))).toEqual(
    asked.map(({ kind }) => kind),
  );
  await expect(events(page).first()).toContainText("Test engineer");
  await expect(events(page).filter({ hasText: "Start, done" })).toContainText("Test operator");

  await page.getByLabel("Show", { exact: true }).selectOption("Findings");
  await expect(page).toHaveURL(/events=findings/);
  await expect(events(page)).toHaveCount(1);
  await events(page).getByRole("button", { name: "Step 9" }).click();
  await expect(page).toHaveURL(/tab=steps/);
  await expect(page.getByRole("row", { selected: true })).toContainText("160 ms");
});

test("what happens while the page is open is added without a reload", async ({ openAs, lab, site }) => {
  const run = await oddRun(lab, site);
  const page = await openAs(await lab.person("viewer"), null);
  await page.clock.install();
  await page.goto(pathOf(run, "&events=marks"));
  await expect(page.getByText("No such event")).toBeVisible();
  const engineer = await lab.person("engineer");
  await callRpc(site.stack, engineer, "mark_run", { p_run_id: run, p_is_good: true, p_reason: "Even film" });
  await shownLater(page, () => expect(events(page)).toContainText(["Marked good: Even film"], SOON));
});

test("the newest 500 are read, the older ones when they are asked for, and none is missing", async ({
  openAs,
  lab,
  site,
}) => {
  const run = await oddRun(lab, site);
  // Many with the same moment, so that a page ends among them.
  await lab.sql(
    `insert into public.audit_log (at, actor_role, action, run_id, reason)
     select now() - make_interval(secs => 3600 + n / 7), 'service_role', 'test_line', $1, 'n' || n from generate_series(1, 700) n`,
    [run],
  );
  const [{ count } = { count: 0 }] = await lab.sql<{ count: number }>(
    `select count(*)::int from public.audit_log where run_id = $1 and action not like 'command%'`,
    [run],
  );
  const page = await openAs(await lab.person("viewer"), pathOf(run, "&events=status"));
  await expect(page.getByText("500 events, newest first")).toBeVisible();
  await page.getByRole("button", { name: "Older events" }).click();
  await expect(page.getByText(`${count} events, newest first`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Older events" })).toHaveCount(0);
  const told = await events(page).evaluateAll(
    (items) => new Set(items.flatMap((item) => item.textContent?.match(/: (n\d+)/)?.[1] ?? [])).size,
  );
  expect(told).toBe(700);
});

test("the events keep nobody out, and a phone scrolls one way", async ({ openAs, lab, site }) => {
  const run = await oddRun(lab, site);
  await lab.sql(
    "insert into public.audit_log (actor_role, action, run_id, reason) values ('admin', 'run_status', $1, $2)",
    [run, `${randomUUID()}${"withoutabreak".repeat(20)}`],
  );
  const page = await openAs(await lab.person("viewer"), pathOf(run));
  await expect(events(page).filter({ hasText: "Pulse too long" })).toHaveCount(1);
  await expectSound(page, "events");
  await page.getByLabel("Show", { exact: true }).focus();
  await page.keyboard.type("Findings");
  await expect(events(page)).toHaveCount(1);
  await events(page).getByRole("button").focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/tab=steps/);
});
