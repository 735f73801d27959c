import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What is searched for: `colours` what cannot be told from its ground, `structure` everything else. */
export type Search = "all" | "colours" | "structure";

/**
 * What keeps somebody out of a page, by axe: each rule that is broken, and the elements that break it. `except` leaves
 * rules out. Only violations are worked out, and in the page itself: nothing here stands in a frame of another site, for
 * which alone axe would need a page of its own.
 */
export async function barriers(
  page: Page,
  search: Search = "all",
  except: string[] = [],
): Promise<[string, string[]][]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode();
  const isWithout = search === "structure" ? [...except, COLOURS] : except;
  const { violations } = await (search === "colours"
    ? axe.withRules(COLOURS)
    : axe.disableRules(isWithout)
  ).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

/** Takes axe most of its time. */
const COLOURS = "color-contrast";
