// The page of the other charts: one of them, named in the address, with the steps of a run. What measures it calls
// `peerPage`; nothing happens by itself.

import { bareCanvas } from "./bare-canvas.ts";
import { eCharts } from "./echarts.ts";
import type { OpenChart, PeerChart, PeerStep } from "./peer.ts";
import { recharts } from "./recharts.tsx";
import { visTimeline } from "./vis-timeline.ts";

const CHARTS: Record<string, OpenChart> = {
  canvas: bareCanvas,
  echarts: eCharts,
  recharts,
  vis: visTimeline,
};
/** The steps come as numbers, three of a step, so that no chart pays for how they travel. */
type Wire = { lanes: string[]; numbers: number[] };

export type PeerPage = {
  /** Resolves once the steps are in the page. */
  ready: Promise<void>;
  /** ms from the order to draw to the frame that shows it. */
  draw(): Promise<number>;
  /** Adds steps at a steady pace, each a pulse of 25 ms and a pause of as long. */
  append(perSecond: number, seconds: number): Promise<void>;
};

const SHOWN_MS = 60_000;
const STEP_MS = 25;

const params = new URLSearchParams(location.search);
let chart: PeerChart | null = null;
let lanes: string[] = [];
let steps: PeerStep[] = [];
let lastMs = 0;

const read = async (): Promise<void> => {
  const answer = await fetch(`/steps/${params.get("steps")}`);
  const wire = (await answer.json()) as Wire;
  lanes = wire.lanes;
  steps = Array.from({ length: wire.numbers.length / 3 }, (_, at) => ({
    lane: wire.numbers[at * 3] ?? 0,
    startMs: wire.numbers[at * 3 + 1] ?? 0,
    endMs: wire.numbers[at * 3 + 2] ?? 0,
  }));
  lastMs = steps.at(-1)?.endMs ?? 0;
};

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

const peerPage: PeerPage = {
  ready: read(),
  async draw() {
    const began = performance.now();
    const box = document.querySelector<HTMLElement>("#chart");
    const open = CHARTS[params.get("chart") ?? ""];
    if (!box || !open) throw new Error(`there is no chart ${params.get("chart")}`);
    chart = open(box, lanes);
    await chart.draw(steps);
    // What was drawn before this frame is seen when the next one begins.
    await nextFrame();
    await nextFrame();
    return performance.now() - began;
  },
  append(perSecond, seconds) {
    let left = perSecond * seconds;
    let lane = 0;
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const step = { lane, startMs: lastMs + STEP_MS, endMs: lastMs + 2 * STEP_MS };
        lastMs = step.endMs;
        lane = (lane + 1) % lanes.length;
        chart?.append(step, SHOWN_MS);
        left -= 1;
        if (left > 0) return;
        clearInterval(timer);
        resolve();
      }, 1000 / perSecond);
    });
  },
};

Object.assign(globalThis, { peerPage });
