import type { Page } from "@playwright/test";
import type { Benchmark, Metric, Row, Sample, Subject } from "#bench/benchmark.ts";
import { watchFrames } from "#bench/frame-meter.ts";
import { heldMemory, hoverCost, watchGestures } from "#bench/gesture-meter.ts";
import { interleave } from "#bench/interleave.ts";
import type { LongRun } from "#bench/long-run.ts";
import { fromPressToPaint } from "#bench/n3-open-a-run.ts";
import type { PeerPage } from "#bench/peers/page.ts";
import { LIVE_STEPS, openTimelineScene, type TimelineScene } from "#bench/timeline-scene.ts";
import { type Credentials, enter } from "../e2e/session.ts";

/** Beyond this the other charts take minutes for a picture; beyond this one, seconds for a movement of the hand. */
const PEERS_DRAWN_UP_TO = 100_000;
const PEERS_MOVED_UP_TO = 1_000;
const STEPS_PER_SECOND = 20;
const SHOWN_MS = 60_000;
const VIEWPORT = { width: 1280, height: 800 };
const PEERS = [
  ["canvas", "bare canvas"],
  ["echarts", "ECharts"],
  ["recharts", "Recharts"],
  ["vis", "vis-timeline"],
] as const;
type PeerKey = (typeof PEERS)[number][0];

const DRAWN: Metric[] = [
  { key: "paint", unit: "ms" },
  { key: "frame p95", unit: "ms", goal: 16.9 },
  { key: "hover", unit: "ms", goal: 2 },
  { key: "heap", unit: "MB", goal: 60 },
];
const APPENDED: Metric[] = [{ key: "main thread busy", unit: "%" }];
/** Ours against the bare canvas. */
const PAINT_GOAL = 1.5;
const APPEND_GOAL = 2;

/** N2: the timeline of a run, from data that is in the page to pixels, and under the hand, beside what others draw with. */
export const timeline: Benchmark = {
  id: "N2",
  title:
    "the timeline of a run: data in page to painted, zoomed and dragged, pointed at, growing by 20 steps/s",
  goal: "paint ≤ 1.5 × a bare canvas; frames p95 ≤ 16.9 ms; hover ≤ 2 ms; heap ≤ 60 MB; growing: busy ≤ 2 × a bare canvas",
  reference: "a bare canvas that bins steps per pixel; ECharts, Recharts and vis-timeline on the same steps",
  async run(context) {
    const scene = await openTimelineScene(context);
    const rows = await interleave(
      scene.runs.flatMap((run) => [
        ours(run, scene),
        ...PEERS.filter(
          ([key]) =>
            key === "canvas" || run.steps <= (context.isQuick ? PEERS_MOVED_UP_TO : PEERS_DRAWN_UP_TO),
        ).map((peer) => theirs(peer, run.steps, scene)),
      ]),
      context,
    );
    const grown = await interleave(
      [growing(scene), ...PEERS.map((peer) => theirsGrowing(peer, scene))],
      context,
    );
    return [
      ...rows,
      ...scene.runs.map(({ steps }) => ratio(rows, "paint", steps, PAINT_GOAL)),
      ...grown,
      ratio(grown, "main thread busy", LIVE_STEPS, APPEND_GOAL),
    ];
  },
};

const named = (name: string, steps: number): string =>
  `${name}, ${steps.toLocaleString("en").replaceAll(",", " ")} steps`;
const OURS = "this timeline";
const LIMIT = PEERS[0][1];

async function inPage(
  { browser }: TimelineScene,
  address: string,
  measure: (page: Page) => Promise<Sample>,
  person?: Credentials,
): Promise<Sample> {
  const visit = await browser.newContext({ baseURL: address, viewport: VIEWPORT });
  try {
    if (person) await enter(visit, address, person);
    return await measure(await visit.newPage());
  } finally {
    await visit.close();
  }
}

const TIMELINE = "canvas[aria-label^='Timeline of']";

function ours(run: LongRun, scene: TimelineScene): Subject {
  const measure = async (page: Page): Promise<Sample> => {
    await page.goto(`/runs/${run.runId}`);
    const chart = page.locator(TIMELINE);
    await chart.waitFor();
    await page.waitForLoadState("networkidle");
    // Away and back: what it draws from is in the page by then.
    await page.getByRole("tab", { name: "Steps" }).click();
    await chart.waitFor({ state: "detached" });
    await page.waitForLoadState("networkidle");
    const painted = page.evaluate(fromPressToPaint, "pointerdown" as const);
    await page.getByRole("tab", { name: "Timeline" }).click();
    const paint = await painted;
    const heap = await heldMemory(page);
    const hover = await hoverCost(page, chart);
    const { p95 } = await watchGestures(page, chart, scene.seconds);
    return { paint, heap, hover, "frame p95": p95 };
  };
  return {
    name: named(OURS, run.steps),
    metrics: DRAWN,
    run: () => inPage(scene, scene.address, measure, scene.person),
  };
}

const withoutGoals = (metrics: Metric[]): Metric[] => metrics.map(({ key, unit }) => ({ key, unit }));

type PeerWindow = typeof globalThis & { peerPage: PeerPage };

async function openPeer(page: Page, chart: PeerKey, steps: number): Promise<number> {
  await page.goto(`/chart?chart=${chart}&steps=${steps}`);
  await page.evaluate(() => (globalThis as PeerWindow).peerPage.ready);
  return page.evaluate(() => (globalThis as PeerWindow).peerPage.draw());
}

function theirs([chart, name]: (typeof PEERS)[number], steps: number, scene: TimelineScene): Subject {
  const isMoved = chart === "canvas" || steps <= PEERS_MOVED_UP_TO;
  const measure = async (page: Page): Promise<Sample> => {
    const paint = await openPeer(page, chart, steps);
    const heap = await heldMemory(page);
    if (!isMoved) return { paint, heap };
    const box = page.locator("#chart");
    const hover = await hoverCost(page, box);
    const { p95 } = await watchGestures(page, box, scene.seconds);
    return { paint, heap, hover, "frame p95": p95 };
  };
  return {
    name: named(name, steps),
    isReference: true,
    metrics: withoutGoals(DRAWN.filter(({ key }) => isMoved || key === "paint" || key === "heap")),
    run: () => inPage(scene, scene.peers, measure),
  };
}

function growing(scene: TimelineScene): Subject {
  const measure = async (page: Page): Promise<Sample> => {
    await page.goto(`/runs/${scene.live.id}?span=${SHOWN_MS}`);
    await page.locator(TIMELINE).waitFor();
    await page.waitForLoadState("networkidle");
    const [{ busy }] = await Promise.all([
      watchFrames(page, scene.seconds),
      scene.live.changeSteps(STEPS_PER_SECOND, scene.seconds),
    ]);
    return { "main thread busy": busy };
  };
  return {
    name: named(OURS, LIVE_STEPS),
    metrics: APPENDED,
    run: () => inPage(scene, scene.address, measure, scene.person),
  };
}

function theirsGrowing([chart, name]: (typeof PEERS)[number], scene: TimelineScene): Subject {
  const steps = chart === "canvas" ? LIVE_STEPS : PEERS_MOVED_UP_TO;
  const measure = async (page: Page): Promise<Sample> => {
    await openPeer(page, chart, steps);
    const pace = [STEPS_PER_SECOND, scene.seconds] as const;
    const added = page.evaluate(
      ([perSecond, seconds]) => (globalThis as PeerWindow).peerPage.append(perSecond, seconds),
      pace,
    );
    const { busy } = await watchFrames(page, scene.seconds);
    await added;
    return { "main thread busy": busy };
  };
  return {
    name: named(name, steps),
    isReference: true,
    metrics: withoutGoals(APPENDED),
    run: () => inPage(scene, scene.peers, measure),
  };
}

/** Ours ÷ the bare canvas, run by run. */
function ratio(rows: readonly Row[], metric: string, steps: number, goal: number): Row {
  const rawOf = (name: string) =>
    rows.find((row) => row.subject === named(name, steps) && row.metric === metric)?.raw ?? [];
  const limit = rawOf(LIMIT);
  return {
    subject: named(OURS, steps),
    isReference: false,
    metric: `${metric} ÷ bare canvas`,
    unit: "×",
    goal,
    raw: rawOf(OURS).map((ms, index) => ms / (limit[index] ?? Number.NaN)),
  };
}
