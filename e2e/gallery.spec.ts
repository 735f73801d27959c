import { expect, test } from "./fixtures.ts";
import { expectSound } from "./looks.ts";

// The gallery: for people who change components, and a place where every state is looked at for barriers at once.

/** Many of the same stand side by side here, as nowhere else. */
const ONLY_HERE = ["landmark-unique", "page-has-heading-one"];

test("the states of components, without a barrier, light and dark, on a phone and on a desk", async ({
  openAs,
}) => {
  const page = await openAs("viewer", "/gallery");
  await expect(page.getByRole("heading", { level: 2 })).not.toHaveCount(0);
  await expectSound(page, "gallery", {
    except: ONLY_HERE,
    also: async (look) => {
      await page.screenshot({ path: `test-results/screens/gallery-${look}.png`, fullPage: true });
    },
  });
});
