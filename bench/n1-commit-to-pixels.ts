import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import type { Benchmark, Context, Sample, Subject } from "#bench/benchmark.ts";
import { interleave } from "#bench/interleave.ts";
import { seenUpTo, startSampling } from "#bench/pixel-sampler.ts";
import { signInToken } from "#bench/rest-api.ts";
import { quantile } from "#bench/statistics.ts";
import { openStepSource, type Run, type StepSource } from "#bench/step-source.ts";
import { build } from "#scripts/build/build.ts";
import { PARENT_WATCH, ROOT } from "#scripts/paths.ts";
import { type Site, startSite } from "#scripts/start/site.ts";
import { findBrowser } from "../e2e/browser.ts";
import { openLab } from "../e2e/lab.ts";

const STEPS_PER_SECOND = 20;
const MORE_VIEWERS = 20;
const POLL_MS = 1000;
/** Charts are fetched and code is compiled while a page is young; what counts is a page that somebody watches. */
const WARM_UP_SECONDS = 3;

type Scene = { site: Site; source: StepSource; browser: Browser; seconds: number };

/** N1: from the moment the database writes a step change to the frame of a real browser that shows it. */
export const commitToPixels: Benchmark = {
  id: "N1",
  title: `database commit → pixels changed in Chromium, ${STEPS_PER_SECOND} step changes/s`,
  goal: "p50 ≤ 33 ms, p99 ≤ 100 ms; with 20 more viewers p99 ≤ 150 ms",
  reference: "a bare page that asks PostgREST each second",
  async run(context) {
    const scene = await openScene(context);
    const feed = (name: string, viewers: number, p50: number | undefined, p99: number): Subject => ({
      name,
      metrics: [
        { key: "p50", unit: "ms", ...(p50 !== undefined && { goal: p50 }) },
        { key: "p99", unit: "ms", goal: p99 },
      ],
      run: () => measure(scene, viewers, openMachinePage),
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

async function openScene({ session, isQuick, say }: Context): Promise<Scene> {
  say("  building the web app and starting a throw-away site");
  const built = await build({ signal: session.signal });
  if (!built.ok) throw new Error(`the web app could not be built:\n${built.output}`);
  const site = await startSite(session, { demo: false });
  const lab = openLab(site.stack);
  session.defer(() => lab.close());
  const browser = await chromium.launch(await findBrowser());
  session.defer(() => browser.close());
  return { site, source: await openStepSource(site.stack, lab), browser, seconds: isQuick ? 5 : 20 };
}

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

const openMachinePage: OpenPage = async ({ site, source }, page) => {
  const path = `/machines/${source.machine.id}`;
  await page.goto(`${site.address}/sign-in?next=${encodeURIComponent(path)}`);
  await page.getByLabel("Email").fill(source.operator.email);
  await page.getByLabel("Password").fill(source.operator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${site.address}${path}`);
  return { marker: '[aria-label="Now"]' };
};

/** The least a page can do without a feed: ask for one number, write it down. */
const openPollingPage: OpenPage = async ({ site, source }, page, run) => {
  const { apiUrl, publishableKey } = site.stack;
  const token = await signInToken(site.stack, source.operator.email, source.operator.password);
  await page.goto(`${site.address}/sign-in`);
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
