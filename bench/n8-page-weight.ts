import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import type { Benchmark, Context, Metric, Sample, Subject } from "#bench/benchmark.ts";
import { interleave } from "#bench/interleave.ts";
import { build } from "#scripts/build/build.ts";
import { type Site, startSite } from "#scripts/start/site.ts";
import { findBrowser } from "../e2e/browser.ts";

/** How a page comes over: bits down and up per second, ms there and back, and how many times slower the processor is. */
type Link = { name: string; downBits: number; upBits: number; roundTripMs: number; cpuSlowdown: number };

/** As Lighthouse defines its desktop and its phone. */
const OFFICE: Link = { name: "office", downBits: 10e6, upBits: 10e6, roundTripMs: 40, cpuSlowdown: 1 };
const PHONE: Link = { name: "phone", downBits: 1.6e6, upBits: 0.75e6, roundTripMs: 150, cpuSlowdown: 4 };

/** The last paint that counts comes well within this after the page has fallen silent. */
const SETTLE_MS = 1000;
const GOAL_KB = 250;
const GOAL_LCP_S = 1.5;

type Scene = { site: Site; browser: Browser; session: string; machinePath: string };

/** N8: what a browser with an empty cache is sent before anybody touches the live page, and when its largest part is drawn. */
export const pageWeight: Benchmark = {
  id: "N8",
  title: "script shipped to the live page before interaction (gzip), and its largest contentful paint",
  goal: `≤ ${GOAL_KB} KB and ≤ ${GOAL_LCP_S} s over an office network (10 Mbit/s, 40 ms); phone: 1.6 Mbit/s, 150 ms, processor 4 × slower`,
  reference: "the sign-in page, which holds the framework and little else",
  async run(context) {
    const scene = await openScene(context);
    const kilobytes = (goal?: number): Metric => ({
      key: "script",
      unit: "KB",
      ...(goal !== undefined && { goal }),
    });
    const paint = (goal?: number): Metric => ({ key: "LCP", unit: "s", ...(goal !== undefined && { goal }) });
    const subjects: Subject[] = [
      {
        name: "machine page, office",
        metrics: [kilobytes(GOAL_KB), paint(GOAL_LCP_S)],
        run: () => measure(scene, scene.machinePath, OFFICE),
      },
      {
        name: "machine page, phone",
        metrics: [paint()],
        run: () => measure(scene, scene.machinePath, PHONE),
      },
      {
        name: "sign-in page, office",
        isReference: true,
        metrics: [kilobytes(), paint()],
        run: () => measure(scene, "/sign-in", OFFICE),
      },
    ];
    return interleave(subjects, context);
  },
};

async function openScene({ session, say }: Context): Promise<Scene> {
  say("  building the web app and starting a throw-away site with two running depositions");
  const built = await build({ signal: session.signal });
  if (!built.ok) throw new Error(`the web app could not be built:\n${built.output}`);
  const site = await startSite(session, { demo: true, isDurable: true });
  const browser = await chromium.launch(await findBrowser());
  session.defer(() => browser.close());
  return { site, browser, ...(await signInOnce(site, browser)) };
}

/** A session to begin every measurement with, and the page of a machine on which a deposition runs. */
async function signInOnce(site: Site, browser: Browser): Promise<{ session: string; machinePath: string }> {
  const page = await browser.newPage({ baseURL: site.address });
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill("operator@pulseboard.local");
  await page.getByLabel("Password").fill("pulseboard");
  await page.getByRole("button", { name: "Sign in" }).click();
  const running = page.getByRole("article", { name: "ALD-01", exact: true });
  await running.getByText(/\/ \d+ cycles/).waitFor();
  const machinePath = await running.getByRole("link", { name: "ALD-01", exact: true }).getAttribute("href");
  if (machinePath === null) throw new Error("The fleet does not link to ALD-01.");
  const session = JSON.stringify(await page.context().storageState());
  await page.context().close();
  return { session, machinePath };
}

async function measure({ site, browser, session }: Scene, path: string, link: Link): Promise<Sample> {
  const context = await browser.newContext({
    baseURL: site.address,
    ...(path !== "/sign-in" && { storageState: JSON.parse(session) }),
  });
  try {
    const page = await context.newPage();
    await slowDown(context, page, link);
    await page.goto(path);
    await page.getByRole("main").waitFor();
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(SETTLE_MS);
    return await page.evaluate(readWeight);
  } finally {
    await context.close();
  }
}

async function slowDown(context: BrowserContext, page: Page, link: Link): Promise<void> {
  const wire = await context.newCDPSession(page);
  await wire.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: link.roundTripMs,
    downloadThroughput: link.downBits / 8,
    uploadThroughput: link.upBits / 8,
  });
  await wire.send("Emulation.setCPUThrottlingRate", { rate: link.cpuSlowdown });
}

/** Runs in the page: kilobytes of script as they came over the wire, and seconds to the largest paint. */
async function readWeight(): Promise<Sample> {
  const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const scripts = loaded.filter(({ name }) => new URL(name).pathname.endsWith(".js"));
  const bytes = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  const largest = await new Promise<number>((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
      type: "largest-contentful-paint",
      buffered: true,
    });
  });
  return { script: bytes / 1000, LCP: largest / 1000 };
}
