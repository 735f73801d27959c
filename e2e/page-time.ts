import { expect, type Page } from "@playwright/test";

/** So short that what the page asks for in between is answered, and shorter than what it takes for sleep. */
const STEP_MS = 250;
/** The periods in which pages read again are some of these. */
const TRIED_EVERY_MS = 5_000;
/** What was not the time's to show, but is still on its way. */
const SHOWN_WITHIN_MS = 30_000;

/** For an expectation that is tried again after some more time. */
export const SOON = { timeout: 400 };

/** Lets the time of a page, whose clock is installed, go on by this much, so that what it does in between happens. */
export async function pass(page: Page, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) await page.clock.runFor(STEP_MS);
}

/** Lets the time of a page, whose clock is installed, go on until it shows what it reads now and then. */
export async function shownLater(page: Page, isShown: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await pass(page, TRIED_EVERY_MS);
    await isShown();
  }).toPass({ timeout: SHOWN_WITHIN_MS, intervals: [0] });
}
