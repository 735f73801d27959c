import { expect, type Page } from "@playwright/test";
import { barriers, type Search } from "./barriers.ts";

const HEIGHT = 900;

type Look = { colorScheme: "light" | "dark"; width: number; search: Search | null };

/**
 * Colours do not depend on how wide a page is, nor what it is made of on its colours: each scheme is searched for what
 * cannot be read at one width, each width for everything else in one scheme.
 */
const LOOKS: readonly Look[] = [
  { colorScheme: "light", width: 360, search: "structure" },
  { colorScheme: "light", width: 1440, search: "all" },
  { colorScheme: "dark", width: 1440, search: null },
  { colorScheme: "dark", width: 360, search: "colours" },
];

/** Turns a page from one look to the next, light and dark, narrow and wide, and checks it in each once it is drawn so. */
async function inEveryLook(
  page: Page,
  check: (look: string, search: Search | null) => Promise<void>,
): Promise<void> {
  for (const { colorScheme, width, search } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: HEIGHT });
    await expect(page.locator("html")).toHaveCSS("color-scheme", colorScheme);
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
    // A colour on its way from one scheme to the other is the contrast of neither.
    await expect.poll(() => page.evaluate(changing), { message: "colours have changed" }).toBe(0);
    await check(`${colorScheme}, ${width} px`, search);
  }
}

type More = {
  /** Rules of axe that do not hold here. */
  except?: string[];
  /** What else is to be seen to in each look, first of all. */
  also?: (look: string) => Promise<void>;
};

/** In every look nothing of a page keeps anybody out, and nothing scrolls sideways. `state` says what is looked at. */
export const expectSound = (page: Page, state: string, { except = [], also }: More = {}): Promise<void> =>
  inEveryLook(page, async (look, search) => {
    await also?.(look);
    if (search !== null) expect(await barriers(page, search, except), `${state}: ${look}`).toEqual([]);
    // A chart learns its new width a moment after the page.
    await expect
      .poll(() => sidewaysScroll(page), { message: `${state}: ${look} does not scroll sideways` })
      .toBeLessThanOrEqual(0);
  });

const changing = (): number =>
  document.getAnimations().filter((each) => each instanceof CSSTransition && each.playState === "running")
    .length;

/** How far a page can be scrolled sideways, in pixels; nothing should be. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
