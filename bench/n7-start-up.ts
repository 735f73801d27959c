import { chromium, type Page } from "@playwright/test";
import type { Benchmark, Context, Sample } from "#bench/benchmark.ts";
import { freshCopy, makeCold } from "#bench/fresh-copy.ts";
import { interleave } from "#bench/interleave.ts";
import { startProduct } from "#bench/start-product.ts";
import { findBrowser } from "../e2e/browser.ts";

const FIRST_STEP_WITHIN_MS = 120_000;

/** N7: from `npm start` to the first step of a running deposition on screen, as a person would get there. */
export const startUp: Benchmark = {
  id: "N7",
  title: "npm start → first live step on screen",
  goal: "warm ≤ 6 s, cold (without downloads) ≤ 60 s",
  reference: "none; cold and warm beside each other",
  async run(context) {
    const copy = await freshCopy();
    context.session.defer(copy.remove);
    const browser = await chromium.launch(await findBrowser());
    context.session.defer(() => browser.close());
    const start = (): Promise<Sample> => measure(context, copy.folder, () => browser.newPage());
    const metrics = (goal: number) => [
      { key: "first step", unit: "s", goal },
      { key: "address", unit: "s" },
      { key: "stop", unit: "s" },
    ];
    const cold = { name: "cold", metrics: metrics(60), run: () => makeCold(copy.folder).then(start) };
    const warm = { name: "warm", metrics: metrics(6), run: start };
    // Warm needs a start before it, which cold, first in the first run, has always been.
    return interleave([cold, warm], context);
  },
};

async function measure({ session }: Context, folder: string, newPage: () => Promise<Page>): Promise<Sample> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const product = startProduct(folder, session.signal);
  try {
    const address = await product.address;
    const answered = seconds();
    const page = await newPage();
    await page.goto(`${address}/sign-in`);
    await page.getByLabel("Email").fill("operator@pulseboard.local");
    await page.getByLabel("Password").fill("pulseboard");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: "ALD-01", exact: true }).click();
    await page
      .getByLabel("Now")
      .getByText(/^Step \d/)
      .waitFor({ timeout: FIRST_STEP_WITHIN_MS });
    const firstStep = seconds();
    await page.context().close();
    const stopBegan = performance.now();
    await product.stop();
    return { "first step": firstStep, address: answered, stop: (performance.now() - stopBegan) / 1000 };
  } finally {
    await product.stop();
  }
}
