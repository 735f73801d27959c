import type { Site } from "#scripts/start/site.ts";

/** How the global setup tells the workers what it started. */
export const SITE_VARIABLE = "PULSEBOARD_E2E_SITE";

/** The running product; throws when the global setup did not run. */
export function runningSite(): Site {
  const text = process.env[SITE_VARIABLE];
  if (text === undefined)
    throw new Error("No site is running: start the tests through Playwright's configuration.");
  return JSON.parse(text) as Site;
}
