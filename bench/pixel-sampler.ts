import type { Page } from "@playwright/test";

/** A step number and the moment (ms since 1970) by which the frame that shows it was drawn. */
export type Seen = [seq: number, at: number];

declare global {
  interface Window {
    pulseboardSeen?: Seen[];
  }
}

/**
 * Looks at the text that names the step whenever a frame has been drawn: a message posted at the beginning of a frame arrives
 * when it is done, whatever else the page did in between. Numbers that a frame skipped were overtaken, and have that frame's
 * moment.
 */
export async function startSampling(page: Page, selector: string): Promise<void> {
  await page.evaluate((where) => {
    const seen: Seen[] = [];
    window.pulseboardSeen = seen;
    const read = (): number => {
      const text = document.querySelector(where)?.textContent ?? "";
      return Number(/Step ([\d,]+)/.exec(text)?.[1]?.replaceAll(",", "") ?? 0);
    };
    let last = read();
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => {
      const [now, at] = [read(), Date.now()];
      for (let seq = last + 1; seq <= now; seq += 1) seen.push([seq, at]);
      last = Math.max(last, now);
    };
    const look = (): void => {
      drawn.port2.postMessage(null);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, selector);
}

/** Waits until a step is on screen and returns everything seen since sampling began. */
export async function seenUpTo(page: Page, seq: number): Promise<Seen[]> {
  const upTo = (wanted: number): boolean => window.pulseboardSeen?.some(([one]) => one >= wanted) ?? false;
  await page.waitForFunction(upTo, seq, { timeout: 15_000 });
  return await page.evaluate(() => window.pulseboardSeen ?? []);
}
