import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { Site } from "#scripts/start/site.ts";
import { callRpc } from "./call-rpc.ts";
import { expect, test } from "./fixtures.ts";
import type { Lab, Person } from "./lab.ts";
import { expectSound } from "./looks.ts";
import { pastRuns } from "./past-runs.ts";

const rows = (page: Page) =>
  page.getByRole("region", { name: "Log, newest first" }).last().locator("tbody tr");
const seen = (page: Page) => page.getByRole("main");

const FORMULA = '=HYPERLINK("http://elsewhere.test")';

type Scene = { machine: string; run: string; engineer: Person };

/** A machine with a run, a refused start and a note. */
async function scene(lab: Lab, site: Site): Promise<Scene> {
  const [run] = await pastRuns(lab, [{}]);
  if (run === undefined) throw new Error("No run was made.");
  const engineer = await lab.person("engineer", [run.machine]);
  await callRpc(site.stack, engineer, "start_process", {
    p_command_id: randomUUID(),
    p_machine_id: run.machine.id,
    p_recipe_id: run.recipe.id,
  });
  await note(site, engineer, run.id, FORMULA);
  return { machine: run.machine.id, run: run.id, engineer };
}

const note = (site: Site, who: Person, run: string, body: string) =>
  callRpc(site.stack, who, "write_note", { p_note_id: randomUUID(), p_run_id: run, p_body: body });

test("T26 who did what, when and why stands in the log as SQL has it, and what is written meanwhile appears", async ({
  openAs,
  lab,
  site,
}) => {
  const { machine, run, engineer } = await scene(lab, site);
  const told = await lab.sql<{ id: string; clock: string; reason: string | null }>(
    `select id::text, to_char(at at time zone 'UTC', 'HH24:MI:SS') as clock, reason from public.audit_log
     where machine_id = $1 order by at desc, id desc`,
    [machine],
  );
  const page = await openAs(await lab.person("viewer"), `/log?machine=${machine}`);
  await expect(rows(page)).toHaveCount(told.length);
  await expect(rows(page)).toContainText(told.map(({ clock }) => clock));
  await expect(rows(page).first()).toContainText("Test engineer");
  await expect(rows(page).first()).toContainText(FORMULA);
  const refused = rows(page).filter({ hasText: "Start refused" });
  await expect(refused).toContainText(
    told.find(({ reason }) => reason?.startsWith("The run"))?.reason ?? "?",
  );

  await note(site, engineer, run, "Written while it was open");
  await expect(rows(page).first()).toContainText("Written while it was open", { timeout: 10_000 });
  await expect(rows(page).first().getByRole("link", { name: "Past recipe" }).last()).toHaveAttribute(
    "href",
    `/runs/${run}`,
  );

  await seen(page).getByLabel("Kind").selectOption("Notes");
  await expect(page).toHaveURL(/kind=note/);
  await expect(rows(page)).toHaveCount(2);
  await seen(page).getByLabel("Search").fill("while OPEN");
  await expect(page).toHaveURL(/text=while/);
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page).toHaveURL("/log");
});

test("T26 the selection is exported whole, each line as SQL has it, and no text becomes a formula", async ({
  openAs,
  lab,
  site,
}) => {
  const { machine } = await scene(lab, site);
  await lab.sql(
    `insert into public.audit_log (actor_role, action, machine_id, reason)
     select 'service_role', 'controller_returned', $1, 'filler ' || g from generate_series(1, 620) g`,
    [machine],
  );
  const told = await lab.sql<{ id: string }>(
    "select id::text from public.audit_log where machine_id = $1 order by at desc, id desc",
    [machine],
  );
  const page = await openAs("viewer", `/log?machine=${machine}`);
  await expect(rows(page)).toHaveCount(50);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/before=/);
  await expect(rows(page).first()).toContainText("filler 570");
  await page.getByRole("link", { name: "Newer" }).click();
  await expect(rows(page).first()).toContainText("filler 620");

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "This selection, CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("log.csv");
  const [, ...lines] = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines.map((line) => line.split(",")[0])).toEqual(told.map(({ id }) => id));
  expect(lines.find((line) => line.includes("note_written"))).toContain(`"'=HYPERLINK`);
  const refused = await page.request.get("/log/export/log.csv?kind=gossip");
  expect([refused.status(), (await refused.json()).code]).toEqual([400, "invalid_input"]);
});

test("T26 signing in and out is on record, by name and role", async ({ openAs, lab }) => {
  const person = await lab.person("operator");
  const theirs = await openAs(person);
  const page = await openAs("viewer", `/log?person=${person.id}&kind=session`);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText(["Signed in"]);
  await expect(rows(page)).toContainText(["Operator"]);
  await theirs.getByRole("button", { name: /^Signed in as/ }).click();
  await theirs.getByRole("button", { name: "Sign out" }).click();
  await theirs.waitForURL(/sign-in/);
  await expect(rows(page).first()).toContainText("Signed out", { timeout: 10_000 });
});

test("the log keeps nobody out, and a phone scrolls one way", async ({ openAs, lab, site }) => {
  const { machine } = await scene(lab, site);
  const page = await openAs("viewer", `/log?machine=${machine}`);
  await lab.sql(
    `insert into public.audit_log (actor_role, action, machine_id, before, after)
     select 'service_role', 'run_status', $1, '{"status": "running"}', '{"status": "completed", "last_seq": 123456}'`,
    [machine],
  );
  await expect(rows(page).first()).toContainText("Run ended after", { timeout: 10_000 });
  await expectSound(page, "log", {
    also: async (look) => expect(await cutOff(page), look).toEqual([]),
  });
});

/** What stands in a row beyond the edge of the page. */
const cutOff = (page: Page): Promise<string[]> =>
  rows(page).evaluateAll((all) =>
    all
      .flatMap((row) => [...row.querySelectorAll("td *")])
      .filter((each) => each.getBoundingClientRect().right > window.innerWidth)
      .map(({ outerHTML }) => outerHTML),
  );
