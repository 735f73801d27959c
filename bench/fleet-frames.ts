import { setTimeout as delay } from "node:timers/promises";
import { type Browser, chromium, type Page } from "@playwright/test";
import type { Benchmark, Context, Metric, Sample, Subject } from "#bench/benchmark.ts";
import { type FeedRelay, openFeedRelay } from "#bench/feed-relay.ts";
import { watchFrames } from "#bench/frame-meter.ts";
import { interleave } from "#bench/interleave.ts";
import { makeRunningFleet, type RunningFleet } from "#bench/running-fleet.ts";
import { build } from "#scripts/build/build.ts";
import { startSite } from "#scripts/start/site.ts";
import { findBrowser } from "../e2e/browser.ts";

const MACHINES = 200;
const STEPS_PER_SECOND = 2;
/** A page that is young still compiles its code. */
const WARM_UP_MS = 3000;
const HEARD_WITHIN_MS = 1000;
const VIEWPORT = { width: 1920, height: 1080 };

type Scene = { browser: Browser; address: string; relay: FeedRelay; fleet: RunningFleet; seconds: number };

/** FLEET: whether the fleet page keeps its frames while every machine changes its step twice a second. */
export const fleetFrames: Benchmark = {
  id: "FLEET",
  title: `the fleet page with ${MACHINES} machines × ${STEPS_PER_SECOND} step changes/s and their controllers' heartbeats`,
  goal: "p95 of the time between two frames ≤ 16.7 ms",
  reference: "a bare page that hears the same changes and writes each into a line of text",
  async run(context) {
    const scene = await openScene(context);
    const metrics: Metric[] = [
      { key: "frame p95", unit: "ms", goal: 16.7 },
      { key: "late frames", unit: "%" },
      { key: "main thread busy", unit: "%" },
    ];
    const subjects: Subject[] = [
      { name: "fleet page", metrics, run: () => measure(scene, openFleetPage) },
      {
        name: "bare page",
        isReference: true,
        metrics: metrics.map(({ key, unit }) => ({ key, unit })),
        run: () => measure(scene, openBarePage),
      },
    ];
    return interleave(subjects, context);
  },
};

async function openScene({ session, isQuick, say }: Context): Promise<Scene> {
  say(`  building the web app, starting a throw-away site and a run on each of ${MACHINES} machines`);
  const built = await build({ signal: session.signal });
  if (!built.ok) throw new Error(`the web app could not be built:\n${built.output}`);
  const relays: FeedRelay[] = [];
  session.defer(async () => {
    for (const relay of relays) await relay.close();
  });
  const { address, stack } = await startSite(session, {
    demo: false,
    isDurable: true,
    // The browser is told the relay's address instead of the gateway's.
    front: async (apiUrl) => {
      const relay = await openFeedRelay(apiUrl);
      relays.push(relay);
      return relay.url;
    },
  });
  const [relay] = relays;
  if (!relay) throw new Error("the site was not put behind the relay");
  const fleet = await makeRunningFleet(stack, MACHINES);
  session.defer(() => fleet.close());
  const browser = await chromium.launch(await findBrowser());
  session.defer(() => browser.close());
  return { browser, address, relay, fleet, seconds: isQuick ? 5 : 15 };
}

type OpenPage = (scene: Scene, page: Page) => Promise<void>;

async function measure(scene: Scene, open: OpenPage): Promise<Sample> {
  const { browser, relay, fleet, seconds } = scene;
  const page = await browser.newPage({ baseURL: scene.address, viewport: VIEWPORT });
  const tables = ["process_execution_state", "machine_leases"] as const;
  const learnt = Promise.all(tables.map((table) => relay.learnt(table)));
  try {
    await open(scene, page);
    await changeUntil(fleet, learnt);
    const stop = fleet.play(STEPS_PER_SECOND, (table, record) => relay.tell(table, record));
    try {
      await page.waitForTimeout(WARM_UP_MS);
      const { p95, late, busy } = await watchFrames(page, seconds);
      return { "frame p95": p95, "late frames": late, "main thread busy": busy };
    } finally {
      await stop();
    }
  } finally {
    await page.close();
  }
}

/** A page that has only just asked may not hear the first one. */
async function changeUntil(fleet: RunningFleet, learnt: Promise<unknown>): Promise<void> {
  const isLearnt = learnt.then(() => true);
  do await fleet.changeForReal();
  while (!(await Promise.race([isLearnt, delay(HEARD_WITHIN_MS, false)])));
}

const openFleetPage: OpenPage = async ({ fleet }, page) => {
  await signIn(page, fleet.viewer);
  await page.getByRole("article").nth(MACHINES).waitFor({ state: "attached" });
};

/** The least a page can do with the same changes: no library, one line per machine. */
const openBarePage: OpenPage = async ({ fleet, relay }, page) => {
  await signIn(page, fleet.viewer);
  const token = await page.evaluate(
    async () => (await (await fetch("/session")).json()).accessToken as string,
  );
  // An answer that is no page of the product, and may speak with the relay all the same.
  await page.goto("/session");
  await page.evaluate(listenBarely, {
    url: `${relay.url.replace("http", "ws")}/realtime/v1/websocket?apikey=${fleet.publishableKey}&vsn=2.0.0`,
    token,
    runs: fleet.runIds,
  });
};

async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname === "/");
}

/** Runs in the page. Resolves when the server has confirmed the subscription. */
function listenBarely({ url, token, runs }: { url: string; token: string; runs: string[] }): Promise<void> {
  document.body.replaceChildren();
  const lines = new Map<string, HTMLElement>();
  for (const run of runs) {
    const line = document.body.appendChild(document.createElement("p"));
    lines.set(run, line);
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = new WebSocket(url);
  socket.onopen = () => {
    const tables = ["process_execution_state", "machine_leases"];
    const postgres_changes = tables.map((table) => ({ event: "*", schema: "public", table }));
    const payload = { access_token: token, config: { postgres_changes } };
    socket.send(JSON.stringify(["1", "1", "realtime:bare", "phx_join", payload]));
  };
  socket.onmessage = ({ data }) => {
    const [, , , event, payload] = JSON.parse(data);
    if (event === "system") resolve();
    if (event !== "postgres_changes") return;
    const { execution_id, current_overall_step } = payload.data.record;
    const line = lines.get(execution_id);
    if (line) line.textContent = `Step ${current_overall_step}`;
  };
  return promise;
}
