import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import type { Machine, Step } from "./lab.ts";
import { path, status } from "./operate.ts";
import { startRun } from "./start-run.ts";

// Several tabs of one browser: one session and one set of channels for all of them.

const BRISK: Step[] = [{ loop: 900, name: "Layer", steps: [{ pulse: 1, ms: 100 }, { purge: 300 }] }];

const links = (page: Page) => page.getByRole("button", { name: /^Links:/ });
const expectLive = (page: Page): Promise<void> =>
  expect(links(page)).toHaveAccessibleName(/^Links: \S+ live\./);

/** The number of the step that the page shows as running. */
async function stepShown(page: Page): Promise<number> {
  const text = await page
    .getByLabel("Now")
    .getByText(/^Step [\d\s.,]+ of /)
    .textContent();
  return Number(/^Step ([\d\s.,]+) of/.exec(text ?? "")?.[1]?.replace(/\D/g, ""));
}

/** The page is live and shows one step after the other. */
async function expectMoving(page: Page): Promise<void> {
  await expectLive(page);
  const before = await stepShown(page);
  await expect.poll(() => stepShown(page)).toBeGreaterThan(before);
}

type Tab = { page: Page; connections: number };

/** Another tab of the same browser, and how many connections it made. */
async function openTab(beside: Page, machine: Machine): Promise<Tab> {
  const page = await beside.context().newPage();
  const tab = { page, connections: 0 };
  page.on("websocket", () => {
    tab.connections += 1;
  });
  await page.goto(path(machine));
  await expectMoving(page);
  return tab;
}

/** Keeps a page from saying anything to the other tabs, as one does that hangs; the answer lets it speak again. */
async function mute(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    const { postMessage } = BroadcastChannel.prototype;
    BroadcastChannel.prototype.postMessage = () => undefined;
    Object.assign(globalThis, {
      speak: () => {
        BroadcastChannel.prototype.postMessage = postMessage;
      },
    });
  });
  return () => page.evaluate(() => Reflect.get(globalThis, "speak")());
}

test("FR13 tabs of one browser share one connection; when the one that has it is closed or silent, another has its own", async ({
  lab,
  site,
  openAs,
}) => {
  const { machine } = await startRun(lab, site, BRISK);
  const first = await openAs("viewer", path(machine));
  await expectMoving(first);
  const second = await openTab(first, machine);
  expect(second.connections, "the first has the connection of both").toBe(0);

  await first.close();
  await expect.poll(() => second.connections).toBeGreaterThan(0);
  await expectMoving(second.page);

  const third = await openTab(second.page, machine);
  expect(third.connections).toBe(0);
  const speak = await mute(second.page);
  await expect
    .poll(() => third.connections, "nothing is heard of that one: it has its own")
    .toBeGreaterThan(0);
  await expectMoving(third.page);
  await speak();
  for (const { page } of [second, third]) await expectMoving(page);
});

test("FB7 signing out in one tab empties the others within 5 s", async ({ lab, site, openAs }) => {
  const { machine } = await startRun(lab, site, BRISK);
  const person = await lab.person("operator", [machine]);
  const page = await openAs(person, path(machine));
  const { page: other } = await openTab(page, machine);
  await page.getByRole("button", { name: /^Signed in as/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(other).toHaveURL(/\/sign-in\?next=/, { timeout: 5_000 });
  await expect(page).toHaveURL("/sign-in");
  for (const each of [page, other]) await expect(each.getByText(machine.name)).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByText(machine.name)).toHaveCount(0);
});

test("FB7 when somebody else signs in in one tab, the others are theirs as well", async ({
  lab,
  site,
  openAs,
  signIn,
}) => {
  const { machine } = await startRun(lab, site, BRISK);
  const person = await lab.person("operator", [machine]);
  const page = await openAs(person, path(machine));
  const { page: other } = await openTab(page, machine);
  await expect(status(other)).toHaveText("Processing");
  await signIn(page, "viewer", path(machine));
  for (const each of [page, other]) {
    await expect(each.getByRole("button", { name: /^Signed in as .*, Viewer$/ })).toBeVisible();
    await expectMoving(each);
  }
});

test("FB10 a browser that keeps no cookies and no storage is told so, once, in words; without storage alone all works", async ({
  page,
  context,
}) => {
  await page.addInitScript(() => {
    const refusal = () => new DOMException("The operation is insecure.", "SecurityError");
    function blocked() {
      throw refusal();
    }
    for (const name of ["localStorage", "sessionStorage", "indexedDB"])
      Object.defineProperty(globalThis, name, { get: blocked });
    Object.defineProperty(globalThis, "BroadcastChannel", { value: blocked });
    navigator.locks.request = () => Promise.reject(refusal());
  });
  const fill = async (): Promise<void> => {
    await page.getByLabel("Email").fill("viewer@pulseboard.local");
    await page.getByLabel("Password").fill("pulseboard");
  };
  await page.goto("/sign-in");
  await fill();
  await context.clearCookies();
  await page.getByRole("button", { name: "Sign in" }).click();
  const refusal = page.getByRole("alert").filter({ hasText: "Not signed in" });
  await expect(refusal).toContainText("this browser keeps no cookies for this page");
  await expect(refusal).toContainText("Allow cookies for this address");
  await expect(page).toHaveURL("/sign-in");

  await page.reload();
  await fill();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/");
  await expectLive(page);
});
