import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

type Search = {
  /** Rules that do not hold here. */
  except?: string[];
  /** Colours are all that can have changed since the page was searched whole. */
  onlyColours?: boolean;
};

/**
 * What keeps somebody out of a page, by axe: each rule that is broken, and the elements that break it. Only violations
 * are worked out, and in the page itself: nothing here stands in a frame of another site, for which alone axe would need
 * a page of its own.
 */
export async function barriers(
  page: Page,
  { except = [], onlyColours = false }: Search = {},
): Promise<[string, string[]][]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode();
  const { violations } = await (onlyColours ? axe.withRules(["color-contrast"]) : axe.disableRules(except)).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
