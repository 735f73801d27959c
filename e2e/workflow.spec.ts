import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import type { Lab } from "./lab.ts";
import { expectSound } from "./looks.ts";

// The work plan at two screens: who may change it, who sees the change, and that the keyboard is enough.

/** `tag` tells the steps of this plan from those of other tests. */
type Plan = { tag: string; subtask: string; subtaskId: number };

async function makePlan(lab: Lab): Promise<Plan> {
  const tag = crypto.randomUUID().slice(0, 6);
  const subtask = `Leak check ${tag}`;
  const [row] = await lab.sql<{ id: number }>(
    `with p as (insert into public.projects (name) values ($1) returning id)
     insert into public.subtasks (project_id, title, status, stage) select id, $2, 'in_progress', 'review' from p returning id`,
    [`Qualify T-${tag}`, subtask],
  );
  return { tag, subtask, subtaskId: row?.id ?? 0 };
}

type Made = { status?: string; parentId?: number };

/** A step named by a word and the plan's tag. */
async function addStep(lab: Lab, { subtaskId, tag }: Plan, word: string, made: Made = {}): Promise<number> {
  const [row] = await lab.sql<{ id: number }>(
    `insert into public.steps (project_id, subtask_id, step_number, step_type, status, assigned_to, instructions, parent_step_id)
     select t.project_id, t.id, (select count(*) + 1 from public.steps s where s.subtask_id = t.id), 'test',
       $3::public.status, 'TaraAider', $2, $4 from public.subtasks t where t.id = $1 returning id`,
    [subtaskId, `${word} ${tag}`, made.status ?? "pending", made.parentId ?? null],
  );
  return row?.id ?? 0;
}

const row = (page: Page, name: string): Locator => page.getByRole("treeitem", { name });
const status = (page: Page): Locator => page.getByRole("status", { name: "Step status" });
const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });

test("an engineer adds, starts, fails, retries and completes a step; another screen sees each at once", async ({
  lab,
  twoBrowsers,
}) => {
  const plan = await makePlan(lab);
  const people = [await lab.person("engineer"), await lab.person("viewer")] as const;
  const [anna, ben] = await twoBrowsers(...people, "/workflow");

  await row(anna, `Subtask ${plan.subtask}`).click();
  await button(anna, "Add step").click();
  const dialog = anna.getByRole("dialog", { name: "Add a step" });
  await dialog.getByRole("button", { name: "Add step" }).click();
  await expect(dialog.getByText("Say what is to be done, in a few words.")).toBeVisible();
  await dialog.getByLabel("Instructions").fill(`Rate of rise ${plan.tag}`);
  await dialog.getByLabel("Type").selectOption("test");
  await dialog.getByLabel("Context files").fill("leak/limits.csv\nleak/how-to.md");
  await dialog.getByRole("button", { name: "Add step" }).click();
  await expect(dialog).toBeHidden();

  const name = `Step 1: Rate of rise ${plan.tag}`;
  await expect(row(ben, `${name}, pending, test, TaraAider, 0 attempts`)).toBeVisible();
  await expect(anna.getByRole("region", { name: "Step 1" }), "what was added is chosen").toBeVisible();
  await row(ben, name).click();
  await expect(ben.getByRole("listitem").filter({ hasText: "leak/how-to.md" })).toBeVisible();

  await button(anna, "Start step").click();
  for (const page of [anna, ben]) await expect(status(page)).toHaveText("In progress");
  await expect(row(ben, `${name}, in progress, test, TaraAider, 1 attempt`)).toBeVisible();

  await button(anna, "Fail step").click();
  const failing = anna.getByRole("dialog", { name: "Fail this step?" });
  await failing.getByRole("button", { name: "Fail step" }).click();
  await expect(failing.getByText("Say what went wrong, in a few words.")).toBeVisible();
  await failing.getByLabel("What went wrong").fill("Valve 3 leaks");
  await failing.getByRole("button", { name: "Fail step" }).click();
  for (const page of [anna, ben]) await expect(status(page)).toHaveText("Failed");
  await expect(
    row(ben, `${name}, failed, test, TaraAider, 1 attempt, last error: Valve 3 leaks`),
  ).toBeVisible();

  await button(anna, "Retry step").click();
  for (const page of [anna, ben]) await expect(status(page)).toHaveText("In progress");
  await expect(
    row(ben, `${name}, in progress, test, TaraAider, 2 attempts, last error: Valve 3 leaks`),
  ).toBeVisible();

  await button(anna, "Complete step").click();
  for (const page of [anna, ben]) await expect(status(page)).toHaveText("Completed");
  const done = { name: `${name}, completed, test, TaraAider, 2 attempts`, exact: true };
  await expect(ben.getByRole("treeitem", done), "and no last error").toBeVisible();
});

test("a viewer sees why nothing is theirs to press, and is refused behind the screen as well", async ({
  lab,
  site,
  openAs,
}) => {
  const plan = await makePlan(lab);
  const id = await addStep(lab, plan, "Bake");
  const viewer = await lab.person("viewer");
  const page = await openAs(viewer, `/workflow?at=step-${id}`);
  const reason = "Your role is viewer: it reads the workflow; engineers change it.";
  for (const name of ["Start step", "Complete step", "Fail step"]) {
    await expect(button(page, name)).toBeDisabled();
    await expect(button(page, name)).toHaveAccessibleDescription(reason);
  }
  await expect(page.getByText(reason)).toBeVisible();
  await row(page, `Subtask ${plan.subtask}`).click();
  await expect(button(page, "Add step")).toBeDisabled();

  const token = await signInBehind(site.stack, viewer);
  const ask = (method: string, path: string, body: object) =>
    fetch(`${site.stack.apiUrl}/rest/v1/${path}`, {
      method,
      headers: {
        apikey: site.stack.publishableKey,
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        prefer: "return=representation",
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  const added = await ask("POST", "rpc/create_step", {
    p_subtask_id: plan.subtaskId,
    p_step_type: "test",
    p_assigned_to: "TaraAider",
  });
  expect([added.status, (await added.json()).code]).toEqual([403, "42501"]);
  const changed = await ask("PATCH", `steps?id=eq.${id}`, { status: "completed" });
  expect(await changed.json()).toEqual([]);
  const left = await lab.sql("select status from public.steps where subtask_id = $1", [plan.subtaskId]);
  expect(left).toEqual([{ status: "pending" }]);
});

async function signInBehind(
  { apiUrl, publishableKey }: { apiUrl: string; publishableKey: string },
  { email, password }: { email: string; password: string },
): Promise<string> {
  const response = await fetch(`${apiUrl}/auth/v1/token?grant_type=password`, {
    method: "POST",
    headers: { apikey: publishableKey, "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
    signal: AbortSignal.timeout(10_000),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

test("a screen that has fallen behind is refused, and the refusal stays until dismissed", async ({
  lab,
  openAs,
  problems,
}) => {
  const plan = await makePlan(lab);
  const id = await addStep(lab, plan, "Bake", { status: "in_progress" });
  const page = await openAs(await lab.person("engineer"), null);
  problems.expect(/rest\/v1|realtime\/v1|net::ERR_FAILED/);
  await page.routeWebSocket(/\/realtime\//, () => undefined);
  await page.route(/\/rest\/v1\//, (route) => route.abort());
  await page.goto(`/workflow?at=step-${id}`);
  await expect(status(page)).toHaveText("In progress");
  await lab.sql("update public.steps set status = 'failed', last_error = 'Heater lost' where id = $1", [id]);

  await button(page, "Complete step").click();
  const refusal = page.getByRole("alert").filter({ hasText: "The step was not changed" });
  await expect(refusal).toContainText("it is failed now, no longer in progress.");
  await expect(refusal).toContainText("step_changed");
  await row(page, `Subtask ${plan.subtask}`).click();
  await expect(refusal, "going elsewhere does not sweep it away").toBeVisible();
  await refusal.getByRole("button", { name: "Dismiss" }).click();
  await expect(refusal).toBeHidden();
  const [left] = await lab.sql("select status from public.steps where id = $1", [id]);
  expect(left).toEqual({ status: "failed" });
});

/** The rows of a plan's three steps. */
const stepsOf = (page: Page, { tag }: Plan) => ({
  bake: row(page, `Step 1: Bake ${tag}`),
  cool: row(page, `Step 2: Let cool ${tag}`),
  measure: row(page, `Step 3: Measure ${tag}`),
});

test("the keyboard walks, opens, closes, seeks and chooses", async ({ lab, openAs }) => {
  const plan = await makePlan(lab);
  const parentId = await addStep(lab, plan, "Bake");
  await addStep(lab, plan, "Let cool", { parentId });
  await addStep(lab, plan, "Measure");
  const page = await openAs("engineer", `/workflow?at=subtask-${plan.subtaskId}`);

  const { bake, cool, measure } = stepsOf(page, plan);

  await page.getByRole("button", { name: /^Failed/ }).focus();
  await page.keyboard.press("Tab");
  await expect(row(page, `Subtask ${plan.subtask}`), "Tab comes to what is chosen").toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(bake).toBeFocused();
  await expect(bake).toHaveAttribute("aria-expanded", "true");
  await expect(cool).toHaveAttribute("aria-level", "4");
  await page.keyboard.press("ArrowLeft");
  await expect(cool).toBeHidden();
  await page.keyboard.press("m");
  await expect(measure).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/at=step-\d+/);
  await expect(measure).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("region", { name: "Step 3" })).toBeVisible();
  await expect(measure, "choosing leaves the focus in the tree").toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(row(page, `Subtask ${plan.subtask}`)).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(measure).toBeHidden();
});

test("one status at a time, in the address", async ({ lab, openAs }) => {
  const plan = await makePlan(lab);
  const parentId = await addStep(lab, plan, "Bake", { status: "completed" });
  await addStep(lab, plan, "Let cool", { status: "failed", parentId });
  await addStep(lab, plan, "Measure");
  const page = await openAs("operator", "/workflow");
  const { bake, cool, measure } = stepsOf(page, plan);
  await page.getByRole("button", { name: /^Failed/ }).click();
  await expect(page).toHaveURL(/\?status=failed$/);
  await expect(cool).toBeVisible();
  await expect(bake, "leads to it").toBeVisible();
  await expect(measure).toBeHidden();
  await page.reload();
  await expect(cool).toBeVisible();
  await expect(measure).toBeHidden();
  await page.getByRole("button", { name: /^All/ }).click();
  await expect(measure).toBeVisible();
});

test("the page is sound for assistive technology, light and dark, on a phone and on a desk", async ({
  lab,
  openAs,
}) => {
  const plan = await makePlan(lab);
  const id = await addStep(lab, plan, "Bake", { status: "failed" });
  const page = await openAs("engineer", `/workflow?at=step-${id}`);
  await expectSound(page, "workflow", {
    also: () => expect(button(page, "Retry step")).toBeVisible(),
  });
});
