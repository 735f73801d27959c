import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import type { Site } from "#scripts/start/site.ts";
import { alarmPixels } from "./alarm-pixels.ts";
import { type BreakableSite, startBreakableSite } from "./breakable-site.ts";
import { callRpc } from "./call-rpc.ts";
import { test as base, expect } from "./fixtures.ts";
import type { Lab, Machine, Person, Recipe } from "./lab.ts";
import { outcome, path, requestStop, status } from "./operate.ts";
import { pass } from "./page-time.ts";
import { openWire, type Wire } from "./wire.ts";

// What the page of a machine says when something between it and the machine breaks, and that Stop works, or says
// truthfully that it did not, all the while. Each test breaks a product of its own.

type Scene = { machine: Machine; person: Person; recipe: Recipe; runId: string };

const test = base.extend<{ wire: Wire; scene: Scene }, { site: BreakableSite }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of needed fixtures from this pattern.
    async ({}, use) => {
      const site = await startBreakableSite();
      await use(site);
      await site.close();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  scene: async ({ lab, site }, use) => {
    const machine = await lab.machine();
    // A pulse long enough to be broken into.
    const recipe = await lab.recipe([
      { loop: 100, name: "Layer", steps: [{ pulse: 1, ms: 60_000, name: "TMA pulse" }, { purge: 20_000 }] },
    ]);
    const person = await lab.person("operator", [machine]);
    await lab.served(machine);
    await use({ machine, recipe, person, runId: await startRun(site, person, machine, recipe) });
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  wire: async ({}, use) => {
    const wire = await openWire();
    await use(wire);
    await wire.close();
  },
});

const feedNotice = (page: Page): Locator => page.getByRole("status").filter({ hasText: /Not live\./ });
const links = (page: Page): Locator => page.getByRole("button", { name: /^Links: / });
const trouble = (page: Page): Locator => page.getByLabel("Trouble");
const stopCommand = (page: Page): Locator => page.getByRole("region", { name: "Stop command" });

/** Starts the recipe past the screen; answers with the run. */
async function startRun(site: Site, person: Person, machine: Machine, recipe: Recipe): Promise<string> {
  const { body } = await callRpc(site.stack, person, "start_process", {
    p_command_id: randomUUID(),
    p_machine_id: machine.id,
    p_recipe_id: recipe.id,
  });
  expect(body["ok"]).toBe(true);
  return String(body["run_id"]);
}

const runStatus = async (lab: Lab, runId: string) => {
  const [run] = await lab.sql<{ status: string }>(
    "select status from public.process_executions where id = $1",
    [runId],
  );
  return run?.status;
};

test("T6 T7 T8 T18 the feed is cut: what the page says after 2 s, 10 s and 60 s, Stop is sent all the same, and what was missed is told", async ({
  site,
  lab,
  scene,
  wire,
  openAs,
  problems,
}) => {
  const { machine, person, runId } = scene;
  const page = await openAs(person, "/runs", { proxy: wire.proxy });
  await page.clock.install();
  await page.goto(path(machine));
  await expect(page.getByLabel("Now").getByText("TMA pulse").first()).toBeVisible();
  await expect(links(page), "live before it is cut").toHaveAccessibleName(/ live\./);
  problems.expect(/net::ERR_|WebSocket/);
  // From here on the page's time passes only as it is told, whatever this machine is doing.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 3000);
  await pass(page, 1000);
  wire.cut(site.stack.apiUrl);

  await pass(page, 2000);
  await expect(links(page), "2 s: which link").toHaveAccessibleName(/(Feed|Server) (connecting|late|lost)/);
  await pass(page, 8000);
  await expect(feedNotice(page), "10 s: that it is not live").toBeVisible();
  await expect(links(page)).toHaveAccessibleName(/(Server|Feed) lost/);
  await expect(status(page)).toHaveText(/^Processing, /);
  const inStep = page.getByRole("meter", { name: /^Time in step/ });
  const known = await inStep.getAttribute("aria-label");
  await pass(page, 50_000);
  await expect(links(page), "60 s: how old it is by now").toContainText(/lost, 1 min old/);
  await expect(status(page)).toHaveText(/^Processing, /);
  await expect(inStep, "and no figure has counted on").toHaveAttribute("aria-label", known ?? "");
  expect(Object.keys(await alarmPixels(page)), "trouble has a colour").not.toEqual([]);

  await page.clock.resume();
  await requestStop(page);
  await expect(stopCommand(page)).toContainText("this page is not live");
  await expect.poll(() => runStatus(lab, runId)).toBe("aborted");
  wire.mend();
  await expect(outcome(page)).toHaveText("Aborted");
  const missed = page.getByText(/^While this page was not live \(.*\): /);
  await expect(missed).toContainText("the run ended: aborted, the machine went from processing to idle.");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(missed).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`T1 T5 a healthy run has no pixel in the colour of an alarm: ${colorScheme}`, async ({
    scene,
    openAs,
  }) => {
    const { machine, person, runId } = scene;
    const page = await openAs(person, path(machine), { colorScheme });
    await expect(page.getByLabel("Now").getByText("TMA pulse").first()).toBeVisible();
    await expect(links(page)).toHaveAccessibleName(/ live\./);
    expect(await alarmPixels(page)).toEqual({});
    await page.goto(`/runs/${runId}`);
    await expect(status(page)).toHaveText("Processing");
    await expect(links(page)).toHaveAccessibleName(/ live\./);
    expect(await alarmPixels(page)).toEqual({});
  });
}

test("T7 the database is killed and comes back: what the page says after 2 s, 10 s and 60 s, nobody else is blamed, and Stop works", async ({
  site,
  lab,
  scene,
  openAs,
  problems,
}) => {
  const { machine, person, runId } = scene;
  const page = await openAs(person, null);
  await page.clock.install();
  await page.goto(path(machine));
  await expect(page.getByLabel("Now").getByText("TMA pulse").first()).toBeVisible();
  await expect(links(page)).toHaveAccessibleName(/ live\./);
  problems.expect(/status of 5\d\d|response: 5\d\d|net::ERR_|WebSocket/);
  const blamed = await everSaid(page, "[aria-label=Trouble]");
  const claimed = await everSaid(page, '[aria-label="Machine status"]');
  await site.restartDatabase("kill");

  await expect(status(page), "from 2 s on: live, or as last known").toHaveText(/^Processing/);
  await expect(status(page), "10 s: live").toHaveText("Processing", { timeout: 10_000 });
  await expect(feedNotice(page)).toBeHidden();
  await expect(links(page)).toHaveAccessibleName(/ live\./);
  expect(await blamed(), "nobody else was blamed for it").toEqual([]);
  expect(
    (await claimed()).filter((word) => !word.startsWith("Processing")),
    "nothing was made up",
  ).toEqual([]);

  await page.clock.fastForward(50_000);
  await expect(links(page), "60 s: nothing is left of it").toHaveAccessibleName(/ live\./);
  await expect(feedNotice(page)).toBeHidden();
  await expect(status(page)).toHaveText("Processing");
  await requestStop(page);
  await expect(outcome(page)).toHaveText("Aborted");
  expect(await runStatus(lab, runId)).toBe("aborted");
});

test("T7 the controller is killed in a pulse: silent after 10 s, 1 min old after 60 s, and a stop says that nobody takes it", async ({
  site,
  lab,
  scene,
  openAs,
}) => {
  const { machine, person } = scene;
  const page = await openAs(person, path(machine));
  await expect(page.getByLabel("Now").getByText("TMA pulse").first()).toBeVisible();
  await expect(links(page)).toHaveAccessibleName(/ live\./);
  await site.killExecutor();
  await expect(status(page), "within its period nothing is claimed").toHaveText("Processing");
  await expect(trouble(page)).toBeHidden();

  await expect(trouble(page), "10 s").toContainText("No word from the controller during a run", {
    timeout: 10_000,
  });
  await expect(trouble(page)).toContainText("The hardware may still be running the recipe.");
  await expect(status(page)).toHaveText("Processing, last known");
  await expect(links(page)).toHaveAccessibleName(/Controller (late|lost)/);
  await expect(feedNotice(page), "the page itself is live").toBeHidden();

  await lab.sql(
    `update public.machine_leases set renewed_at = renewed_at - interval '1 min', expires_at = expires_at - interval '1 min'
     where machine_id = $1`,
    [machine.id],
  );
  await page.reload();
  await expect(links(page), "60 s: the same to whoever comes by then").toContainText(
    /Controller\s*lost, 1 min old/,
  );

  await requestStop(page);
  await expect(trouble(page)).toContainText("The controller was lost during a run");
  await expect(status(page)).toHaveText(/^Unknown/);
  await expect(stopCommand(page)).toContainText(
    "Not confirmed: the controller has not answered for 5 s. It is still being asked; in doubt, use the machine's own stop.",
  );
  await site.startExecutor();
  await expect(trouble(page)).toContainText("The controller restarted during the run.", { timeout: 20_000 });
  await expect(outcome(page)).toHaveText("Failed");
});

test("T6 T18 a laptop wakes with a token that has expired: it says how old it is, Stop works, and it is live again with a new one", async ({
  site,
  lab,
  scene,
  wire,
  openAs,
  problems,
}) => {
  const { machine, person, runId } = scene;
  const page = await openAs(person, null, { proxy: wire.proxy });
  await page.clock.install();
  const token = await tokenThatExpires(page);
  await page.goto(path(machine));
  await expect(page.getByLabel("Now").getByText("TMA pulse").first()).toBeVisible();
  await expect(links(page)).toHaveAccessibleName(/ live\./);
  problems.expect(/net::ERR_|WebSocket|status of 401/);

  const asleep = await sleep(page);
  wire.cut(site.stack.apiUrl);
  token.expire();
  await asleep.wake();
  await page.clock.fastForward(ASLEEP_MS);
  await expect(feedNotice(page), "at once, before the network is back").toBeVisible();
  await expect(page.getByText(/^last news (1[5-9]|[2-5]\d) s ago$/)).toBeVisible();
  await expect(status(page)).toHaveText("Processing, last known");
  await requestStop(page);
  await expect.poll(() => runStatus(lab, runId)).toBe("aborted");

  wire.mend();
  await expect(outcome(page)).toHaveText("Aborted", { timeout: 20_000 });
  await expect(links(page)).toHaveAccessibleName(/ (live|idle)\./);
  expect(token.refused(), "the old one was tried, and refused").toBeGreaterThan(0);
});

/** Longer than what the page takes for a hiccup of its own. */
const ASLEEP_MS = 17_000;

/** Stops the page's scripts and timers, as a lid that is closed does. */
async function sleep(page: Page): Promise<{ wake: () => Promise<void> }> {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Page.setWebLifecycleState", { state: "frozen" });
  return {
    wake: async () => {
      await wire.send("Page.setWebLifecycleState", { state: "active" });
    },
  };
}

/** Lets the servers refuse, from a moment on, the token that the page holds by then. */
async function tokenThatExpires(page: Page): Promise<{ expire: () => void; refused: () => number }> {
  let held = "";
  let isExpired = false;
  let refusals = 0;
  await page.route(/\/rest\/v1\//, async (route) => {
    const headers = route.request().headers();
    const token = headers["authorization"] ?? "";
    if (!isExpired) held = token;
    if (!isExpired || token !== held) return route.fallback();
    refusals += 1;
    return route.fallback({ headers: { ...headers, authorization: `${token}x` } });
  });
  return {
    expire: () => {
      isExpired = true;
    },
    refused: () => refusals,
  };
}

/** Everything that parts of the page said from now on, however shortly. */
async function everSaid(page: Page, selector: string): Promise<() => Promise<string[]>> {
  await page.evaluate((parts) => {
    const said = new Set<string>();
    Object.assign(window, { [`said of ${parts}`]: said });
    new MutationObserver(() => {
      for (const part of document.querySelectorAll(parts)) said.add(part.textContent ?? "");
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, selector);
  return () =>
    page.evaluate((parts) => [...(Reflect.get(window, `said of ${parts}`) as Set<string>)], selector);
}
