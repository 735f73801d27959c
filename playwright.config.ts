import { defineConfig } from "@playwright/test";
import { findBrowser } from "./e2e/browser.ts";

/** Those that take longest, which must not be left for the end, when one worker has nothing to do beside them. */
const LONG = /\/(breakdowns|command-faults|start|start-and-stop)\.spec\.ts$/;

/** Two workers: the tests share one running product and two cores, and wait for machines most of the time. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/global-setup.ts",
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  projects: [
    { name: "long", testMatch: LONG },
    { name: "others", testIgnore: LONG },
  ],
  use: {
    browserName: "chromium",
    launchOptions: await findBrowser(),
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 800 },
    // Drawings step once a second instead of flowing: most tests read words, and share two cores with what they test.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    trace: { mode: "retain-on-failure", screenshots: false },
  },
});
