import type { Page } from "@playwright/test";

/**
 * What the server has drawn looks finished before it takes a press. On a page made so, going to an address of the site
 * and reloading end only when whatever can be pressed or typed into is in React's hands.
 */
export function awaitingScripts(page: Page, site: string): Page {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  const isOurs = () => page.url().startsWith(site);
  page.goto = async (...to) => {
    const answer = await goto(...to);
    if (isOurs()) await awake(page);
    return answer;
  };
  page.reload = async (...how) => {
    const answer = await reload(...how);
    if (isOurs()) await awake(page);
    return answer;
  };
  return page;
}

const AWAKE_WITHIN_MS = 30_000;

/** Resolves when the page that is shown takes presses. Its time must not be stopped. */
export async function awake(page: Page): Promise<void> {
  await page.waitForFunction(isHeld, undefined, { timeout: AWAKE_WITHIN_MS });
  // What listens by itself does so from an effect, after the frame that shows the page.
  await page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done))));
}

function isHeld(): boolean {
  const controls = [
    ...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea"),
  ];
  const hasProps = (control: Element) => Object.keys(control).some((key) => key.startsWith("__reactProps$"));
  return controls.length > 0 && controls.every(hasProps);
}
