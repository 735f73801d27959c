import { expect, type Page } from "@playwright/test";

/** Shorter than what a page takes for sleep; the periods in which pages read again are some of these. */
const STEP_MS = 5_000;
/** What was not the time's to show, but is still on its way. */
const SHOWN_WITHIN_MS = 30_000;

/** For an expectation that is tried again after the next step. */
export const SOON = { timeout: 1_000 };

/** Lets the time of a page, whose clock is installed, go on in steps until it shows what it reads now and then. */
export async function shownLater(page: Page, isShown: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.clock.runFor(STEP_MS);
    await isShown();
  }).toPass({ timeout: SHOWN_WITHIN_MS });
}
