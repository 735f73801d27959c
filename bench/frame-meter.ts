import type { CDPSession, Page } from "@playwright/test";
import { quantile } from "#bench/statistics.ts";

/** How a page's frames came, and how much of the time its main thread was at work. */
export type Frames = { p95: number; late: number; busy: number };

/** The browser tells the moment of a frame to a tenth of a millisecond; what is behind that is the arithmetic's. */
const toClock = (ms: number): number => Math.round(ms * 10) / 10;

/** A frame this much over its sixtieth of a second has missed the next one. */
const LATE_MS = 25;

/** Watches every frame of a page for a while: p95 in ms between two, part of late ones and of busy time in %. */
export async function watchFrames(page: Page, seconds: number): Promise<Frames> {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Performance.enable");
  const before = await taskSeconds(wire);
  const intervals = await page.evaluate(collectIntervals, seconds * 1000);
  const after = await taskSeconds(wire);
  await wire.detach();
  return {
    p95: toClock(quantile(intervals, 0.95)),
    late: (intervals.filter((ms) => ms > LATE_MS).length / intervals.length) * 100,
    busy: ((after.task - before.task) / (after.at - before.at)) * 100,
  };
}

async function taskSeconds(wire: CDPSession): Promise<{ task: number; at: number }> {
  const { metrics } = await wire.send("Performance.getMetrics");
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { task: value("TaskDuration"), at: value("Timestamp") };
}

/** Runs in the page. */
function collectIntervals(forMs: number): Promise<number[]> {
  return new Promise((resolve) => {
    const intervals: number[] = [];
    let last: number | null = null;
    const began = performance.now();
    const frame = (at: number): void => {
      if (last !== null) intervals.push(at - last);
      last = at;
      if (performance.now() - began < forMs) requestAnimationFrame(frame);
      else resolve(intervals);
    };
    requestAnimationFrame(frame);
  });
}
