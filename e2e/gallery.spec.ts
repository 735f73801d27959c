import { barriers } from "./barriers.ts";
import { expect, test } from "./fixtures.ts";
import { inEveryLook, sidewaysScroll } from "./looks.ts";

// The gallery: for people who change components, and a place where every state is looked at for barriers at once.

/** Many of the same stand side by side here, as nowhere else. */
const ONLY_HERE = ["landmark-unique", "page-has-heading-one"];

test("the states of components, without a barrier, light and dark, on a phone and on a desk", async ({
  openAs,
}) => {
  const page = await openAs("viewer", "/gallery");
  await expect(page.getByRole("heading", { level: 2 })).not.toHaveCount(0);
  await inEveryLook(page, async (look) => {
    expect(await barriers(page, ONLY_HERE), look).toEqual([]);
    expect(await sidewaysScroll(page), look).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `test-results/screens/gallery-${look}.png`, fullPage: true });
  });
});
