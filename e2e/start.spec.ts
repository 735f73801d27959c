import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { callRpc } from "./call-rpc.ts";
import { expect, test } from "./fixtures.ts";
import { hearing, hold, isReading } from "./interfere.ts";
import type { Lab, Machine, Recipe } from "./lab.ts";
import { expectSound, sidewaysScroll } from "./looks.ts";
import { activeRuns, armed, button, outcome, path, prepare, status } from "./operate.ts";
import { pass, SOON, shownLater } from "./page-time.ts";

// Before a run: what a person sees, weighs and asks for, on the page that starts it.

const startPath = (machine: Machine, recipe?: Recipe | string): string =>
  `${path(machine)}/start${recipe === undefined ? "" : `?recipe=${typeof recipe === "string" ? recipe : recipe.id}`}`;
const permissive = (page: Page, name: string): Locator =>
  page.getByLabel("Permissives", { exact: true }).getByRole("listitem", { name, exact: true });

/** Moves a limit of one of the machine's parameters. */
const limit = (lab: Lab, machine: Machine, name: string, minimum: number) =>
  lab.sql(
    `update public.component_parameters set min_value = $3
     where id = (select parameter_id from public.machine_parameters where machine_id = $1 and name = $2)`,
    [machine.id, name, minimum],
  );

test("by keyboard alone: to the page, the recipe, the notes, the review, the start; then the machine's page tells of it", async ({
  lab,
  openAs,
}) => {
  const { machine, recipe } = await prepare(lab);
  // Enough recipes that one is looked for.
  for (let more = 0; more < 5; more += 1) await lab.recipe([{ wait: 1000 }]);
  const page = await openAs(await lab.person("operator", [machine]), path(machine));
  const tabTo = async (target: Locator) => {
    await expect(async () => {
      await page.keyboard.press("Tab");
      await expect(target).toBeFocused({ timeout: 50 });
    }).toPass({ intervals: [0] });
  };

  await tabTo(page.getByRole("link", { name: "Start run" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle(`Start a run on ${machine.name} · Pulseboard`);
  await expect(button(page, "Review start")).toHaveAccessibleDescription(
    "Review start: Choose a recipe first.",
  );

  await tabTo(page.getByLabel("Find a recipe"));
  await page.keyboard.type(recipe.name);
  await tabTo(page.getByRole("radio", { name: recipe.name }));
  await page.keyboard.press("Space");
  const plan = page.getByLabel("Plan", { exact: true });
  await expect(plan.getByRole("heading", { name: recipe.name })).toBeVisible();
  await expect(plan).toContainText("20 min 40 s");
  await expect(plan).toContainText("no history yet");
  await expect(page.getByLabel("Differences")).toContainText("No good run yet");
  await expect(page).toHaveURL(new RegExp(`recipe=${recipe.id}`));

  await tabTo(page.getByLabel("Notes (optional)"));
  await page.keyboard.type("Wafer 12");
  await page.keyboard.press("Control+Home");
  await button(page, "Review start").focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: `Start on ${machine.name}?` });
  await expect(dialog).toContainText(recipe.name);
  await expect(dialog).toContainText("version 1");
  await expect(dialog).toContainText("Wafer 12");
  await expect(armed(dialog, "Request start")).toBeVisible();
  await tabTo(dialog.getByRole("button", { name: "Request start" }));
  await page.keyboard.press("Enter");

  await expect(page).toHaveURL(new RegExp(`${path(machine)}$`));
  await expect(status(page)).toHaveText("Processing");
  await expect(page.getByRole("row", { name: /Start .*Done/ })).toBeVisible();
  const runs = await lab.sql("select description from public.process_executions where machine_id = $1", [
    machine.id,
  ]);
  expect(runs).toEqual([{ description: "Wafer 12" }]);
});

test("T30 a link opens the page as it was, and opening it changes nothing", async ({ lab, openAs }) => {
  const { machine, recipe } = await prepare(lab);
  const known = () =>
    lab.sql(
      `select m.version, m.status, (select count(*)::int from public.machine_commands c where c.machine_id = m.id) as commands
       from public.machines m where m.id = $1`,
      [machine.id],
    );
  const before = await known();
  const page = await openAs(await lab.person("operator", [machine]), startPath(machine, recipe));
  await expect(page.getByRole("radio", { name: recipe.name })).toBeChecked();
  await expect(page.getByRole("list", { name: "Program" }).getByRole("listitem")).toHaveText([
    /^1Layer.*400 ×/,
    /^1\.1TMA pulse.*valve 1 open for 100 ms/,
    /^1\.2TMA purge.*N2 150 sccm for 3\.0 s/,
  ]);
  await page.reload();
  await button(page, "Review start").click();
  await expect(armed(page.getByRole("dialog"), "Request start")).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Back" }).click();
  expect(await known()).toEqual(before);
});

test("T4 T20 permissives are live; one that is not met blocks the start with its reason, here and behind the screen", async ({
  lab,
  site,
  openAs,
}) => {
  const { machine, recipe } = await prepare(lab);
  const person = await lab.person("operator", [machine]);
  const page = await openAs(person, startPath(machine, recipe));
  const pressure = permissive(page, "Pump pressure");
  await expect(pressure).toContainText("Met");
  await expect(pressure).toContainText("0 to 10 Torr");
  await expect(pressure).toContainText(/\d\.\d{3} Torr/);
  await expect(permissive(page, "Chamber temperature set-point")).toContainText("200 °C");
  await expect(permissive(page, "Controller")).toContainText(/[0-3] s old/);
  const flow = permissive(page, "Carrier flow");
  const readings = new Set<string | null>();
  await expect.poll(async () => readings.add(await flow.textContent()).size).toBeGreaterThan(2);
  await expect(button(page, "Review start")).toBeEnabled();

  await limit(lab, machine, "pump_pressure", 5);
  await expect(pressure).toContainText("Not met");
  await expect(pressure).toContainText(/Pump pressure reads [\d.]+ Torr, allowed is 5 to 10\./);
  await expect(button(page, "Review start")).toBeDisabled();
  await expect(button(page, "Review start")).toHaveAccessibleDescription(
    /^Review start: Pump pressure reads .* Bring the value back within its limits, then start\.$/,
  );
  const asked = await callRpc(site.stack, person, "start_process", {
    p_command_id: randomUUID(),
    p_machine_id: machine.id,
    p_recipe_id: recipe.id,
  });
  expect([asked.status, asked.body["code"]]).toEqual([409, "reading_out_of_limits"]);

  await limit(lab, machine, "pump_pressure", 0);
  await expect(pressure).not.toContainText("Not met");
  await expect(button(page, "Review start")).toBeEnabled();

  await lab.sql("update public.recipes set chamber_temperature_set_point = 900 where id = $1", [recipe.id]);
  await expect(permissive(page, "Chamber temperature set-point")).toContainText("Not met");
  await expect(button(page, "Review start")).toHaveAccessibleDescription(
    /The recipe wants 900 °C for chamber temperature, allowed is 0 to 400\./,
  );
});

test("what differs from the last good run is told step by step, and how long runs of it took", async ({
  lab,
  site,
  openAs,
}) => {
  const [machine, recipe] = await Promise.all([
    lab.machine(),
    lab.recipe([
      { loop: 2, name: "Layer", steps: [{ pulse: 1, ms: 100, name: "TMA pulse" }, { purge: 200 }] },
    ]),
  ]);
  await lab.served(machine);
  const person = await lab.person("operator", [machine]);
  const page = await openAs(person, startPath(machine, recipe));
  const differences = page.getByLabel("Differences");
  await expect(differences).toContainText("No good run yet");

  await callRpc(site.stack, person, "start_process", {
    p_command_id: randomUUID(),
    p_machine_id: machine.id,
    p_recipe_id: recipe.id,
  });
  await expect(differences).toContainText("The same program, step for step.");
  await expect(differences.getByRole("link")).toHaveAttribute("href", /^\/runs\//);
  await expect(page.getByLabel("Plan", { exact: true })).toContainText("only 1 run yet");

  await lab.sql(
    `update public.purge_step_config set duration_ms = 350
     where step_id in (select id from public.recipe_steps where recipe_id = $1)`,
    [recipe.id],
  );
  await lab.sql("update public.recipes set version = 2, chamber_temperature_set_point = 210 where id = $1", [
    recipe.id,
  ]);
  await expect(differences).toContainText("2 differences · planned time 600 ms → 900 ms");
  await expect(differences.getByRole("listitem")).toHaveText([
    /chamber temperature\s*200 °C → +becomes 210 °C/,
    /1\.2changedPurge\s*duration 200 ms → +becomes 350 ms/,
  ]);
  await expect(
    page.getByRole("list", { name: "Program" }).getByRole("listitem").filter({ hasText: "changed" }),
  ).toHaveText(/^1\.2Purge/);
});

test("a recipe with a history shows the band that its runs took", async ({ lab, openAs }) => {
  const [known] = await lab.sql<{ machine: string; recipe: string }>(
    `select r.machine_id as machine, r.recipe_id as recipe from public.process_executions r
     join public.machines m on m.id = r.machine_id and m.serial_number = 'ALD-03'
     where r.status = 'completed' group by 1, 2 order by count(*) desc limit 1`,
  );
  const page = await openAs("viewer", `/machines/${known?.machine}/start?recipe=${known?.recipe}`);
  await expect(page.getByLabel("Plan", { exact: true })).toContainText(/8 of 10 of its last \d+ runs/);
  await expect(page.getByRole("radio", { checked: true })).toHaveAccessibleName(/version \d.*ago/);
});

test("a review that was overtaken says what changed, and sends nothing", async ({ lab, site, openAs }) => {
  const { machine, recipe } = await prepare(lab);
  const page = await openAs(await lab.person("operator", [machine]), startPath(machine, recipe));
  await button(page, "Review start").click();
  const dialog = page.getByRole("dialog");
  await expect(armed(dialog, "Request start")).toBeVisible();

  await lab.sql("update public.recipes set version = 2 where id = $1", [recipe.id]);
  await expect(dialog.getByRole("alert")).toContainText(
    "The recipe changed from version 1 to 2 since you opened this.",
  );
  await expect(armed(dialog, "Request start")).toBeHidden();
  await dialog.getByRole("button", { name: "Back" }).click();
  await button(page, "Review start").click();
  await expect(dialog).toContainText("version 2");
  await expect(armed(dialog, "Request start")).toBeVisible();

  await callRpc(site.stack, "controller", "atomic_error_machine_state", {
    p_machine_id: machine.id,
    p_error_message: "Heater 2 does not answer.",
  });
  await expect(dialog.getByRole("alert")).toContainText("The machine is in error. Clear it first.");
  await callRpc(site.stack, "controller", "atomic_complete_machine_state", { p_machine_id: machine.id });
  await expect(dialog.getByRole("alert")).toContainText(`${machine.name} changed since you opened this.`);
  expect(await lab.sql("select 1 from public.machine_commands where machine_id = $1", [machine.id])).toEqual(
    [],
  );
});

test("a stale screen's start is refused with what changed", async ({ lab, openAs, problems }) => {
  const { machine, recipe } = await prepare(lab);
  const page = await openAs(await lab.person("operator", [machine]), null);
  const news = await hearing(page);
  await page.goto(startPath(machine, recipe));
  await button(page, "Review start").click();
  const dialog = page.getByRole("dialog");
  await expect(armed(dialog, "Request start")).toBeVisible();
  problems.expect(/rest\/v1|realtime\/v1|net::ERR_FAILED/);
  news.cut();
  await lab.sql("update public.recipes set version = 2, chamber_temperature_set_point = 210 where id = $1", [
    recipe.id,
  ]);
  await armed(dialog, "Request start").click();
  const refusal = page.getByRole("alert").filter({ hasText: "The run was not started" });
  await expect(refusal).toContainText(
    `${recipe.name} changed since you looked; it was version 1 and is now version 2.`,
  );
  await expect(refusal).toContainText("Look at the recipe as it is now, then start again.");
  expect(await activeRuns(lab, machine)).toEqual([]);
  news.mend();
  await expect(page.getByLabel("Plan", { exact: true })).toContainText("version 2", { timeout: 30_000 });
  await expect(refusal, "news does not sweep it away").toBeVisible();
  await expectFinger(refusal.getByRole("button", { name: "Dismiss" }));
  await button(page, "Review start").click();
  await expectFinger(dialog.getByRole("button", { name: "Close" }));
});

/** A control that a finger hits: 44 px each way. */
async function expectFinger(control: Locator): Promise<void> {
  const { width = 0, height = 0 } = (await control.boundingBox()) ?? {};
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
}

test("Stop pressed while the page moves on after a start is asked and sent", async ({ lab, openAs }) => {
  const { machine, recipe } = await prepare(lab);
  const page = await openAs(await lab.person("operator", [machine]), startPath(machine, recipe));
  const moving = await hold(
    page,
    (request) => isReading(request) && new URL(request.url()).pathname === path(machine),
  );
  await button(page, "Review start").click();
  await armed(page.getByRole("dialog"), "Request start").click();
  await moving.caught;
  await button(page, "Stop run").click();
  const dialog = page.getByRole("dialog", { name: `Stop ${machine.name}?` });
  await expect(armed(dialog, "Request stop")).toBeVisible();
  moving.release();
  await page.waitForURL((url) => url.pathname === path(machine));
  await expect(page.locator("section[aria-label=Now]")).toBeVisible();
  await expect(dialog).toContainText(recipe.name);
  await armed(dialog, "Request stop").click();
  await expect(dialog).toBeHidden();
  await expect(outcome(page)).toHaveText("Aborted");
});

test("a page that has read nothing for 20 s starts nothing, and says so", async ({
  lab,
  openAs,
  problems,
}) => {
  const { machine, recipe } = await prepare(lab);
  const page = await openAs(await lab.person("operator", [machine]), null);
  await page.clock.install();
  const news = await hearing(page);
  await page.goto(startPath(machine, recipe));
  await button(page, "Review start").click();
  const dialog = page.getByRole("dialog");
  await expect(armed(dialog, "Request start")).toBeVisible();
  problems.expect(/rest\/v1|realtime\/v1|net::ERR_FAILED/);
  news.cut();
  await pass(page, 10_000);
  await expect(dialog.getByRole("alert")).toBeHidden();
  await shownLater(page, () =>
    expect(dialog.getByRole("alert")).toContainText("has not been read for a while", SOON),
  );
  await expect(armed(dialog, "Request start")).toBeHidden();
  await dialog.getByRole("button", { name: "Back" }).click();
  await expect(permissive(page, "Pump pressure")).toContainText("Not known");
  await expect(permissive(page, "Pump pressure")).toContainText("–");
  news.mend();
  // The computer has moved on less than the page: as after a sleep, what the page knew of the server's clock is void.
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(button(page, "Review start")).toBeEnabled({ timeout: 40_000 });
});

test("T22 a viewer reads all of it, as something to look at, and sees why the start is not theirs", async ({
  lab,
  openAs,
}) => {
  const { machine, recipe } = await prepare(lab);
  const page = await openAs("viewer", startPath(machine, recipe));
  await expect(page.getByText(/^Read only: .*nothing on this page starts a run\./)).toBeVisible();
  await expect(page.getByRole("group", { name: "Recipe to look at" })).toBeVisible();
  await expect(page.getByLabel("Notes (optional)")).toHaveCount(0);
  await expect(permissive(page, "Chamber temperature")).toContainText("Met");
  await expect(button(page, "Review start")).toBeDisabled();
  await expect(button(page, "Review start")).toHaveAccessibleDescription(
    /Your role is viewer: it reads everything and commands nothing\./,
  );
  await page.goto(startPath(await lab.machine(), recipe));
  await expect(
    page.getByText("Your role is viewer: it reads everything and commands nothing."),
  ).toBeVisible();
});

test("Stop is one press away while a run is live, and the start says why it has to wait", async ({
  lab,
  site,
  openAs,
}) => {
  const { machine, recipe } = await prepare(lab);
  const person = await lab.person("operator", [machine]);
  const page = await openAs(person, startPath(machine, recipe));
  await callRpc(site.stack, person, "start_process", {
    p_command_id: randomUUID(),
    p_machine_id: machine.id,
    p_recipe_id: recipe.id,
  });
  await expect(status(page)).toHaveText("Processing");
  await expect(permissive(page, "Idle")).toContainText(`${machine.name} is processing, not idle.`);
  await expect(button(page, "Review start")).toHaveAccessibleDescription(/A run is live\./);
  await button(page, "Stop run").click();
  const dialog = page.getByRole("dialog", { name: `Stop ${machine.name}?` });
  await expect(dialog).toContainText(recipe.name);
  await armed(dialog, "Request stop").click();
  await expect(status(page)).toHaveText("Idle");
  expect(await activeRuns(lab, machine)).toEqual([]);
  await expect(button(page, "Review start")).toBeEnabled();
});

test("a recipe that is unknown, malformed or for another machine is one sentence; nothing can be started", async ({
  lab,
  openAs,
  problems,
}) => {
  const { machine } = await prepare(lab);
  const [broken, foreign] = await Promise.all([
    lab.recipe([{ loop: 3, steps: [] }], "Broken"),
    lab.recipe([{ wait: 1000 }], "Plasma"),
  ]);
  await lab.sql("update public.recipes set machine_type = 'plasma-ald' where id = $1", [foreign.id]);
  const page = await openAs(await lab.person("operator", [machine]), startPath(machine));
  const said = async (recipe: string, sentence: string) => {
    await page.goto(startPath(machine, recipe));
    await expect(page.getByRole("main").getByRole("alert")).toContainText(sentence);
    await expect(button(page, "Review start")).toHaveAccessibleDescription(
      new RegExp(sentence.replace(/[[\]()]/g, ".")),
    );
  };
  await said(randomUUID(), "There is no such recipe.");
  await page.goto(startPath(machine, encodeURIComponent("<script>alert(1)</script>")));
  await expect(
    page.getByRole("main").getByText(/^Ignored in the address: recipe .* is not the id of a recipe\.$/),
  ).toBeVisible();
  await expect(button(page, "Review start")).toHaveAccessibleDescription(
    "Review start: Choose a recipe first.",
  );
  await said(broken.id, "“Broken” cannot be played: steps[0].children: this loop has no steps.");
  await expect(page.getByRole("radio", { name: "Broken" }).first()).toHaveAccessibleName(/cannot be played/);
  await said(
    foreign.id,
    `“Plasma” cannot run here: the recipe is for plasma-ald, ${machine.name} is thermal-ald.`,
  );
  await expect(page.getByRole("radio", { name: "Plasma" })).toHaveCount(0);
  problems.expect(/404/);
  await page.goto("/machines/not-an-id/start");
  await expect(page.getByText("There is no such machine")).toBeVisible();
});

test("names of recipes are text, whatever they hold", async ({ lab, openAs }) => {
  const machine = await lab.machine();
  await lab.served(machine);
  const page = await openAs(await lab.person("operator", [machine]), startPath(machine));
  for (const name of ['<img src=x onerror="alert(1)">', "وصفة أكسيد الألومنيوم", "Al2O3 ".repeat(1700)]) {
    const recipe = await lab.recipe([{ purge: 500, name }], name);
    await page.goto(startPath(machine, recipe));
    await expect(page.getByRole("radio", { checked: true })).toHaveAccessibleName(
      new RegExp(name.slice(0, 4)),
    );
    await button(page, "Review start").click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText(name.trim());
    await expect(armed(dialog, "Request start")).toBeVisible();
    expect(await page.locator("img[src=x]").count()).toBe(0);
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    expect((await dialog.boundingBox())?.height).toBeLessThan(700);
  }
});

test("no barrier and no sideways scroll, light and dark, on a phone and on a desk", async ({
  lab,
  openAs,
}) => {
  const { machine, recipe } = await prepare(lab);
  const page = await openAs(await lab.person("operator", [machine]), startPath(machine));
  await expect(button(page, "Review start")).toHaveAccessibleDescription(/Choose a recipe first\./);
  await expectSound(page, "nothing chosen");
  await page.goto(startPath(machine, recipe));
  await expect(permissive(page, "Pump pressure")).toContainText("Met");
  await expectSound(page, "met");
  await limit(lab, machine, "pump_pressure", 5);
  await expect(permissive(page, "Pump pressure")).toContainText("Not met");
  await expectSound(page, "not met");
  await limit(lab, machine, "pump_pressure", 0);
  await button(page, "Review start").click();
  await expect(armed(page.getByRole("dialog"), "Request start")).toBeVisible();
  await expectSound(page, "review");
});
