import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import type { Site } from "#scripts/start/site.ts";
import { callRpc } from "./call-rpc.ts";
import { expect, test } from "./fixtures.ts";
import { isAction, loseAnswers } from "./interfere.ts";
import type { Lab, Person } from "./lab.ts";
import { expectSound } from "./looks.ts";
import { armed } from "./operate.ts";
import { SOON, shownLater } from "./page-time.ts";
import { playedRuns } from "./played-runs.ts";

const notes = (page: Page) => page.getByRole("list", { name: "Notes", exact: true }).locator("[data-note]");
const pathOf = (run: string) => `/runs/${run}?tab=notes`;

async function playedRun(lab: Lab, site: Site): Promise<string> {
  const { ids } = await playedRuns(lab, site, [Array.from({ length: 10 }, () => 100)]);
  const [id] = ids;
  if (id === undefined) throw new Error("No run was played.");
  return id;
}

/** Writes a note past the screen, which is another test's. */
async function noted(
  site: Site,
  who: Person,
  run: string,
  body: string,
  place: object = {},
): Promise<string> {
  const id = randomUUID();
  const { body: answer } = await callRpc(site.stack, who, "write_note", {
    p_note_id: id,
    p_run_id: run,
    p_body: body,
    ...place,
  });
  if (answer["ok"] !== true) throw new Error(`Not written: ${JSON.stringify(answer)}`);
  return id;
}

test("an engineer writes on the chosen step and on a stretch of time; each leads there, and SQL holds the same", async ({
  openAs,
  lab,
  site,
}) => {
  const run = await playedRun(lab, site);
  const page = await openAs(await lab.person("engineer"), `/runs/${run}?tab=steps&step=3`);
  await page.getByRole("button", { name: "Note step 3" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Note", { exact: true }).fill("Pulse looks thin");
  await armed(dialog, "Write note").click();
  await expect(page).toHaveURL(/tab=notes/);
  await expect(notes(page)).toHaveCount(1);

  await page.getByRole("button", { name: "Write a note" }).click();
  await dialog.getByLabel("About").selectOption("A stretch of time");
  await dialog.getByLabel("From, after the first step").fill("1");
  await dialog.getByLabel("To, after the first step").fill("0.5");
  await dialog.getByLabel("Note", { exact: true }).fill("Pressure was not steady");
  await armed(dialog, "Write note").click();
  await expect(dialog).toContainText("It comes before the beginning.");
  await dialog.getByLabel("To, after the first step").fill("2.25");
  await armed(dialog, "Write note").click();
  await expect(notes(page)).toHaveCount(2);

  const kept = await lab.sql(
    `select n.body, n.seq, n.until_seq, extract(epoch from n.at - f.device_started_at)::float8 as "from",
       extract(epoch from n.until_at - f.device_started_at)::float8 as "until"
     from public.run_notes n join public.step_execution_history f on f.process_id = n.process_id and f.seq = 1
     where n.process_id = $1 order by n.created_at`,
    [run],
  );
  expect(kept).toEqual([
    { body: "Pulse looks thin", seq: 3, until_seq: null, from: null, until: null },
    { body: "Pressure was not steady", seq: null, until_seq: null, from: 1, until: 2.25 },
  ]);

  await page.getByRole("button", { name: "1 s to 2.25 s" }).click();
  await expect(page).toHaveURL((url) => {
    const { from, to } = Object.fromEntries(url.searchParams);
    return from === "1000" && to === "2250" && !url.searchParams.has("tab");
  });
  await page.getByRole("tab", { name: "Notes" }).click();
  await page.getByRole("button", { name: "Step 3", exact: true }).click();
  await expect(page.getByRole("row", { selected: true })).toContainText("TMA pulse");
});

test("what is written, changed and taken back is seen by others without a reload, and its history is kept", async ({
  openAs,
  lab,
  site,
}) => {
  const run = await playedRun(lab, site);
  const [engineer, viewer] = [await lab.person("engineer"), await lab.person("viewer")];
  const watching = await openAs(viewer, null);
  await watching.clock.install();
  await watching.goto(pathOf(run));
  await expect(watching.getByText("Only engineers and administrators write notes.")).toBeVisible();
  await expect(watching.getByRole("button", { name: "Write a note" })).toHaveCount(0);
  const refused = await callRpc(site.stack, viewer, "write_note", {
    p_note_id: randomUUID(),
    p_run_id: run,
    p_body: "past the screen",
  });
  expect([refused.status, refused.body["code"]]).toEqual([403, "not_allowed"]);

  const page = await openAs(engineer, pathOf(run));
  await page.getByRole("button", { name: "Write a note" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Note", { exact: true }).fill("Wafer was chipped");
  await armed(dialog, "Write note").click();
  await expect(notes(page)).toContainText("Wafer was chipped");
  await shownLater(watching, () => expect(notes(watching)).toContainText("Wafer was chipped", SOON));
  await expect(notes(watching)).toContainText("Test engineer");
  await expect(notes(watching).getByRole("button")).toHaveCount(0);

  await notes(page).getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("Note", { exact: true }).fill("Wafer was chipped at the flat");
  await armed(dialog, "Save").click();
  await expect(notes(page)).toContainText("chipped at the flat");
  await notes(page).getByRole("button", { name: "Take back" }).click();
  await armed(dialog, "Take it back").click();
  await expect(notes(page)).toContainText("Taken back");

  await shownLater(watching, () => expect(notes(watching)).toContainText("Taken back", SOON));
  await notes(watching).getByRole("button", { name: "History of the note, 3 versions" }).click();
  const versions = watching.getByRole("list", { name: "History of the note" }).getByRole("listitem");
  await expect(versions).toHaveCount(3);
  await expect(versions.nth(0)).toContainText("Taken back.");
  await expect(versions.nth(1)).toContainText("Wafer was chipped at the flat");
  await expect(versions.nth(2)).toContainText("Wafer was chipped");
});

test("a note changed elsewhere is not written over unseen, and what was typed stays", async ({
  openAs,
  lab,
  site,
}) => {
  const run = await playedRun(lab, site);
  const engineer = await lab.person("engineer");
  const note = await noted(site, engineer, run, "First words");
  const page = await openAs(engineer, pathOf(run));
  await notes(page).getByRole("button", { name: "Change" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Note", { exact: true }).fill("Words of this page");
  const elsewhere = await callRpc(site.stack, engineer, "edit_note", {
    p_note_id: note,
    p_version: 1,
    p_body: "Words of another page",
  });
  expect(elsewhere.body["ok"]).toBe(true);

  await armed(dialog, "Save").click();
  const refusal = page.getByRole("alert").filter({ hasText: "it has version 2 by now, not 1" });
  await expect(refusal).toContainText("note_changed");
  await expect(dialog.getByRole("region", { name: "What it says now" })).toContainText(
    "Words of another page",
  );
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(refusal).toBeVisible();

  await notes(page).getByRole("button", { name: "Change" }).click();
  await expect(dialog.getByLabel("Note", { exact: true })).toHaveValue("Words of this page");
  await dialog.getByRole("button", { name: "I have read it; mine follows it" }).click();
  await armed(dialog, "Save").click();
  await expect(notes(page)).toContainText("Words of this page");
  const kept = await lab.sql(
    "select version, body from public.run_note_versions where note_id = $1 order by version",
    [note],
  );
  expect(kept).toEqual([
    { version: 1, body: "First words" },
    { version: 2, body: "Words of another page" },
    { version: 3, body: "Words of this page" },
  ]);
});

test("words typed after an answer was lost are kept: the note is there already, and they are written over it", async ({
  openAs,
  lab,
  site,
  problems,
}) => {
  problems.expect(/ERR_CONNECTION_RESET|Failed to fetch/);
  const run = await playedRun(lab, site);
  const page = await openAs("engineer", pathOf(run));
  let isLossy = true;
  await loseAnswers(page, isAction, () => isLossy);
  await page.getByRole("button", { name: "Write a note" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Note", { exact: true }).fill("Odd");
  await armed(dialog, "Write note").click();
  await expect(page.getByRole("alert").filter({ hasText: "no_answer" })).toBeVisible({ timeout: 30_000 });
  isLossy = false;
  await dialog.getByLabel("Note", { exact: true }).fill("Odd, and worn");
  await armed(dialog, "Write note").click();
  await expect(page.getByRole("alert").filter({ hasText: "it is there already" })).toContainText(
    "note_changed",
  );
  await armed(dialog, "Save").click();
  await expect(dialog).toBeHidden();
  await expect(notes(page)).toContainText("Odd, and worn");
  const kept = await lab.sql(
    "select v.version, v.body from public.run_note_versions v join public.run_notes n on n.id = v.note_id where n.process_id = $1 order by 1",
    [run],
  );
  expect(kept).toEqual([
    { version: 1, body: "Odd" },
    { version: 2, body: "Odd, and worn" },
  ]);
});

test("the notes keep nobody out, and a phone scrolls one way", async ({ openAs, lab, site }) => {
  const run = await playedRun(lab, site);
  const engineer = await lab.person("engineer");
  await noted(site, engineer, run, `A long one ${"withoutabreak".repeat(20)}`, {
    p_seq: 3,
    p_until_seq: 9,
  });
  const page = await openAs(engineer, pathOf(run));
  await expect(notes(page)).toHaveCount(1);
  await expectSound(page, "notes");

  await page.getByRole("button", { name: "Write a note" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Note", { exact: true }).focus();
  await page.keyboard.type("By keyboard alone");
  await expect(armed(dialog, "Write note")).toBeVisible();
  await expectSound(page, "writing");
  await armed(dialog, "Write note").focus();
  await page.keyboard.press("Enter");
  await expect(notes(page)).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Write a note" })).toBeFocused();
});
