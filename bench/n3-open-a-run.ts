import type { Page } from "@playwright/test";
import type { LongRun } from "#bench/long-run.ts";

/** ms from a press on a run in the list to the first frame in which the bars of its timeline are drawn. */
export async function openARun(page: Page, run: LongRun): Promise<number> {
  await page.goto(`/runs?machine=${run.machineId}`);
  const link = page.locator(`a[href="/runs/${run.runId}"]`).first();
  await link.waitFor();
  await page.waitForLoadState("networkidle");
  const painted = page.evaluate(fromPressToPaint, "click" as const);
  await link.click();
  return painted;
}

/**
 * Runs in the page, which stays the same one from the next press to the timeline; resolves to the ms between the press,
 * which is the first `event`, and the timeline's bars.
 */
export function fromPressToPaint(event: "click" | "pointerdown"): Promise<number> {
  const isDrawn = (): boolean => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas[aria-label^='Timeline of']");
    const context = canvas?.getContext("2d");
    if (!canvas || !context || canvas.width === 0) return false;
    // Bars are darker than the lines between lanes; a column through all of them meets one.
    const { data } = context.getImageData(canvas.width >> 1, 0, 1, canvas.height);
    let darkest = 255;
    for (let at = 0; at < data.length; at += 4) {
      if ((data[at + 3] ?? 0) > 60) darkest = Math.min(darkest, data[at] ?? 255);
    }
    return darkest < 160;
  };
  return new Promise((resolve) => {
    addEventListener(
      event,
      ({ timeStamp }) => {
        const look = (): void => {
          if (!isDrawn()) requestAnimationFrame(look);
          // What was drawn in this frame is seen when the next one begins.
          else requestAnimationFrame(() => resolve(performance.now() - timeStamp));
        };
        requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  });
}
