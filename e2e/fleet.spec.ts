import { callRpc } from "./call-rpc.ts";
import { expect, test } from "./fixtures.ts";
import { expectSound } from "./looks.ts";
import { pass } from "./page-time.ts";
import { startRun } from "./start-run.ts";

test("the machines that need a person come first, and say why", async ({ openAs }) => {
  const page = await openAs("operator");
  const broken = page.getByRole("article", { name: "ALD-04", exact: true });
  await expect(page.getByRole("status", { name: "Status of ALD-04" })).toHaveText("Error");
  await expect(broken).toContainText("Chamber temperature 231.4 °C left the window");

  const needed = ["Error", "Unknown"];
  const statuses = await page.getByRole("status", { name: /^Status of / }).allTextContents();
  const calm = statuses.findIndex((status) => !needed.includes(status));
  expect(calm).toBeGreaterThan(0);
  expect(statuses.slice(calm).filter((status) => needed.includes(status))).toEqual([]);
});

test("a running machine shows recipe, cycle, finish and age, and moves by itself", async ({
  openAs,
  lab,
  site,
}) => {
  const { machine, recipe } = await startRun(lab, site, [
    { loop: 300, name: "Layer", steps: [{ pulse: 1, ms: 100 }, { purge: 900 }] },
  ]);
  const page = await openAs("viewer");
  const tile = page.getByRole("article", { name: machine.name, exact: true });
  await expect(tile).toContainText(recipe.name);
  await expect(tile.getByText(/^Ends \d\d:\d\d/)).toBeVisible();
  await expect(tile.getByText(/^\d s old$/)).toBeVisible();

  const cycle = tile.getByRole("meter");
  const before = await cycle.getAttribute("aria-valuetext");
  expect(before).toMatch(/^Cycle \d+ of \d+$/);
  await expect.poll(() => cycle.getAttribute("aria-valuetext"), { timeout: 30_000 }).not.toBe(before);
});

test("a change on a machine reaches every open fleet", async ({ twoBrowsers, lab, site }) => {
  const machine = await lab.machine();
  const [one, two] = await twoBrowsers("operator", "viewer");
  await lab.served(machine);
  for (const page of [one, two]) {
    await expect(page.getByRole("status", { name: `Status of ${machine.name}` })).toHaveText("Idle");
  }

  await callRpc(site.stack, "controller", "atomic_error_machine_state", {
    p_machine_id: machine.id,
    p_error_message: "The pump does not answer.",
  });
  for (const page of [one, two]) {
    await expect(page.getByRole("status", { name: `Status of ${machine.name}` })).toHaveText("Error");
    await expect(page.getByRole("article", { name: machine.name })).toContainText(
      "The pump does not answer.",
    );
  }
});

test("no tile moves under a hand: who needs a person comes to the front when it is gone, and it is said", async ({
  openAs,
  lab,
  site,
}) => {
  const machine = await lab.machine();
  await lab.served(machine);
  const page = await openAs("operator");
  const note = page.getByRole("status", { name: "Order of the tiles" });
  const place = () =>
    page
      .getByRole("article")
      .evaluateAll(
        (tiles, name) => tiles.findIndex((tile) => tile.textContent?.includes(name)),
        machine.name,
      );
  await expect(page.getByRole("article", { name: machine.name, exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Links: .* live/ })).toBeVisible();
  expect(await place()).toBeGreaterThan(1);

  const tile = page.getByRole("article").nth(1);
  const underHand = await tile.getByRole("link").first().textContent();
  await tile.hover();
  await callRpc(site.stack, "controller", "atomic_error_machine_state", {
    p_machine_id: machine.id,
    p_error_message: "The pump does not answer.",
  });
  await expect(page.getByRole("status", { name: `Status of ${machine.name}` })).toHaveText("Error");
  await tile.hover({ position: { x: 40, y: 60 } });
  await expect(note).toHaveText(`${machine.name} to the front when you stop pointing`);
  // Machines of other tests come and go meanwhile, so the places further back are not counted.
  expect(await tile.getByRole("link").first().textContent()).toBe(underHand);
  expect(await place()).toBeGreaterThan(1);

  await page.mouse.move(2, 2);
  await expect(note).toHaveText(`${machine.name} came to the front`);
  expect(await place()).toBeLessThan(2);
});

test("a tile leads to its machine, by mouse and by keyboard", async ({ openAs }) => {
  const page = await openAs("viewer");
  await page.getByRole("article", { name: "ALD-03" }).click({ position: { x: 40, y: 150 } });
  await expect(page).toHaveURL(/\/machines\/[0-9a-f-]{36}$/);

  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/machines\/[0-9a-f-]{36}$/);
});

test("T7 T28 the header says whether what is shown is true", async ({ openAs }) => {
  const page = await openAs("viewer");
  await page.getByRole("button", { name: /^Links:/ }).click();
  const links = page.getByRole("dialog", { name: "Links" });
  await expect(links).toContainText(/Live; last change \d+ s old\./);
  await expect(links).toContainText("holds this machine.");
  await expect(page.getByRole("banner")).toContainText("Simulated");
});

test("a cut connection is said within seconds and is no alarm of a machine", async ({
  openAs,
  lab,
  site,
  problems,
}) => {
  problems.expect(/ERR_INTERNET_DISCONNECTED|WebSocket|net::ERR/);
  const { recipe } = await startRun(lab, site, [{ purge: 120_000 }]);
  const page = await openAs("viewer", null);
  await page.clock.install();
  await page.goto("/");
  const running = page.getByRole("row", { name: /^Running/ }).filter({ hasText: recipe.name });
  await expect(running).toBeVisible();
  await expect(page.getByRole("button", { name: /^Links: .* live/ })).toBeVisible();
  await page.context().setOffline(true);
  await pass(page, 10_000);
  await expect(page.getByRole("button", { name: /^Links: (Server|Feed) lost/ })).toBeVisible();
  // What is not heard of any more is not counted on.
  await expect(page.getByText(/^last news \d+ s ago$/)).toBeVisible();
  const held = await running.textContent();
  await pass(page, 10_000);
  await expect(page.getByText(/^last news (1[5-9]|2\d) s ago$/)).toBeVisible();
  expect(await running.textContent()).toBe(held);
  await page.context().setOffline(false);
  await expect(page.getByRole("button", { name: /^Links: .* live/ })).toBeVisible({ timeout: 30_000 });
});

test("T2 nothing keeps a screen reader or a weak eye out, light and dark", async ({ openAs }) => {
  const page = await openAs("viewer");
  await expect(page.getByRole("article").first()).toBeVisible();
  await expectSound(page, "fleet");
});
