import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "@playwright/test";
import type { Benchmark, Sample, Subject } from "#bench/benchmark.ts";
import { interleave } from "#bench/interleave.ts";
import { seenUpTo, startSampling } from "#bench/pixel-sampler.ts";
import { signInToken } from "#bench/rest-api.ts";
import { NOW_CARD, openMachinePage, openSiteScene, type SiteScene } from "#bench/site-scene.ts";
import { quantile } from "#bench/statistics.ts";
import type { Run } from "#bench/step-source.ts";
import { PARENT_WATCH, ROOT } from "#scripts/paths.ts";

const STEPS_PER_SECOND = 20;
const MORE_VIEWERS = 20;
const POLL_MS = 1000;
/** Charts are fetched and code is compiled while a page is young; what counts is a page that somebody watches. */
const WARM_UP_SECONDS = 3;

type Scene = SiteScene & { seconds: number };

/** N1: from the moment the database writes a step change to the frame of a real browser that shows it. */
export const commitToPixels: Benchmark = {
  id: "N1",
  title: `database commit → pixels changed in Chromium, ${STEPS_PER_SECOND} step changes/s`,
  goal: "p50 ≤ 33 ms, p99 ≤ 100 ms; with 20 more viewers p99 ≤ 150 ms",
  reference: "a bare page that asks PostgREST each second",
  async run(context) {
    const scene = { ...(await openSiteScene(context)), seconds: context.isQuick ? 5 : 20 };
    const feed = (name: string, viewers: number, p50: number | undefined, p99: number): Subject => ({
      name,
      metrics: [
        { key: "p50", unit: "ms", ...(p50 !== undefined && { goal: p50 }) },
        { key: "p99", unit: "ms", goal: p99 },
      ],
      run: () => measure(scene, viewers, openFeedPage),
    });
    const polling: Subject = {
      name: "polling each second",
      isReference: true,
      metrics: [
        { key: "p50", unit: "ms" },
        { key: "p99", unit: "ms" },
      ],
      run: () => measure(scene, 0, openPollingPage),
    };
    return interleave(
      [
        feed("machine page", 0, 33, 100),
        feed(`machine page, ${MORE_VIEWERS} more viewers`, MORE_VIEWERS, undefined, 150),
        polling,
      ],
      context,
    );
  },
};

type OpenPage = (scene: Scene, page: Page, run: Run) => Promise<{ marker: string }>;

async function measure(scene: Scene, viewers: number, open: OpenPage): Promise<Sample> {
  const run = await scene.source.start();
  const others = viewers > 0 ? await openViewers(scene, run, viewers) : undefined;
  const page = await scene.browser.newPage();
  try {
    const { marker } = await open(scene, page, run);
    await page.locator(marker).getByText("Step 1", { exact: false }).first().waitFor();
    await run.changeSteps(STEPS_PER_SECOND, WARM_UP_SECONDS);
    await startSampling(page, marker);
    const last = await run.changeSteps(STEPS_PER_SECOND, scene.seconds);
    const seen = await seenUpTo(page, last);
    const written = await run.writtenAt();
    const latencies = seen.map(([seq, at]) => at - (written.get(seq) ?? Number.NaN));
    return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), steps: latencies.length };
  } finally {
    await page.close();
    await others?.();
    await run.end();
  }
}

const openFeedPage: OpenPage = async (scene, page) => {
  await openMachinePage(scene, page);
  return { marker: NOW_CARD };
};

/** The least a page can do without a feed: ask for one number, write it down. */
const openPollingPage: OpenPage = async ({ site, source }, page, run) => {
  const { apiUrl, publishableKey } = site.stack;
  const token = await signInToken(site.stack, source.operator.email, source.operator.password);
  // An answer without scripts: a page of the app would draw itself over the marker when it comes to life.
  await page.goto(`${site.address}/session`);
  await page.evaluate(
    ({ url, key, bearer, everyMs }) => {
      document.body.innerHTML = '<p id="marker"></p>';
      const ask = async (): Promise<void> => {
        const answer = await fetch(url, { headers: { apikey: key, authorization: `Bearer ${bearer}` } });
        const [row] = (await answer.json()) as { last_seq: number }[];
        const marker = document.getElementById("marker");
        if (marker) marker.textContent = `Step ${row?.last_seq}`;
      };
      void ask();
      setInterval(() => void ask(), everyMs);
    },
    {
      url: `${apiUrl}/rest/v1/process_executions?select=last_seq&id=eq.${run.id}`,
      key: publishableKey,
      bearer: token,
      everyMs: POLL_MS,
    },
  );
  return { marker: "#marker" };
};

async function openViewers({ site, source }: Scene, run: Run, count: number): Promise<() => Promise<void>> {
  const { apiUrl, publishableKey } = site.stack;
  const token = await signInToken(site.stack, source.operator.email, source.operator.password);
  const args = [
    join(ROOT, "bench/viewers.ts"),
    apiUrl,
    publishableKey,
    token,
    source.machine.id,
    run.id,
    String(count),
  ];
  const child = spawn(process.execPath, ["--import", pathToFileURL(PARENT_WATCH).href, ...args], {
    env: { ...process.env, PULSEBOARD_WATCHED_BY: String(process.pid) },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const ready = once(child.stdout ?? child, "data");
  const first = await Promise.race([ready.then(() => "ready"), ended.then(([code]) => `ended with ${code}`)]);
  if (first !== "ready") throw new Error(`The viewers ${first}.`);
  return async () => {
    child.kill("SIGTERM");
    await ended;
  };
}
