import { barriers } from "./barriers.ts";
import { expect, test } from "./fixtures.ts";
import { startRun } from "./start-run.ts";

const WALL = { viewport: { width: 1920, height: 1080 } };

test("a wall display is read and not pressed, in big type, with the links and the time", async ({
  lab,
  site,
  openAs,
}) => {
  const { machine } = await startRun(lab, site, [
    { loop: 200, steps: [{ pulse: 1, ms: 100 }, { purge: 900 }] },
  ]);
  const page = await openAs("admin", `/machines/${machine.id}`, WALL);
  await page.getByRole("button", { name: /^Signed in as/ }).click();
  await page.getByRole("link", { name: "Wall display" }).click();
  await expect(page).toHaveURL(/kiosk=1/);

  await expect(page.getByRole("status", { name: "Machine status" })).toHaveText("Processing");
  await expect(page.getByRole("button", { name: /Stop run|Start run/ })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Links: .* live/ })).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.body).zoom)).toBe("1.5");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1920);
  expect(await barriers(page)).toEqual([]);

  await page.getByRole("link", { name: "Leave wall display" }).click();
  await expect(page.getByRole("button", { name: "Stop run" })).toBeEnabled();
});

test("a wall display keeps its screen on, and says when the browser does not let it", async ({ openAs }) => {
  const page = await openAs("viewer", "/", WALL);
  await page.addInitScript(() => {
    const asked: string[] = [];
    Object.assign(window, { asked });
    Object.defineProperty(navigator, "wakeLock", {
      value: {
        request: (kind: string) => {
          asked.push(kind);
          return Promise.reject(new DOMException("low battery", "NotAllowedError"));
        },
      },
    });
  });
  await page.goto("/?kiosk=1");
  await expect(page.getByText("This screen may go dark: set it to stay on.")).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { asked: string[] }).asked)).toEqual(["screen"]);
  await expect(page.getByRole("article", { name: "ALD-01", exact: true })).toBeVisible();
});
