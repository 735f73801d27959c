import { barriers } from "./barriers.ts";
import { expect, test } from "./fixtures.ts";

test("a person who is not signed in is asked to, and comes back to the page they wanted", async ({
  page,
  site,
}) => {
  const engineer = site.stack.users.find(({ role }) => role === "engineer");
  await page.goto("/runs?status=failed");
  await expect(page).toHaveURL("/sign-in?next=%2Fruns%3Fstatus%3Dfailed");

  await page.getByLabel("Email").fill(engineer?.email ?? "");
  await page.getByLabel("Password").fill(engineer?.password ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();

  await expect(page).toHaveURL("/runs?status=failed");
  await expect(page.getByRole("heading", { name: "Runs", level: 1 })).toBeVisible();
});

test("a wrong password says what happened and what to do, and stays", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill("operator@pulseboard.local");
  await page.getByLabel("Password").fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();

  const refusal = page.getByRole("alert").filter({ hasText: "Not signed in" });
  await expect(refusal).toContainText("Not signed in: email or password is wrong.");
  await expect(refusal).toContainText("Check both and try again.");
  await expect(page.getByLabel("Email"), "what was typed is kept").toHaveValue("operator@pulseboard.local");
});

test("a demo user is filled in with one press", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /^viewer@pulseboard\.local/ }).click();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("button", { name: /^Signed in as .*, Viewer$/ })).toBeVisible();
});

test("the way back never leads to another site", async ({ page, signIn }) => {
  await page.goto("/sign-in?next=//elsewhere.invalid/");
  await expect(page.locator("input[name=next]")).toHaveValue("/");
  await signIn(page, "viewer");
});

test("signing out ends the session in this browser", async ({ page, signIn }) => {
  await signIn(page, "viewer");
  await page.getByRole("button", { name: /^Signed in as/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");

  await page.goto("/runs");
  await expect(page).toHaveURL("/sign-in?next=%2Fruns");
});

test("the page is read, reached and used without a mouse", async ({ page }) => {
  await page.goto("/sign-in");
  expect(await barriers(page)).toEqual([]);

  await page.getByLabel("Email").focus();
  await page.keyboard.type("admin@pulseboard.local");
  await page.keyboard.press("Tab");
  await page.keyboard.type("pulseboard");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/");
});

test("every answer carries a policy of its own and is kept nowhere", async ({ page, signIn, request }) => {
  await signIn(page, "viewer");
  const policies = new Set<string>();
  for (const path of ["/", "/runs"]) {
    const answer = await page.request.get(path);
    expect(answer.headers()["cache-control"]).toBe("private, no-store");
    policies.add(answer.headers()["content-security-policy"] ?? "");
  }
  expect(policies.size, "a nonce is used once").toBe(2);
  for (const policy of policies) expect(policy).toContain("frame-ancestors 'none'");
  expect((await request.get("/runs", { maxRedirects: 0 })).status()).toBe(307);
});

test("no script can read the session; the page is handed a token that ends, and nobody else is", async ({
  page,
  signIn,
  request,
}) => {
  await signIn(page, "viewer");
  expect(await page.evaluate(() => document.cookie)).not.toContain("auth-token");
  const handed = await page.evaluate(async () => {
    const answer = await fetch("/session");
    return { status: answer.status, ...(await answer.json()) };
  });
  expect(handed).toEqual({
    status: 200,
    accessToken: expect.any(String),
    expiresAt: expect.any(Number),
    expiresInMs: expect.any(Number),
  });
  expect(handed.expiresInMs).toBeGreaterThan(60_000);

  const foreign = await page.request.get("/session", { headers: { "sec-fetch-site": "cross-site" } });
  expect(foreign.status()).toBe(403);
  const unknown = await request.get("/session", { headers: { "sec-fetch-site": "same-origin" } });
  expect(await unknown.json()).toEqual({ accessToken: null });
});
