import type { CDPSession, Locator, Page } from "@playwright/test";
import { type Frames, watchFrames } from "#bench/frame-meter.ts";

/** Steps of a hand that looks around: zooming in, dragging to and fro, zooming out again. */
const WHEELS = 8;
const DRAGS = 40;
const DRAG_PX = 6;
const WHEEL_PX = 100;

/** Zooms and drags over `chart` for so many seconds, and watches every frame meanwhile. */
export async function watchGestures(page: Page, chart: Locator, seconds: number): Promise<Frames> {
  const hand = await handOver(page, chart);
  const [frames] = await Promise.all([watchFrames(page, seconds), lookAround(hand, seconds)]);
  return frames;
}

type Hand = { page: Page; x: number; y: number };

async function handOver(page: Page, chart: Locator): Promise<Hand> {
  const box = await chart.boundingBox();
  if (!box) throw new Error("there is no chart to lay a hand on");
  const hand = { page, x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(hand.x, hand.y);
  return hand;
}

async function lookAround({ page, x, y }: Hand, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  const isOver = () => performance.now() > until;
  const zoom = async (by: number) => {
    await page.keyboard.down("Control");
    for (let turn = 0; turn < WHEELS && !isOver(); turn += 1) await page.mouse.wheel(0, by);
    await page.keyboard.up("Control");
  };
  const drag = async (by: number) => {
    await page.mouse.down();
    for (let move = 1; move <= DRAGS && !isOver(); move += 1) await page.mouse.move(x + move * by, y);
    await page.mouse.up();
    await page.mouse.move(x, y);
  };
  while (!isOver()) {
    await zoom(-WHEEL_PX);
    await drag(DRAG_PX);
    await drag(-DRAG_PX);
    await zoom(WHEEL_PX);
  }
}

const HOVERS = 120;
/** Some charts take a second for a move. */
const HOVER_WITHIN_MS = 4000;
const HOVER_PX = 3;

/** ms of the main thread that a pointer costs which moves over `chart`, per move: the time at rest is taken off. */
export async function hoverCost(page: Page, chart: Locator): Promise<number> {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Performance.enable");
  const { x, y } = await handOver(page, chart);
  let moves = 0;
  const moving = await timeAtWork(wire, async () => {
    const until = performance.now() + HOVER_WITHIN_MS;
    for (; moves < HOVERS && performance.now() < until; moves += 1) {
      await page.mouse.move(x + ((moves % 60) - 30) * HOVER_PX, y);
    }
  });
  const resting = await timeAtWork(wire, () => page.waitForTimeout(moving.lastedMs));
  await wire.detach();
  return (moving.busyMs - resting.busyMs) / moves;
}

async function timeAtWork(wire: CDPSession, work: () => Promise<void>) {
  const before = await metric(wire, "TaskDuration");
  const began = performance.now();
  await work();
  const lastedMs = performance.now() - began;
  return { busyMs: ((await metric(wire, "TaskDuration")) - before) * 1000, lastedMs };
}

/** MB that the page's scripts hold on to. */
export async function heldMemory(page: Page): Promise<number> {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Performance.enable");
  await wire.send("HeapProfiler.collectGarbage");
  const bytes = await metric(wire, "JSHeapUsedSize");
  await wire.detach();
  return bytes / 1e6;
}

async function metric(wire: CDPSession, name: string): Promise<number> {
  const { metrics } = await wire.send("Performance.getMetrics");
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN;
}
