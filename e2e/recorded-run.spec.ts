import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { type Recording, readRecording } from "#executor/drivers/replay/recording.ts";
import { replayRun } from "#executor/replay-run.ts";
import type { Site } from "#scripts/start/site.ts";
import { barriers } from "./barriers.ts";
import { expect, test } from "./fixtures.ts";
import { sidewaysScroll } from "./looks.ts";

// The log of a real run, which is not part of this repository: without it beside the repository there is nothing to review.
const LOG = fileURLToPath(new URL("../../shared/data/ald-run-2019-05-24", import.meta.url));
const DOCS = fileURLToPath(new URL("../docs/screens", import.meta.url));
/** Recorded milliseconds per real one: 79 minutes in a few seconds. */
const SPEED = 1_500;

// biome-ignore lint/suspicious/noSkippedTests: it is skipped only where there is nothing to replay.
test.skip(!existsSync(LOG), "the recorded run of 24 May 2019 is not beside this repository");

async function replayed(site: Site): Promise<{ runId: string; recording: Recording }> {
  const read = await readRecording(LOG);
  if (!read.ok) throw new Error(read.message);
  const operator = site.stack.users.find(({ role }) => role === "operator");
  if (!operator) throw new Error("The demo data has no operator.");
  const dataDir = await mkdtemp(join(tmpdir(), "pulseboard-replay-"));
  try {
    const { runId, outcome } = await replayRun({
      connection: site.stack,
      recording: read.recording,
      speed: SPEED,
      operator,
      dataDir,
      controller: "recorded run test",
      signal: AbortSignal.timeout(90_000),
      log: () => undefined,
      onStart: () => undefined,
      onStep: () => undefined,
    });
    expect(outcome).toBe("completed");
    return { runId, recording: read.recording };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  expect(await sidewaysScroll(page), name).toBeLessThanOrEqual(0);
  if (!process.env["PULSEBOARD_SCREENS"]) return;
  await mkdir(DOCS, { recursive: true });
  await page.screenshot({ path: join(DOCS, `${name}.png`), fullPage: true });
}

test("the recorded run is reviewed: its 50 and 20 cycles, the ten TMA pulses between them, and what each dose weighed", async ({
  openAs,
  lab,
  site,
}) => {
  const { runId, recording } = await replayed(site);
  const weighed = recording.rows.filter(
    ({ massGainNgCm2, pulseStartedAt }) => massGainNgCm2 !== null && pulseStartedAt !== null,
  );
  const gains = weighed.map(({ massGainNgCm2 }) => massGainNgCm2 ?? 0);
  const page = await openAs("engineer", `/runs/${runId}`);
  await expect(page.getByText(/^Completed · complete to step 304/)).toBeVisible();

  const mass = page.getByRole("img", { name: /^Mass gain: / });
  const ends = (await mass.getAttribute("aria-label"))
    ?.match(/[-−]?[\d.]+/g)
    ?.map((text) => Number(text.replace("−", "-")));
  expect(ends?.[0]).toBeCloseTo(Math.min(...gains), 0);
  expect(ends?.[1]).toBeCloseTo(Math.max(...gains), 0);
  expect(await barriers(page)).toEqual([]);
  await shoot(page, "recorded-timeline");

  const [between] = await lab.sql<{ first: number; last: number; count: number }>(
    `select min(seq) as first, max(seq) as last, count(*)::int as count from public.step_execution_history
     where process_id = $1 and step_type = 'valve' and cycle is null`,
    [runId],
  );
  expect(between?.count).toBe(10);
  await page.goto(`/runs/${runId}?step=${between?.first}`);
  const reading = page.getByText(`#${between?.first}`, { exact: true }).locator("xpath=../..");
  await expect(reading).toContainText("TMA pulse");
  await expect(reading).not.toContainText("cycle");
  await expect(reading).toContainText(/mass gain [-−]?[\d.]+ ng\/cm²/);

  await page.getByRole("tab", { name: "Cycles" }).click();
  await expect(page.getByLabel(/^Cycles of/)).toBeVisible();
  await expect(page.getByText(/70 cycles/).first()).toBeVisible();
  await shoot(page, "recorded-cycles");
  await page.getByRole("tab", { name: "Durations" }).click();
  await expect(page.getByRole("figure").filter({ hasText: "TMA pulse" }).first()).toBeVisible();
  await shoot(page, "recorded-durations");
});
