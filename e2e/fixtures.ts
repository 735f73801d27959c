import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from "@playwright/test";
import type { Site } from "#scripts/start/site.ts";
import { awaitingScripts } from "./awake.ts";
import { type Lab, openLab } from "./lab.ts";
import { noProblems, type Problems, watchForProblems } from "./problems.ts";
import { type Credentials, enter } from "./session.ts";
import { runningSite } from "./site.ts";

type Role = "viewer" | "operator" | "engineer" | "admin";

type TestFixtures = {
  /** Puts the machines of a test out of service when it is over. */
  tidy: undefined;
  /** Errors on the console, uncaught ones and failed requests, of every browser of this test. */
  problems: Problems;
  /** Signs a person in on a page: a demo user by role, or one that the lab made. Ends on `then`, the fleet by default. */
  signIn: (page: Page, who: Role | Credentials, then?: string) => Promise<void>;
  /**
   * A browser of its own with a signed-in person, closed at the end of the test; on the fleet, on the page of `path`, or,
   * with null, on none yet.
   */
  openAs: (who: Role | Credentials, path?: string | null, options?: BrowserContextOptions) => Promise<Page>;
  /** Two people side by side, each in a browser of their own. */
  twoBrowsers: (
    first: Role | Credentials,
    second: Role | Credentials,
    path?: string,
  ) => Promise<[Page, Page]>;
};

type WorkerFixtures = {
  site: Site;
  /** Makes machines, recipes and people that belong to one test. */
  lab: Lab;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of needed fixtures from this pattern.
  site: [async ({}, use) => use(runningSite()), { scope: "worker" }],
  lab: [
    async ({ site }, use) => {
      const lab = openLab(site.stack);
      await use(lab);
      await lab.close();
    },
    { scope: "worker" },
  ],
  tidy: [
    async ({ lab }, use) => {
      await use(undefined);
      await lab.retire();
    },
    { auto: true },
  ],
  baseURL: ({ site }, use) => use(site.address),
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  problems: async ({}, use) => {
    const problems = noProblems();
    await use(problems);
    expect(problems.unexpected(), "nothing went wrong in a browser").toEqual([]);
  },
  context: async ({ context, problems }, use) => {
    watchForProblems(context, problems);
    await use(context);
  },
  page: ({ page, site }, use) => use(awaitingScripts(page, site.address)),
  signIn: async ({ site }, use) => {
    await use((page, who, then = "/") => signIn(page, credentials(site, who), then));
  },
  openAs: async ({ browser, problems, site, contextOptions }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (who, path = "/", options = {}) => {
      const context = await browser.newContext({ ...contextOptions, baseURL: site.address, ...options });
      contexts.push(context);
      watchForProblems(context, problems);
      await enter(context, site.address, credentials(site, who));
      const page = awaitingScripts(await context.newPage(), site.address);
      if (path !== null) await page.goto(path);
      return page;
    });
    for (const context of contexts) await context.close();
  },
  twoBrowsers: async ({ openAs }, use) => {
    await use(async (first, second, path) => [await openAs(first, path), await openAs(second, path)]);
  },
});

export { expect };

function credentials(site: Site, who: Role | Credentials): Credentials {
  if (typeof who !== "string") return who;
  const user = site.stack.users.find(({ role }) => role === who);
  if (user === undefined) throw new Error(`The demo data has no ${who}.`);
  return user;
}

async function signIn(page: Page, { email, password }: Credentials, then: string): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(then)}`);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname + url.search === then);
}
