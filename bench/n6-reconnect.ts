import type { Page, WebSocketRoute } from "@playwright/test";
import type { Benchmark, Sample } from "#bench/benchmark.ts";
import { interleave } from "#bench/interleave.ts";
import { seenUpTo, startSampling } from "#bench/pixel-sampler.ts";
import { NOW_CARD, openMachinePage, openSiteScene, type SiteScene } from "#bench/site-scene.ts";

const MISSED = 600;
/** A page that has followed the run for this long is live. */
const IN_SYNC_SECONDS = 4;

/** N6: from the moment the network is back to the frame that shows what was missed. */
export const reconnect: Benchmark = {
  id: "N6",
  title: `reconnect with ${MISSED} steps missed → in sync`,
  goal: "≤ 500 ms, one render",
  reference: "reload",
  async run(context) {
    const scene = await openSiteScene(context);
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

type Recover = (page: Page, network: Network, last: number) => Promise<Sample>;

/** A page in sync loses its network, the run goes on without it, and `recover` brings it back. */
async function miss(scene: SiteScene, recover: Recover): Promise<Sample> {
  const run = await scene.source.start();
  const page = await scene.browser.newPage();
  try {
    const network = await networkOf(page);
    await openMachinePage(scene, page);
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
