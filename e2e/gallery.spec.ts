import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures.ts";

// The gallery: for people who change components, and a place where every state is looked at for barriers at once.

/** Many of the same stand side by side here, as nowhere else. */
const ONLY_HERE = ["landmark-unique", "page-has-heading-one"];

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [360, 1440]) {
    test(`the states of components, without a barrier: ${colorScheme}, ${width} px`, async ({ openAs }) => {
      const page = await openAs("viewer", "/gallery", { colorScheme, viewport: { width, height: 900 } });
      await expect(page.getByRole("heading", { level: 2 })).not.toHaveCount(0);
      const { violations } = await new AxeBuilder({ page }).disableRules(ONLY_HERE).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await page.screenshot({
        path: `test-results/screens/gallery-${colorScheme}-${width}.png`,
        fullPage: true,
      });
    });
  }
}
