import { type Browser, chromium, type Page } from "@playwright/test";
import type { Context } from "#bench/benchmark.ts";
import { openStepSource, type StepSource } from "#bench/step-source.ts";
import { build } from "#scripts/build/build.ts";
import { type Site, startSite } from "#scripts/start/site.ts";
import { findBrowser } from "../e2e/browser.ts";
import { openLab } from "../e2e/lab.ts";

/** A product of the benchmark's own, a machine whose steps the benchmark changes, and a browser to watch it. */
export type SiteScene = { site: Site; source: StepSource; browser: Browser };

export async function openSiteScene({ session, say }: Context): Promise<SiteScene> {
  say("  building the web app and starting a throw-away site");
  const built = await build({ signal: session.signal });
  if (!built.ok) throw new Error(`the web app could not be built:\n${built.output}`);
  const site = await startSite(session, { demo: false, isDurable: true });
  const lab = openLab(site.stack);
  session.defer(() => lab.close());
  const browser = await chromium.launch(await findBrowser());
  session.defer(() => browser.close());
  return { site, source: await openStepSource(site.stack, lab), browser };
}

/** Signs the machine's operator in and ends on its page. */
export async function openMachinePage({ site, source }: SiteScene, page: Page): Promise<void> {
  const path = `/machines/${source.machine.id}`;
  await page.goto(`${site.address}/sign-in?next=${encodeURIComponent(path)}`);
  await page.getByLabel("Email").fill(source.operator.email);
  await page.getByLabel("Password").fill(source.operator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${site.address}${path}`);
}

/** Where the machine page names the step that is on. */
export const NOW_CARD = '[aria-label="Now"]';
