import { expect, test } from "./fixtures.ts";

test("a person chooses in which zone times are written, and every page keeps to it from its first drawing", async ({
  openAs,
  lab,
}) => {
  const [run] = await lab.sql<{ id: string; utc: string; tokyo: string }>(
    `select id, to_char(start_time at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as utc,
       to_char(start_time at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI') as tokyo
     from public.process_executions where status = 'completed' order by start_time limit 1`,
  );
  if (!run) throw new Error("The demo data holds no completed run.");
  const page = await openAs("viewer", `/runs/${run.id}`, { timezoneId: "Asia/Tokyo" });
  await expect(page.getByText(`started ${run.utc}`)).toBeVisible();

  await page.getByRole("button", { name: "Time zone" }).click();
  await page.getByRole("radio", { name: /^This browser's Asia\/Tokyo/ }).check();
  await expect(page.getByText(`started ${run.tokyo}`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Time zone" })).toHaveText(/^\d\d:\d\d:\d\d UTC\+9$/);

  const answer = await page.request.get(`/runs/${run.id}`);
  expect(await answer.text()).toContain(run.tokyo);
  await page.goto("/runs");
  await expect(page.getByRole("columnheader", { name: "Started (UTC+9)" })).toBeVisible();

  await page.getByRole("button", { name: "Time zone" }).click();
  await page.getByRole("radio", { name: /^The site's/ }).check();
  await expect(page.getByRole("columnheader", { name: "Started (UTC)" })).toBeVisible();
});

test("a zone that is none is not kept", async ({ openAs, baseURL }) => {
  const page = await openAs("viewer");
  await page.context().addCookies([{ name: "pulseboard-zone", value: "Nowhere%2FLand", url: baseURL ?? "" }]);
  await page.reload();
  await expect(page.getByRole("button", { name: "Time zone" })).toHaveText(/^\d\d:\d\d:\d\d UTC$/);
});
