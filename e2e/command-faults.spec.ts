import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { callRpc } from "./call-rpc.ts";
import { test as base, expect } from "./fixtures.ts";
import { HandController } from "./hand-controller.ts";
import { hearing, hold, isAction, isStop, loseAnswers } from "./interfere.ts";
import type { Lab, Person } from "./lab.ts";
import {
  activeRuns,
  armed,
  type Bench,
  button,
  outcome,
  path,
  requestStop,
  reviewStart,
  start,
  status,
} from "./operate.ts";

// Commands that come twice, at once, too late, out of order, or whose answer never comes: what the person is told. What
// the database makes of the same cases is in supabase/proofs.

/** As long as the page shows that a command was carried out. */
const SUCCESS_SHOWN_MS = 5_000;

type ByHand = Bench & { controller: HandController };

const test = base.extend<{ bench: ByHand }>({
  /** A machine whose controller is the test. */
  bench: async ({ lab, site }, use) => {
    const [machine, recipe] = await Promise.all([
      lab.machine({ isByHand: true }),
      lab.recipe([{ purge: 60_000 }]),
    ]);
    const controller = await HandController.hold(lab, site, machine);
    await use({ machine, recipe, controller });
    await controller.leave();
  },
});

const operator = (lab: Lab, { machine }: Bench): Promise<Person> => lab.person("operator", [machine]);
const progress = (page: Page, kind: string): Locator => page.getByRole("region", { name: `${kind} command` });
const alert = (page: Page, text: string | RegExp): Locator =>
  page.getByRole("alert").filter({ hasText: text });

const commands = (lab: Lab, { machine }: Bench, kind: string) =>
  lab.sql<{ id: string; status: string }>(
    "select id, status from public.machine_commands where machine_id = $1 and kind = $2 order by requested_at",
    [machine.id, kind],
  );
const runs = (lab: Lab, { machine }: Bench) =>
  lab.sql<{ status: string }>("select status from public.process_executions where machine_id = $1", [
    machine.id,
  ]);

test("FC1 a double click on Request start is one run", async ({ bench, lab, openAs }) => {
  const page = await openAs(await operator(lab, bench), path(bench.machine));
  const dialog = await reviewStart(page, bench.recipe);
  await armed(dialog, "Request start").dblclick();
  await expect(status(page)).toHaveText("Processing");
  await expect(progress(page, "Start")).toContainText("by you");
  expect(await commands(lab, bench, "start")).toHaveLength(1);
  expect(await runs(lab, bench)).toHaveLength(1);
});

test("FC2 T21 two operators press Start at once: one run, and the other is told who was first", async ({
  bench,
  lab,
  twoBrowsers,
}) => {
  const pages = await twoBrowsers(
    await operator(lab, bench),
    await operator(lab, bench),
    path(bench.machine),
  );
  const dialogs = [await reviewStart(pages[0], bench.recipe), await reviewStart(pages[1], bench.recipe)];
  for (const dialog of dialogs) await expect(armed(dialog, "Request start")).toBeVisible();

  await Promise.all(
    dialogs.map((dialog) => dialog.getByRole("button", { name: "Request start" }).dispatchEvent("click")),
  );
  // The slower one may still be looking at the dialog, which hides the page behind it.
  const behind = { name: "Machine status", includeHidden: true };
  for (const page of pages) await expect(page.getByRole("status", behind)).toHaveText("Processing");
  expect(await activeRuns(lab, bench.machine)).toHaveLength(1);
  await bench.controller.play(1);
  const isTold = (page: Page) => alert(page, /The run was not started|takes no start now/).isVisible();
  await expect.poll(async () => (await Promise.all(pages.map(isTold))).filter(Boolean).length).toBe(1);
  const loser = (await isTold(pages[0])) ? pages[0] : pages[1];
  await loser.keyboard.press("Escape");
  await loser.getByLabel("Breadcrumb").getByRole("link", { name: bench.machine.name }).click();
  await expect(loser.getByRole("row", { name: /Start Test operator Done/ })).toBeVisible();
});

test("FC3 while a run is stopping or the machine is in error, Start is not offered and not taken", async ({
  bench,
  lab,
  site,
  openAs,
}) => {
  const person = await operator(lab, bench);
  const page = await openAs(person, path(bench.machine));
  const startPast = async () => {
    const { status, body } = await callRpc(site.stack, person, "start_process", {
      p_command_id: randomUUID(),
      p_machine_id: bench.machine.id,
      p_recipe_id: bench.recipe.id,
    });
    return [status, body["code"], body["message"], body["hint"]];
  };
  const name = bench.machine.name;
  await start(page, bench);
  const runId = await bench.controller.play(1);
  await requestStop(page);
  await expect(status(page)).toHaveText("Stopping");
  await expect(button(page, "Start run")).toHaveAccessibleDescription(
    "Start run: A run is being stopped. Wait for its end.",
  );
  expect(await startPast()).toEqual([
    409,
    "machine_not_idle",
    `The run was not started: ${name} is stopping, not idle.`,
    "Wait until it is idle, or stop the current run first.",
  ]);
  await bench.controller.end(runId, "failed");
  await expect(status(page)).toHaveText("Error");
  await expect(button(page, "Start run")).toHaveAccessibleDescription(
    "Start run: The machine is in error. Clear it first.",
  );
  expect(await startPast()).toEqual([
    409,
    "machine_not_idle",
    `The run was not started: ${name} is error, not idle.`,
    "Clear the error with a reason, then start.",
  ]);
});

test("FC4 a run that ends by itself while its stop is on the way: completed, and the stop says so", async ({
  bench,
  lab,
  openAs,
  problems,
}) => {
  const page = await openAs(await operator(lab, bench), path(bench.machine));
  await start(page, bench);
  const runId = await bench.controller.play(2);
  await expect(status(page)).toHaveText("Processing");
  const stop = await hold(page, isStop);
  await requestStop(page, "stays open");
  await stop.caught;
  await bench.controller.end(runId, "completed");
  problems.expect(/409/);
  stop.release();
  await expect(
    alert(page, `Nothing was stopped: ${bench.machine.name} is idle and has no run.`),
  ).toBeVisible();
  await expect(outcome(page)).toHaveText("Completed");
  expect(await runs(lab, bench)).toEqual([{ status: "completed" }]);
});

test("FC5 two operators stop the same run, one at the end of the cycle and one now: both are told it is done", async ({
  bench,
  lab,
  twoBrowsers,
}) => {
  const people = [await operator(lab, bench), await operator(lab, bench)] as const;
  const [anna, ben] = await twoBrowsers(...people, path(bench.machine));
  await start(anna, bench);
  const runId = await bench.controller.play(2);
  await requestStop(anna, "closes", "At the end of this cycle");
  await expect(progress(ben, "Stop")).toContainText("Stop at the end of the cycle by Test operator");
  await expect(status(ben)).toHaveText("Stopping");
  await requestStop(ben);
  await expect(progress(anna, "Stop"), "each sees what the other asked").toHaveCount(2);
  await bench.controller.end(runId, "aborted");
  for (const page of [anna, ben]) {
    await expect(outcome(page)).toHaveText("Aborted");
    await expect(page.getByRole("row", { name: /Stop .*Done/ })).toHaveCount(2);
  }
});

test("FC6 a stop while nobody has taken the start: it never begins", async ({ bench, lab, openAs }) => {
  const page = await openAs(await operator(lab, bench), path(bench.machine));
  await start(page, bench);
  await expect(status(page)).toHaveText("Processing");
  await expect(page.getByLabel("Now").getByText("No step yet")).toBeVisible();
  await requestStop(page);
  await expect(status(page)).toHaveText("Idle");
  await expect(alert(page, "Start superseded: Stopped before a controller took it.")).toBeVisible();
  await expect(page.getByRole("row", { name: /Stop .*Done/ })).toBeVisible();
  await expect(bench.controller.play(1)).rejects.toThrow("Nobody has asked");
});

test("FC7 a stop whose answer is lost is not claimed to be sent; pressed again, it is the same one", async ({
  bench,
  lab,
  openAs,
  problems,
}) => {
  const page = await openAs(await operator(lab, bench), null);
  const news = await hearing(page);
  await page.goto(path(bench.machine));
  await start(page, bench);
  await bench.controller.play(1);
  await expect(status(page)).toHaveText("Processing");

  let isLossy = true;
  await loseAnswers(page, isStop, () => isLossy);
  problems.expect(/rest\/v1|net::ERR_/);
  news.cut();
  const dialog = await requestStop(page, "stays open");
  await expect(dialog.getByRole("alert")).toContainText(
    "The stop is not confirmed: the web server did not answer, so it may not have arrived.",
  );
  await expect(dialog.getByRole("alert")).toContainText("In doubt, use the machine's own stop.");
  isLossy = false;
  await armed(dialog, "Request stop").click();
  await expect(dialog).toBeHidden();
  await expect(progress(page, "Stop"), "known from the answer alone").toContainText("by you");
  const stops = await commands(lab, bench, "stop");
  expect(stops.map(({ status }) => status)).toEqual(["requested"]);
});

test("FC7 a start whose answer is lost is told by the machine itself", async ({
  bench,
  lab,
  openAs,
  problems,
}) => {
  const page = await openAs(await operator(lab, bench), path(bench.machine));
  problems.expect(/net::ERR_/);
  await loseAnswers(page, isAction, () => true);
  const dialog = await reviewStart(page, bench.recipe);
  await armed(dialog, "Request start").click();
  await expect(dialog).toBeHidden();
  await expect(status(page)).toHaveText("Processing");
  await expect(progress(page, "Start")).toContainText("by you");
  await expect(page.getByText("No answer from the web server")).toBeHidden();
});

test("FC8 a request replayed the next day has its old answer and does nothing", async ({
  bench,
  lab,
  site,
  openAs,
}) => {
  const page = await openAs(await operator(lab, bench), path(bench.machine));
  const sent = page.waitForRequest(isAction);
  await start(page, bench);
  const runId = await bench.controller.play(1);
  const stopped = page.waitForRequest(isStop);
  await requestStop(page);
  await bench.controller.end(runId, "aborted");
  await expect(outcome(page)).toHaveText("Aborted");
  await lab.sql(
    "update public.machine_commands set requested_at = requested_at - interval '1 day' where machine_id = $1",
    [bench.machine.id],
  );
  for (const request of [await sent, await stopped]) {
    const replayed = await page.request.post(request.url(), {
      headers: { ...(await request.allHeaders()), origin: site.address },
      data: request.postDataBuffer() ?? "",
    });
    expect(replayed.status()).toBe(200);
    expect(await replayed.text()).toContain(runId);
  }
  expect(await runs(lab, bench)).toEqual([{ status: "aborted" }]);
  await expect(status(page)).toHaveText("Idle");
});

test("FC9 T15 T18 a stop that nobody acknowledges says so at 5 s and at 15 s, then what it really took, then goes", async ({
  bench,
  lab,
  openAs,
}) => {
  const page = await openAs(await operator(lab, bench), null);
  await page.clock.install();
  await page.goto(path(bench.machine));
  await start(page, bench);
  const runId = await bench.controller.play(1);
  await requestStop(page);
  const stop = progress(page, "Stop");
  await expect(stop).toContainText("by you");
  await expect(stop.getByRole("alert")).toBeHidden();
  const { id } = await bench.controller.open("stop");
  // The last second before each limit passes by itself.
  const askedAgo = (seconds: number) =>
    lab.sql(
      "update public.machine_commands set requested_at = clock_timestamp() - make_interval(secs => $2) where id = $1",
      [id, seconds],
    );
  await askedAgo(4);
  await expect(stop).toContainText("Requested");
  await expect(stop.getByRole("alert")).toContainText(
    "Not confirmed: the controller has not answered for 5 s. It is still being asked; in doubt, use the machine's own stop.",
  );
  await askedAgo(14);
  await expect(stop.getByRole("alert")).toContainText(
    "Not confirmed after 15 s. Go to the machine and use its own stop; the request stays open.",
  );
  await expect(button(page, "Stop run"), "it can be asked again").toBeEnabled();
  await bench.controller.accept(id);
  await bench.controller.execute(id);
  await expect(stop.getByRole("alert")).toBeHidden();
  await bench.controller.end(runId, "aborted");
  await expect(stop).toContainText(/Done after 1\d\.\d s\./);
  await expect(stop).toContainText(/Accepted\s*1\d\.\d s/);
  await expect(page.getByRole("row", { name: /Stop you Done 1\d\.\d s/ })).toBeVisible();
  await page.clock.runFor(SUCCESS_SHOWN_MS);
  await expect(stop, "a success is seen and gone").toBeHidden();
});

test("FC10 T16 a start from a screen that has fallen behind is refused with what changed, until dismissed", async ({
  bench,
  lab,
  site,
  openAs,
  problems,
}) => {
  const anna = await operator(lab, bench);
  const ben = await openAs(await operator(lab, bench), null);
  const news = await hearing(ben);
  await ben.goto(path(bench.machine));
  const dialog = await reviewStart(ben, bench.recipe);
  await expect(armed(dialog, "Request start")).toBeVisible();

  problems.expect(/rest\/v1|realtime\/v1|net::ERR_FAILED/);
  news.cut();
  await callRpc(site.stack, anna, "start_process", {
    p_command_id: randomUUID(),
    p_machine_id: bench.machine.id,
    p_recipe_id: bench.recipe.id,
  });
  await bench.controller.play(1);
  // Behind the dialog the page is hidden from roles, not from eyes.
  await expect(ben.locator('[aria-label="Machine status"]')).toHaveText(/^Idle/);

  await armed(dialog, "Request start").click();
  const refusal = alert(ben, "The run was not started");
  await expect(refusal).toContainText(
    `${bench.machine.name} changed since you looked; it is now processing.`,
  );
  await expect(refusal).toContainText("Look at the machine as it is now, then start again.");
  await expect(refusal).toContainText("stale_version");
  expect(await activeRuns(lab, bench.machine)).toHaveLength(1);

  news.mend();
  await ben.evaluate(() => dispatchEvent(new Event("online")));
  await expect(status(ben)).toHaveText("Processing");
  await ben.getByLabel("Breadcrumb").getByRole("link", { name: bench.machine.name }).click();
  await expect(ben.getByLabel("Now").getByText("Purge by hand").first()).toBeVisible();
  await expect(refusal, "news does not sweep it away").toBeVisible();
  await refusal.getByRole("button", { name: "Dismiss" }).click();
  await expect(refusal).toBeHidden();
});

test("FC11 T18 a stop goes out while the start hangs, and that start cannot begin any more", async ({
  bench,
  lab,
  openAs,
  problems,
}) => {
  const page = await openAs(await operator(lab, bench), path(bench.machine));
  const starting = await hold(page, isAction);
  const dialog = await reviewStart(page, bench.recipe);
  await armed(dialog, "Request start").click();
  await starting.caught;
  await page.keyboard.press("Escape");
  await expect(button(page, "Review start")).toHaveAccessibleDescription(/Your start is on its way/);
  problems.expect(/409|422/);
  await requestStop(page);
  await expect(alert(page, "Your start, which was still on its way, is withdrawn")).toBeVisible();

  const refused = page.waitForResponse((response) => isAction(response.request()));
  starting.release();
  expect((await refused).status()).toBe(200);
  expect(await runs(lab, bench)).toEqual([]);
  expect(await commands(lab, bench, "start")).toEqual([]);
  await expect(page.getByRole("main").getByRole("alert"), "one word about it is enough").toHaveCount(1);
  await expect(button(page, "Review start")).toBeEnabled();
});

test("FC11 a stop finds a start whose answer hangs, and stops its run", async ({
  bench,
  lab,
  openAs,
  problems,
}) => {
  const page = await openAs(await operator(lab, bench), null);
  const news = await hearing(page);
  await page.goto(path(bench.machine));
  const dialog = await reviewStart(page, bench.recipe);
  problems.expect(/rest\/v1|net::ERR_/);
  news.cut();
  await loseAnswers(page, isAction, () => true);
  await armed(dialog, "Request start").click();
  await expect(dialog.getByRole("alert")).toContainText("It is not known whether the request arrived.");
  await page.keyboard.press("Escape");
  await expect(alert(page, "No answer from the web server"), "it stays on the page").toBeVisible();
  await expect(status(page)).toHaveText(/^Idle/);
  await requestStop(page);
  await expect.poll(async () => (await runs(lab, bench)).map((run) => run.status)).toEqual(["aborted"]);
});

test("FC12 somebody who leaves right after Start finds what became of it", async ({ bench, lab, openAs }) => {
  const page = await openAs(await operator(lab, bench), path(bench.machine));
  const starting = await hold(page, isAction);
  const dialog = await reviewStart(page, bench.recipe);
  await armed(dialog, "Request start").click();
  await starting.caught;
  await leave(page);
  starting.release();
  await page.getByRole("link", { name: bench.machine.name, exact: true }).click();
  await expect(status(page)).toHaveText("Processing");
  await expect(progress(page, "Start")).toContainText("by you");
  await bench.controller.play(1);
  await expect(progress(page, "Start")).toContainText("Done after");
});

test("FC12 somebody who leaves right after a Start that is refused is told when they come back", async ({
  bench,
  lab,
  openAs,
}) => {
  const page = await openAs(await operator(lab, bench), path(bench.machine));
  const starting = await hold(page, isAction);
  const dialog = await reviewStart(page, bench.recipe);
  await armed(dialog, "Request start").click();
  await starting.caught;
  await leave(page);
  await lab.sql("update public.machines set status = 'maintenance' where id = $1", [bench.machine.id]);
  starting.release();
  await expect.poll(() => commands(lab, bench, "start")).toMatchObject([{ status: "rejected" }]);
  await page.getByRole("link", { name: bench.machine.name, exact: true }).click();
  const refusal = alert(page, /The run was not started|Start rejected/);
  await expect(refusal).toContainText("it is now maintenance.");
  await refusal.getByRole("button", { name: "Dismiss" }).click();
  await expect(refusal).toBeHidden();
});

async function leave(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Pulseboard, fleet" }).click();
  await expect(page).toHaveURL("/");
}
