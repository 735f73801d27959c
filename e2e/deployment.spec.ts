import { awake } from "./awake.ts";
import { expect, test } from "./fixtures.ts";
import { isAction } from "./interfere.ts";
import { armed, button, outcome, path, prepare, requestStop, reviewStart, status } from "./operate.ts";
import { startRun } from "./start-run.ts";

// A page that is older than the server: what it cannot do any more it says calmly, and Stop goes on working.

/** An id no deployment knows, in the form of a server action's. */
const FORGOTTEN = `40${"0".repeat(40)}`;

test("FB9 after a new deployment a start is not sent and says to reload; Stop still works", async ({
  lab,
  openAs,
  problems,
}) => {
  const bench = await prepare(lab);
  const page = await openAs(await lab.person("operator", [bench.machine]), path(bench.machine));
  let isOld = true;
  await page.route(/\/machines\//, (route) => {
    const request = route.request();
    if (!isOld || !isAction(request)) return route.fallback();
    return route.fallback({ headers: { ...request.headers(), "next-action": FORGOTTEN } });
  });
  problems.expect(/status of 4\d\d/);
  const dialog = await reviewStart(page, bench.recipe);
  await armed(dialog, "Request start").click();
  await expect(dialog).toBeHidden();
  const prompt = page.getByRole("alert").filter({ hasText: "Not sent" });
  await expect(prompt).toContainText("Not sent: Pulseboard was updated while this page was open.");
  await expect(prompt).toContainText("Reload the page, then ask again. Stop works without that.");
  await expect(status(page)).toHaveText("Idle");
  await Promise.all([page.waitForEvent("load"), prompt.getByRole("button", { name: "Reload page" }).click()]);
  await expect(prompt).toBeHidden();
  await awake(page);

  isOld = false;
  const again = await reviewStart(page, bench.recipe);
  await armed(again, "Request start").click();
  await page.waitForURL((url) => url.pathname === path(bench.machine));
  await expect(status(page)).toHaveText("Processing");
  isOld = true;
  await requestStop(page);
  await expect(outcome(page)).toHaveText("Aborted");
});

test("FB9 a part that can no longer be fetched leaves the page and Stop alone", async ({
  lab,
  site,
  openAs,
  problems,
}) => {
  const run = await startRun(lab, site, [{ loop: 400, steps: [{ pulse: 1, ms: 100 }, { purge: 3000 }] }]);
  const page = await openAs(await lab.person("operator", [run.machine]), path(run.machine), {
    viewport: { width: 1280, height: 500 },
  });
  await expect(status(page)).toHaveText("Processing");
  problems.expect(/chunk|404|net::ERR/i);
  await page.route(/\/_next\/static\//, (route) => route.fulfill({ status: 404, body: "" }));
  await page.getByLabel("Durations", { exact: true }).scrollIntoViewIfNeeded();
  await expect(
    page.getByText("The durations could not be fetched; Pulseboard may have been updated"),
  ).toBeVisible();
  await expect(button(page, "Reload page")).toBeVisible();
  await requestStop(page);
  await expect(outcome(page)).toHaveText("Aborted");
});
