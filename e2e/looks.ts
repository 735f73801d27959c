import { expect, type Page } from "@playwright/test";

const HEIGHT = 900;
const WIDTHS = [360, 1440];
const SCHEMES = ["light", "dark"] as const;

/** Turns a page from one look to the next, light and dark, narrow and wide, and checks it in each once it is drawn so. */
export async function inEveryLook(page: Page, check: (look: string) => Promise<void>): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      await expect(page.locator("html")).toHaveCSS("color-scheme", colorScheme);
      await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
      // A colour on its way from one scheme to the other is the contrast of neither.
      await expect.poll(() => page.evaluate(changing), { message: "colours have changed" }).toBe(0);
      await check(`${colorScheme}, ${width} px`);
    }
  }
}

const changing = (): number =>
  document.getAnimations().filter((each) => each instanceof CSSTransition && each.playState === "running")
    .length;

/** How far a page can be scrolled sideways, in pixels; nothing should be. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
