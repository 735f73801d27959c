import type { Page } from "@playwright/test";
import { barriers } from "./barriers.ts";
import { expect, test } from "./fixtures.ts";
import { armed } from "./operate.ts";
import { pastRuns } from "./past-runs.ts";

const mark = (page: Page) => page.getByRole("region", { name: "Mark" });

async function say(page: Page, press: string, reason: string, confirm: string): Promise<void> {
  await mark(page).getByRole("button", { name: press }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await armed(dialog, confirm).click();
}

test("an engineer marks a run good with a reason and takes it back; list and page say so, and it is kept", async ({
  openAs,
  lab,
}) => {
  const [run] = await pastRuns(lab, [{}]);
  const page = await openAs(await lab.person("engineer"), `/runs/${run?.id}`);
  await expect(mark(page)).toContainText("Not marked good.");
  await say(page, "Mark good", "Uniform over the wafer", "Mark good");
  await expect(mark(page)).toContainText("Marked good by Test engineer");
  await expect(mark(page)).toContainText("Uniform over the wafer");
  expect(await barriers(page)).toEqual([]);

  await page.goto(`/runs?machine=${run?.machine.id}&good=true`);
  await expect(
    page.getByRole("row").filter({ hasText: "Past recipe" }).getByText("Good", { exact: true }),
  ).toBeVisible();

  await page.goto(`/runs/${run?.id}`);
  await say(page, "Take the mark back", "Particles were found", "Take it back");
  await expect(mark(page)).toContainText("Not good any more: the mark was taken back by Test engineer");
  const told = await lab.sql(
    "select 1 from public.run_marks where process_id = $1 and not is_good and reason = 'Particles were found'",
    [run?.id],
  );
  expect(told).toHaveLength(1);
});

test("who may not mark sees why, and what the database refuses stays on the screen", async ({
  openAs,
  lab,
}) => {
  const [run] = await pastRuns(lab, [{}]);
  const viewer = await openAs("viewer", `/runs/${run?.id}`);
  await expect(mark(viewer)).toContainText("Only engineers and administrators mark runs.");
  await expect(mark(viewer).getByRole("button")).toHaveCount(0);

  const person = await lab.person("engineer");
  const page = await openAs(person, `/runs/${run?.id}`);
  await expect(mark(page)).toContainText("Not marked good.");
  await lab.sql("update public.profiles set role = 'operator' where id = $1", [person.id]);
  await say(page, "Mark good", "It looked fine", "Mark good");
  const refusal = page.getByRole("alert").filter({ hasText: "only engineers and administrators mark runs" });
  await expect(refusal).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(refusal).toBeVisible();
  await refusal.getByRole("button", { name: "Dismiss" }).click();
  await expect(refusal).toBeHidden();
});

test("a run that failed has no mark to give", async ({ openAs, lab }) => {
  const [run] = await pastRuns(lab, [{ status: "failed" }]);
  const page = await openAs("engineer", `/runs/${run?.id}`);
  await expect(page.getByRole("region", { name: "Facts" })).toBeVisible();
  await expect(mark(page)).toHaveCount(0);
});
