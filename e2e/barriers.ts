import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/**
 * What keeps somebody out of a page, by axe: each rule that is broken, and the elements that break it. `except` leaves
 * rules out. Only violations are worked out, and in the page itself: nothing here stands in a frame of another site, for
 * which alone axe would need a page of its own.
 */
export async function barriers(page: Page, except: string[] = []): Promise<[string, string[]][]> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .disableRules(except)
    .setLegacyMode()
    .analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
