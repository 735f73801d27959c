import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import type { Lab, Machine, Recipe, Step } from "./lab.ts";

// What people do at a machine's page, in the words of the page.

/** Long enough that nothing ends by itself; a pulse, a purge in which "end of cycle" can be waited for. */
const LONG: Step[] = [
  {
    loop: 400,
    name: "Layer",
    steps: [
      { pulse: 1, ms: 100, name: "TMA pulse" },
      { purge: 3000, name: "TMA purge" },
    ],
  },
];

export const status = (page: Page): Locator => page.getByRole("status", { name: "Machine status" });
export const outcome = (page: Page): Locator => page.getByRole("status", { name: "Run outcome" });
export const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
export const path = (machine: Machine): string => `/machines/${machine.id}`;

export type Bench = { machine: Machine; recipe: Recipe };

export async function prepare(lab: Lab, steps: Step[] = LONG): Promise<Bench> {
  const [machine, recipe] = await Promise.all([lab.machine(), lab.recipe(steps)]);
  await lab.served(machine);
  return { machine, recipe };
}

/** From the machine's page, or the one that prepares a start, as far as the last press. */
export async function reviewStart(page: Page, recipe: Recipe): Promise<Locator> {
  if (!page.url().includes("/start")) await page.getByRole("link", { name: "Start run" }).click();
  await page.getByRole("radio", { name: recipe.name }).check();
  await expect(page.getByLabel("Plan", { exact: true })).toContainText(recipe.name);
  await button(page, "Review start").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(recipe.name);
  return dialog;
}

/** Starts a run and comes back to the machine's page. */
export async function start(page: Page, { machine, recipe }: Bench): Promise<void> {
  const dialog = await reviewStart(page, recipe);
  await armed(dialog, "Request start").click();
  await page.waitForURL((url) => url.pathname === path(machine));
}

/** Presses Stop and confirms; `then` tells whether the question goes away, as it does once there is an answer. */
export async function requestStop(
  page: Page,
  then: "closes" | "stays open" = "closes",
  mode = "Now, with safe end",
): Promise<Locator> {
  await button(page, "Stop run").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(mode).click();
  await armed(dialog, "Request stop").click();
  if (then === "closes") await expect(dialog).toBeHidden();
  return dialog;
}

/** A confirming button once it takes presses. */
export const armed = (dialog: Locator, name: string): Locator =>
  dialog.locator("button:not([aria-disabled])", { hasText: name });

export const activeRuns = (lab: Lab, machine: Machine) =>
  lab.sql(
    "select id from public.process_executions where machine_id = $1 and status in ('preparing', 'running', 'paused')",
    [machine.id],
  );
