import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { callRpc } from "./call-rpc.ts";
import { expect, test } from "./fixtures.ts";
import { activeRuns, armed, button, path, prepare, start, status } from "./operate.ts";

// Starting and stopping from the browser: what the people at the screens see, and who is refused.

/** Notes every word the machine's status takes from now on, however briefly. */
async function watchStatus(page: Page): Promise<() => Promise<string[]>> {
  await status(page).evaluate((element) => {
    const words: (string | null)[] = [element.textContent];
    Object.assign(window, { statusWords: words });
    new MutationObserver(() => {
      const word = document.querySelector('[aria-label="Machine status"]')?.textContent ?? null;
      if (word !== words.at(-1)) words.push(word);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => Reflect.get(window, "statusWords") as string[]);
}

test("T14 one operator starts a recipe, both see it live; the other stops it, both see stopping and then aborted", async ({
  lab,
  twoBrowsers,
}) => {
  test.setTimeout(120_000);
  const bench = await prepare(lab);
  const [first, second] = [
    await lab.person("operator", [bench.machine]),
    await lab.person("operator", [bench.machine]),
  ];
  const [anna, ben] = await twoBrowsers(first, second, path(bench.machine));
  await expect(status(anna)).toHaveText("Idle");
  const words = [await watchStatus(anna), await watchStatus(ben)];

  await start(anna, bench);
  for (const page of [anna, ben]) {
    await expect(status(page)).toHaveText("Processing");
    await expect(page.getByLabel("Now").getByText("Layer 2 of 400")).toBeVisible();
    await expect(page.getByLabel("Run", { exact: true })).toContainText(/[2-9] of 400/);
    await expect(page.getByRole("row", { name: /Start .*Done/ })).toBeVisible();
  }

  await button(ben, "Stop run").click();
  const dialog = ben.getByRole("dialog", { name: `Stop ${bench.machine.name}?` });
  await expect(dialog).toContainText(bench.recipe.name);
  await expect(dialog).toContainText("In danger, press the red button on the machine itself.");
  await dialog.getByText("At the end of this cycle").click();
  await armed(dialog, "Request stop").click();

  for (const page of [anna, ben]) {
    await expect(status(page)).toHaveText("Idle");
    await expect(page.getByRole("status", { name: "Run outcome" })).toHaveText("Aborted");
    await expect(page.getByRole("row", { name: /Stop at end of cycle .*Done/ })).toBeVisible();
  }
  for (const seen of words) expect(await seen()).toEqual(["Idle", "Processing", "Stopping", "Idle"]);

  const [run] = await lab.sql<{ status: string; cycle: number }>(
    `select r.status, (select max(cycle) from public.step_execution_history h where h.process_id = r.id) as cycle
     from public.process_executions r where r.machine_id = $1`,
    [bench.machine.id],
  );
  expect(run?.status).toBe("aborted");
  await anna.getByRole("link", { name: "Open this run" }).click();
  await expect(anna).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
});

test("a stop now cuts the step short and is carried out once, however often it is pressed", async ({
  lab,
  openAs,
}) => {
  const bench = await prepare(lab);
  const page = await openAs(await lab.person("operator", [bench.machine]), path(bench.machine));
  await start(page, bench);
  await expect(page.getByLabel("Now").getByText("TMA purge").first()).toBeVisible();

  await button(page, "Stop run").click();
  const confirm = armed(page.getByRole("dialog"), "Request stop");
  await confirm.dblclick();
  await expect(page.getByRole("status", { name: "Run outcome" })).toHaveText("Aborted");
  const commands = await lab.sql<{ status: string; mode: string }>(
    "select status, mode from public.machine_commands where machine_id = $1 and kind = 'stop'",
    [bench.machine.id],
  );
  expect(commands).toEqual([{ status: "succeeded", mode: "now" }]);
});

test("T17 a double tap on Stop asks, and sends nothing", async ({ lab, openAs }) => {
  const bench = await prepare(lab);
  const page = await openAs(await lab.person("operator", [bench.machine]), null);
  await page.clock.install();
  await page.goto(path(bench.machine));
  await start(page, bench);
  await expect(status(page)).toHaveText("Processing");

  const stop = button(page, "Stop run");
  expect((await stop.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  // The page's time stands still, so that this machine's slowness is not taken for a person's.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
  await stop.click();
  const dialog = page.getByRole("dialog");
  // Where the second tap lands if the question opened right under the finger.
  const second = dialog.getByRole("button", { name: "Request stop" });
  await second.dispatchEvent("click");
  await page.clock.runFor(390);
  await second.dispatchEvent("click");
  await page.clock.runFor(10);
  await expect(armed(dialog, "Request stop")).toBeVisible();
  await page.clock.resume();
  await dialog.getByRole("button", { name: "Keep it running" }).click();
  await expect(status(page)).toHaveText("Processing");
  const stops = await lab.sql(
    "select 1 from public.machine_commands where machine_id = $1 and kind = 'stop'",
    [bench.machine.id],
  );
  expect(stops).toEqual([]);
});

test("T22 a viewer sees why no control is theirs, and is refused behind the screen as well", async ({
  lab,
  site,
  openAs,
  problems,
}) => {
  const bench = await prepare(lab);
  const viewer = await lab.person("viewer");
  const page = await openAs(viewer, path(bench.machine));
  await expect(status(page)).toHaveText("Idle");
  await expect(button(page, "Start run")).toBeDisabled();
  await expect(button(page, "Stop run")).toBeDisabled();
  await expect(button(page, "Start run")).toHaveAccessibleDescription(/Your role is viewer/);
  await expect(
    page.getByText("Your role is viewer: it reads everything and commands nothing."),
  ).toBeVisible();

  const ask = (name: string, args: object) =>
    callRpc(site.stack, viewer, name, {
      p_command_id: randomUUID(),
      p_machine_id: bench.machine.id,
      ...args,
    });
  const started = await ask("start_process", { p_recipe_id: bench.recipe.id });
  expect([started.status, started.body["code"]]).toEqual([403, "not_allowed"]);
  const stopped = await ask("request_stop", {});
  expect([stopped.status, stopped.body["code"]]).toEqual([403, "not_allowed"]);

  problems.expect(/403/);
  const posted = await page.evaluate(
    async (address) => {
      const response = await fetch(address, {
        method: "POST",
        body: JSON.stringify({ commandId: crypto.randomUUID(), mode: "now" }),
      });
      return [response.status, (await response.json()).code];
    },
    `${path(bench.machine)}/stop`,
  );
  expect(posted).toEqual([403, "not_allowed"]);
  expect(await activeRuns(lab, bench.machine)).toEqual([]);
});

test("T22 an operator of another machine is refused, and told why", async ({ lab, openAs }) => {
  const bench = await prepare(lab);
  const page = await openAs(await lab.person("operator"), path(bench.machine));
  await expect(button(page, "Start run")).toBeDisabled();
  await expect(page.getByText(/This machine is not assigned to you/)).toBeVisible();
});

test("an error is left by a person, with a reason, and by nobody else", async ({ lab, site, openAs }) => {
  const bench = await prepare(lab);
  await callRpc(site.stack, "controller", "atomic_error_machine_state", {
    p_machine_id: bench.machine.id,
    p_error_message: "Heater 2 does not answer.",
  });
  const page = await openAs(await lab.person("operator", [bench.machine]), path(bench.machine));
  await expect(status(page)).toHaveText("Error");
  await expect(page.getByLabel("Trouble")).toContainText("Heater 2 does not answer.");
  await expect(page.getByLabel("Trouble")).toContainText(/since \d\d:\d\d:\d\d UTC/);
  await expect(button(page, "Start run")).toBeDisabled();
  await expect(page.getByText("The machine is in error. Clear it first.")).toBeVisible();

  await button(page, "Clear error").click();
  const dialog = page.getByRole("dialog");
  await armed(dialog, "Clear the error").click();
  await expect(dialog.getByText("Say why, in 3 characters at least. It is kept in the log.")).toBeVisible();
  await dialog.getByLabel("Reason").fill("Connector reseated.");
  await armed(dialog, "Clear the error").click();
  await expect(status(page)).toHaveText("Idle");
  await expect(page.getByRole("row", { name: /Clear .*Connector reseated\./ })).toBeVisible();
});
