import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import type { Step } from "./lab.ts";
import { armed, button, path, requestStop } from "./operate.ts";
import { SOON, shownLater } from "./page-time.ts";
import { startRun } from "./start-run.ts";

// Rules of trust that no other test names, each by its number.

const SLOW: Step[] = [{ loop: 900, name: "Layer", steps: [{ pulse: 1, ms: 200 }, { purge: 800 }] }];
const links = (page: Page) => page.getByRole("button", { name: /^Links:/ });

test("T3 on a healthy run nothing moves or blinks for its own sake", async ({ lab, site, openAs }) => {
  const { machine } = await startRun(lab, site, SLOW);
  const page = await openAs("viewer", path(machine), { reducedMotion: "no-preference" });
  for (const address of [path(machine), "/"]) {
    await page.goto(address);
    await expect(links(page)).toHaveAccessibleName(/ live\./);
    const moving = () =>
      page.evaluate(() =>
        document
          .getAnimations()
          .filter((each) => each instanceof CSSAnimation && each.playState === "running")
          .map((each) => (each as CSSAnimation).animationName),
      );
    await expect.poll(moving).toEqual([]);
  }
});

test("T9 a computer whose clock is ten minutes fast shows the server's time, and it is said", async ({
  lab,
  openAs,
}) => {
  const machine = await lab.machine();
  await lab.served(machine);
  const page = await openAs("viewer", null);
  await page.clock.install({ time: Date.now() + 600_000 });
  await page.goto(path(machine));
  await expect(links(page)).toHaveAccessibleName(/ live\./);
  await links(page).click();
  await expect(page.getByRole("dialog", { name: "Links" })).toContainText(/Live; last change [0-9] s old\./);
  await page.keyboard.press("Escape");
  // It is said once the page has been open for a while. That while is the page's alone: it learns no other time meanwhile.
  await page.route(/\/rest\/v1\//, () => undefined);
  await shownLater(page, () =>
    expect(
      page.getByText(
        /^This browser's clock is (599|600) s fast\. Every time on this page is the server's\.$/,
      ),
    ).toBeVisible(SOON),
  );
});

test("T10 a page whose channel has joined is not called live before it has read what it may have missed", async ({
  lab,
  site,
  openAs,
}) => {
  const { machine } = await startRun(lab, site, SLOW);
  const page = await openAs("viewer", null);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const asked = Promise.withResolvers<void>();
  await page.route("**/rest/v1/rpc/machine_snapshot", async (route) => {
    asked.resolve();
    await held;
    await route.fallback();
  });
  await page.goto(path(machine));
  await asked.promise;
  await expect(links(page)).toHaveAccessibleName(/^Links: /);
  await expect(links(page)).not.toHaveAccessibleName(/ live\./);
  release();
  await expect(links(page)).toHaveAccessibleName(/ live\./);
});

test("T12 T18 Stop is there while somebody looks at the past of a live run, and stops the live run", async ({
  lab,
  site,
  openAs,
}) => {
  const { id, machine } = await startRun(lab, site, SLOW);
  const person = await lab.person("operator", [machine]);
  const page = await openAs(person, `/runs/${id}?from=0&to=1000`);
  await expect(page.getByText(/looking at the past of a live run/)).toBeVisible();
  await requestStop(page);
  await expect
    .poll(() => lab.sql("select status from public.process_executions where id = $1", [id]))
    .toEqual([{ status: "aborted" }]);
});

test("T19 Stop is never called an emergency stop, and says what is to be pressed in danger", async ({
  lab,
  site,
  openAs,
}) => {
  const { machine } = await startRun(lab, site, SLOW);
  const page = await openAs(await lab.person("operator", [machine]), path(machine));
  await button(page, "Stop run").click();
  const dialog = page.getByRole("dialog");
  await expect(armed(dialog, "Request stop")).toBeVisible();
  await expect(dialog).toContainText("In danger, press the red button on the machine itself.");
  await expect(page.locator("body")).not.toContainText(/emergency|e-stop/i);
  await dialog.getByRole("button", { name: "Keep it running" }).click();
  await expect(page.locator("body")).not.toContainText(/emergency|e-stop/i);
});
