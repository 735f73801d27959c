import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import type { Site } from "#scripts/start/site.ts";
import { callRpc } from "./call-rpc.ts";
import { expect, test } from "./fixtures.ts";
import type { Lab, Machine, Step } from "./lab.ts";
import { expectSound, sidewaysScroll } from "./looks.ts";
import { SOON, shownLater } from "./page-time.ts";

test.use({ contextOptions: { reducedMotion: "no-preference" } });

// The page of one machine: what it shows in each state, for every eye and hand.

const NESTED: Step[] = [
  {
    loop: 300,
    name: "Stack",
    steps: [
      {
        loop: 3,
        name: "Layer",
        steps: [
          { pulse: 1, ms: 150, name: "TMA pulse" },
          { purge: 900, name: "TMA purge" },
          { pulse: 2, ms: 150, name: "Water pulse" },
          { purge: 900, name: "Water purge" },
        ],
      },
    ],
  },
];

const status = (page: Page): Locator => page.getByRole("status", { name: "Machine status" });

/** A machine that is running a recipe, started past the screen by a person of its own. */
async function running(lab: Lab, site: Site, steps: Step[]): Promise<Machine> {
  const [machine, recipe] = await Promise.all([lab.machine(), lab.recipe(steps)]);
  const person = await lab.person("operator", [machine]);
  await lab.served(machine);
  const started = await callRpc(site.stack, person, "start_process", {
    p_command_id: randomUUID(),
    p_machine_id: machine.id,
    p_recipe_id: recipe.id,
  });
  expect(started.status).toBe(200);
  return machine;
}

test("a live run: step, loops, plan, next, cycle, finish, valves, pulses and the last steps", async ({
  lab,
  site,
  openAs,
}) => {
  const machine = await running(lab, site, NESTED);
  const page = await openAs("viewer", `/machines/${machine.id}`);
  await expect(page).toHaveTitle(`${machine.name} · Pulseboard`);
  await expect(status(page)).toHaveText("Processing");

  const now = page.getByLabel("Now");
  await expect(now.getByText(/^Step \d+ of 3.600 · (Pulse|Purge)/)).toBeVisible();
  await expect(now.getByText(/Stack \d+ of 300/)).toBeVisible();
  await expect(now.getByText(/Layer [123] of 3/)).toBeVisible();
  await expect(now.getByText("Next: ")).toBeVisible();
  await expect(now.getByRole("list", { name: "Steps of this block" }).getByRole("listitem")).toHaveText([
    /^TMA pulse/,
    /^TMA purge/,
    /^Water pulse/,
    /^Water purge/,
  ]);
  await expect(now.getByRole("meter", { name: /of (150|900) ms planned/ })).toBeVisible();

  const run = page.getByLabel("Run", { exact: true });
  await expect(run.getByText(/^\d+ of 900$/)).toBeVisible();
  await expect(run.getByText("Finish")).toBeVisible();
  await expect(run.getByRole("progressbar", { name: "Run progress" })).toBeVisible();

  await expect(page.getByRole("img", { name: /^Valves, pressure and temperature/ })).toBeVisible();
  await expect(page.getByLabel("Valve 1, last").first()).toBeVisible();
  await expect(
    page.getByRole("region", { name: "Last 12 steps, newest first" }).getByRole("row"),
  ).toHaveCount(13);
  await expectDurations(page);
  await expect(page.getByRole("banner").getByText("Simulated").filter({ visible: true })).toBeVisible();
});

test("the page is whole before any script has run", async ({ lab, site, openAs }) => {
  const machine = await running(lab, site, NESTED);
  const page = await openAs("viewer");
  const html = await (await page.request.get(`${site.address}/machines/${machine.id}`)).text();
  expect(html).toContain("Processing");
  expect(html).toContain(machine.name);
  expect(html).toMatch(/TMA pulse/);
});

test("how many cycles are in sight is in the address", async ({ lab, site, openAs }) => {
  const machine = await running(lab, site, NESTED);
  const page = await openAs("viewer", `/machines/${machine.id}?cycles=10`);
  await expect(page.getByRole("button", { name: "10 cycles" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "30 cycles" }).click();
  await expect(page).toHaveURL(/\?cycles=30$/);
});

test("a machine without a run says so", async ({ lab, openAs }) => {
  const machine = await lab.machine();
  const page = await openAs("viewer", `/machines/${machine.id}`);
  await expect(page.getByText("No run yet")).toBeVisible();
});

test("names from outside are text, whatever they hold", async ({ lab, site, openAs }) => {
  const machine = await running(lab, site, [
    { pulse: 1, ms: 100, name: "TMA ".repeat(2_500) },
    { loop: 200, name: "مرحلة", steps: [{ purge: 500, name: '<img src=x onerror="alert(1)">' }] },
  ]);
  const page = await openAs("viewer", `/machines/${machine.id}`);
  await expect(page.getByLabel("Now").getByText('<img src=x onerror="alert(1)">').first()).toBeVisible();
  await expect(page.getByLabel("Now").getByText(/مرحلة/)).toBeVisible();
  expect(await page.locator("img[src=x]").count()).toBe(0);
  await expect(page.getByLabel("Valve 1, last 1 pulse")).toBeVisible();
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});

test("no barrier and no sideways scroll, light and dark, on a phone and on a desk", async ({
  lab,
  site,
  openAs,
}) => {
  const machine = await running(lab, site, NESTED);
  const page = await openAs(await lab.person("operator", [machine]), `/machines/${machine.id}`, {
    // The check walks the whole page several times; a picture that flows meanwhile only takes its time.
    reducedMotion: "reduce",
  });
  await expectSound(page, "running", { also: () => expectDurations(page) });
  await page.getByRole("button", { name: "Stop run" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectSound(page, "the question of a stop");
});

/** The charts are fetched when they are looked at. */
async function expectDurations(page: Page): Promise<void> {
  const card = page.getByLabel("Durations", { exact: true });
  await card.scrollIntoViewIfNeeded();
  await expect(card.getByText("TMA pulse, valve 1")).toBeVisible();
}

test("T21 two people at one machine know of each other; several pages of one person are one", async ({
  lab,
  openAs,
}) => {
  const machine = await lab.machine();
  const first = await openAs("viewer", null);
  await first.clock.install();
  await first.goto(`/machines/${machine.id}`);
  await expect(first.getByRole("heading", { name: machine.name })).toBeVisible();
  await expect(first.getByText("Also watching")).toBeHidden();
  const others = [
    await openAs("operator", `/machines/${machine.id}`),
    await openAs("operator", `/machines/${machine.id}`),
  ];
  for (const other of others) await expect(other.getByText(/^Also watching: [^,]+$/)).toBeVisible();
  await shownLater(first, () => expect(first.getByText(/^Also watching: [^,]+$/)).toBeVisible(SOON));
});
