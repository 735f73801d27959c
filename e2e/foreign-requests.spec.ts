import { randomUUID } from "node:crypto";
import type { APIResponse } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { isAction } from "./interfere.ts";
import { armed, path, prepare, reviewStart } from "./operate.ts";

// A command counts only when it comes from one of our own pages, whoever's session it carries.

const outcome = async (response: APIResponse) => [response.status(), (await response.json()).code];
const REFUSED = [403, "foreign_origin"];

test("FA7 the stop address takes nothing from other sites, from strangers, or malformed", async ({
  lab,
  site,
  openAs,
  request,
}) => {
  const bench = await prepare(lab);
  const page = await openAs(await lab.person("operator", [bench.machine]), path(bench.machine));
  const address = `${site.address}${path(bench.machine)}/stop`;
  const stop = { commandId: randomUUID(), mode: "now" };
  const post = async (headers: Record<string, string>, data: unknown = stop) =>
    outcome(await page.request.post(address, { headers, data: JSON.stringify(data) }));
  const own = { origin: site.address };

  expect(await post({}), "no word on where it comes from").toEqual(REFUSED);
  expect(await post({ origin: "https://evil.example" })).toEqual(REFUSED);
  expect(await post({ origin: "null" })).toEqual(REFUSED);
  const forwarded = { origin: "https://evil.example", "x-forwarded-host": "evil.example" };
  expect(await post(forwarded), "a header any script may set").toEqual(REFUSED);
  for (const where of ["cross-site", "same-site", "none"])
    expect(await post({ ...own, "sec-fetch-site": where }), where).toEqual(REFUSED);
  expect(await post(own, { ...stop, mode: "abort" })).toEqual([400, "invalid_input"]);
  expect(await post(own), "idle: the database says no").toEqual([409, "nothing_to_stop"]);
  const stranger = await request.post(address, { headers: own, data: JSON.stringify(stop) });
  expect(await outcome(stranger), "said where it was asked, not at the sign-in page").toEqual([
    401,
    "signed_out",
  ]);
});

test("FA7 a form on another site reaches neither the stop address nor an action", async ({
  lab,
  site,
  openAs,
  problems,
}) => {
  const bench = await prepare(lab);
  const page = await openAs(await lab.person("operator", [bench.machine]), path(bench.machine));
  const target = `${site.address}${path(bench.machine)}`;
  await page.route("http://elsewhere.example/", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" enctype="text/plain" action="${target}/stop">
        <input name='{"mode":"now","commandId":"${randomUUID()}","reason":"' value='"}'><button>Win</button></form>`,
    }),
  );
  problems.expect(/403|favicon/);
  await page.goto("http://elsewhere.example/");
  const answered = page.waitForResponse(`${target}/stop`);
  await page.getByRole("button", { name: "Win" }).click();
  expect((await answered).status()).toBe(403);
  await expect(page.getByText("foreign_origin")).toBeVisible();
});

test("FA7 a server action sent again from elsewhere, or from nowhere, starts nothing", async ({
  lab,
  site,
  openAs,
  problems,
}) => {
  const bench = await prepare(lab);
  const page = await openAs(await lab.person("operator", [bench.machine]), path(bench.machine));
  problems.expect(/net::ERR_/);
  await page.route(/\/machines\//, (route) =>
    isAction(route.request()) ? route.abort("connectionrefused") : route.fallback(),
  );
  const sent = page.waitForRequest(isAction);
  await armed(await reviewStart(page, bench.recipe), "Request start").click();
  const request = await sent;
  const { "next-action": action = "", "content-type": type = "" } = request.headers();
  const post = async (headers: Record<string, string>) => {
    const response = await page.request.post(request.url(), {
      headers: { "next-action": action, "content-type": type, accept: "text/x-component", ...headers },
      data: request.postDataBuffer() ?? "",
    });
    return { status: response.status(), text: await response.text() };
  };
  const evil = "https://evil.example";
  for (const headers of [
    {},
    { origin: evil, "x-forwarded-host": "evil.example" },
    { origin: site.address, "sec-fetch-site": "cross-site" },
  ])
    expect((await post(headers)).text, JSON.stringify(headers)).toContain("foreign_origin");
  for (const origin of [evil, "null"])
    expect((await post({ origin })).status, `${origin}: the framework's own check comes first`).toBe(500);
  const asked = "select 1 from public.machine_commands where machine_id = $1";
  expect(await lab.sql(asked, [bench.machine.id])).toEqual([]);
  expect((await post({ origin: site.address })).text, "our own page").toContain('"ok":true');
});
