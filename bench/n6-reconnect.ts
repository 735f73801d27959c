import { type Browser, chromium, type Page, type WebSocketRoute } from "@playwright/test";
import type { Benchmark, Context, Sample } from "#bench/benchmark.ts";
import { interleave } from "#bench/interleave.ts";
import { seenUpTo, startSampling } from "#bench/pixel-sampler.ts";
import { openStepSource, type StepSource } from "#bench/step-source.ts";
import { build } from "#scripts/build/build.ts";
import { type Site, startSite } from "#scripts/start/site.ts";
import { findBrowser } from "../e2e/browser.ts";
import { openLab } from "../e2e/lab.ts";

const MISSED = 600;
/** A page that has followed the run for this long is live. */
const IN_SYNC_SECONDS = 4;
const NOW_CARD = '[aria-label="Now"]';

type Scene = { site: Site; source: StepSource; browser: Browser };

/** N6: from the moment the network is back to the frame that shows what was missed. */
export const reconnect: Benchmark = {
  id: "N6",
  title: `reconnect with ${MISSED} steps missed → in sync`,
  goal: "≤ 500 ms, one render",
  reference: "reload",
  async run(context) {
    const scene = await openScene(context);
    return interleave(
      [
        {
          name: "feed reconnects",
          metrics: [
            { key: "in sync", unit: "ms", goal: 500 },
            { key: "renders", unit: "", goal: 1 },
          ],
          run: () => miss(scene, mendAndWatch),
        },
        {
          name: "page reloaded",
          isReference: true,
          metrics: [{ key: "in sync", unit: "ms" }],
          run: () => miss(scene, reload),
        },
      ],
      context,
    );
  },
};

async function openScene({ session, say }: Context): Promise<Scene> {
  say("  building the web app and starting a throw-away site");
  const built = await build({ signal: session.signal });
  if (!built.ok) throw new Error(`the web app could not be built:\n${built.output}`);
  const site = await startSite(session, { demo: false });
  const lab = openLab(site.stack);
  session.defer(() => lab.close());
  const browser = await chromium.launch(await findBrowser());
  session.defer(() => browser.close());
  return { site, source: await openStepSource(site.stack, lab), browser };
}

type Recover = (page: Page, network: Network, last: number) => Promise<Sample>;

/** A page in sync loses its network, the run goes on without it, and `recover` brings it back. */
async function miss(scene: Scene, recover: Recover): Promise<Sample> {
  const run = await scene.source.start();
  const page = await scene.browser.newPage();
  try {
    const network = await networkOf(page);
    await openMachine(scene, page);
    await page.locator(NOW_CARD).getByText("Step 1", { exact: false }).first().waitFor();
    await run.changeSteps(2, IN_SYNC_SECONDS);
    await network.cut();
    const last = await run.catchUp(MISSED);
    return await recover(page, network, last);
  } finally {
    await page.close();
    await run.end();
  }
}

const mendAndWatch: Recover = async (page, network, last) => {
  await startSampling(page, NOW_CARD);
  await page.evaluate(() => {
    window.addEventListener("online", () => {
      document.documentElement.dataset["onlineAt"] = String(Date.now());
    });
  });
  await network.mend();
  const seen = await seenUpTo(page, last);
  const online = await page.evaluate(() => Number(document.documentElement.dataset["onlineAt"]));
  const moments = seen.map(([, at]) => at);
  return { "in sync": Math.max(...moments) - online, renders: new Set(moments).size };
};

const reload: Recover = async (page, network, last) => {
  await network.mend();
  const began = Date.now();
  await page.reload({ waitUntil: "commit" });
  await page.waitForFunction(
    ({ where, wanted }) => {
      const text = document.querySelector(where)?.textContent ?? "";
      return Number(/Step ([\d,]+)/.exec(text)?.[1]?.replaceAll(",", "") ?? 0) >= wanted;
    },
    { where: NOW_CARD, wanted: last },
  );
  return { "in sync": Date.now() - began };
};

async function openMachine({ site, source }: Scene, page: Page): Promise<void> {
  const path = `/machines/${source.machine.id}`;
  await page.goto(`${site.address}/sign-in?next=${encodeURIComponent(path)}`);
  await page.getByLabel("Email").fill(source.operator.email);
  await page.getByLabel("Password").fill(source.operator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${site.address}${path}`);
}

type Network = { cut(): Promise<void>; mend(): Promise<void> };

/** The page's way to its servers. Cut, open sockets end and no request arrives; the browser says so to the page. */
async function networkOf(page: Page): Promise<Network> {
  let isCut = false;
  const open = new Set<WebSocketRoute>();
  await page.routeWebSocket(/\/realtime\//, async (socket) => {
    if (isCut) return socket.close({ code: 3001, reason: "no network" });
    socket.connectToServer();
    open.add(socket);
  });
  return {
    async cut() {
      isCut = true;
      await page.context().setOffline(true);
      for (const socket of open) await socket.close({ code: 3001, reason: "no network" });
      open.clear();
    },
    async mend() {
      isCut = false;
      await page.context().setOffline(false);
    },
  };
}
