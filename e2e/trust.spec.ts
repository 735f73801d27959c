import { expect, test } from "./fixtures.ts";
import { hearing } from "./interfere.ts";
import { startRun } from "./start-run.ts";

// What a page claims when it hears nothing: only what it can know.

test("T6 T7 a page that hears nothing says that it is not live, and blames nobody else", async ({
  lab,
  site,
  openAs,
  problems,
}) => {
  const { machine } = await startRun(lab, site, [
    { loop: 200, steps: [{ pulse: 1, ms: 100 }, { purge: 900 }] },
  ]);
  const page = await openAs("viewer", null);
  const news = await hearing(page);
  await page.goto(`/machines/${machine.id}`);
  await expect(page.getByRole("button", { name: /^Links: .* live/ })).toBeVisible();
  await page.evaluate(() => {
    const said = new Set<string>();
    Object.assign(window, { said });
    new MutationObserver(() => {
      for (const box of document.querySelectorAll("[aria-label=Trouble]")) said.add(box.textContent ?? "");
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  problems.expect(/rest\/v1|realtime\/v1|net::ERR_FAILED/);
  news.cut();

  const notice = page.getByRole("status").filter({ hasText: "Not live." });
  await expect(notice).toHaveText(
    "Not live. The server does not answer. What is shown is what was last known. This page cannot know what the machine does now, nor whether a stop asked for here arrives. In doubt, use the machine's own stop.",
    { timeout: 25_000 },
  );
  await expect(page.getByText(/^last news \d+ s ago$/)).toBeVisible();
  await expect(page.getByRole("status", { name: "Machine status" })).toHaveText("Processing, last known");
  await expect(page.getByRole("button", { name: /^Links: (Server|Feed) (late|lost)/ })).toBeVisible();
  await page.getByRole("button", { name: /^Links:/ }).click();
  await expect(page.getByRole("dialog", { name: "Links" })).toContainText("Controllernot known");
  expect(await page.evaluate(() => [...(Reflect.get(window, "said") as Set<string>)])).toEqual([]);

  news.mend();
  await expect(notice).toBeHidden({ timeout: 40_000 });
  await expect(page.getByRole("status", { name: "Machine status" })).toHaveText("Processing");
});

test("a controller that is really silent is named as soon as the page knows", async ({ lab, openAs }) => {
  const [machine] = await lab.sql<{ id: string }>(
    `insert into public.machines (serial_number, name, is_virtual) values ($1, $1, false) returning id`,
    [`SILENT-${Date.now()}`],
  );
  const page = await openAs("viewer", `/machines/${machine?.id}`);
  await expect(page.getByLabel("Trouble")).toContainText("No controller has ever held this machine.");
  await lab.sql("select public.claim_machine($1, 'a lab', 'its own', false, 6000)", [machine?.id]);
  await expect(page.getByLabel("Trouble")).toBeHidden();
  await expect(page.getByLabel("Trouble")).toContainText(
    /^No controller is connected\s*Controller “a lab” last reported at \d\d:\d\d:\d\d UTC/,
  );
  await expect(page.getByText("Not live.")).toBeHidden();
});
