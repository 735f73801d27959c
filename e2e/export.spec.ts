import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { slowValveRun } from "./demo-runs.ts";
import { expect, test } from "./fixtures.ts";

async function downloaded(page: Page, link: string): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: link }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

test("T28 every step of a run goes into a table and into a trace, with the figures of the database", async ({
  openAs,
  lab,
}) => {
  const run = await slowValveRun(lab);
  const [told] = await lab.sql<{ measured: number; steps: number }>(
    "select sum(measured_ms)::float8 as measured, count(*)::int as steps from public.step_execution_history where process_id = $1",
    [run.id],
  );
  const page = await openAs("viewer", `/runs/${run.id}`);

  const table = await downloaded(page, "Steps, CSV");
  expect(table.name).toBe(`run-${run.id}-steps.csv`);
  const [heading = "", ...lines] = table.text.trimEnd().split("\r\n");
  const measured = heading.split(",").indexOf("measured_ms");
  expect(lines).toHaveLength(told?.steps ?? 0);
  expect(lines.reduce((sum, line) => sum + Number(line.split(",")[measured]), 0)).toBeCloseTo(
    told?.measured ?? 0,
    3,
  );
  expect(lines.filter((line) => line.endsWith(",simulated"))).toHaveLength(lines.length);

  const trace = JSON.parse((await downloaded(page, "Trace for Perfetto")).text);
  expect(trace.otherData.origin).toBe("simulated");
  expect(trace.traceEvents.filter((event: { ph: string }) => event.ph === "X")).toHaveLength(
    told?.steps ?? 0,
  );
});

test("an export that there is not is refused in a sentence", async ({ openAs, lab }) => {
  const run = await slowValveRun(lab);
  const page = await openAs("viewer");
  const other = await page.request.get(`/runs/${run.id}/export/steps.xlsx`);
  expect([other.status(), (await other.json()).message]).toEqual([404, "There is no export steps.xlsx."]);
  const none = await page.request.get("/runs/00000000-0000-4000-8000-000000000000/export/steps.csv");
  expect([none.status(), (await none.json()).code]).toEqual([404, "run_not_found"]);
});
