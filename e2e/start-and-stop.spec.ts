import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newMark } from "#scripts/processes/marked.ts";
import { WITHOUT_CONFIGURATION } from "#scripts/processes/tool.ts";
import { awake } from "./awake.ts";
import { expect, test } from "./fixtures.ts";

// The command a newcomer types, as it is typed: npm starts it, and the ways it ends are those of a terminal.

type Started = { npm: ChildProcess; address: string; text: () => string; alive: () => string[] };

// Each start brings up a database and a server of its own, beside all that the other tests have running.
test.setTimeout(240_000);

// A newcomer's once, afterwards that of somebody who starts again: what one test leaves behind, the next works with.
let dataDir = "";
test.beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "pulseboard-start-"));
});
test.afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** `npm start` in a process group of its own, as a shell does it. */
async function npmStart(environment: Record<string, string> = {}): Promise<Started> {
  const mark = newMark();
  const npm = spawn("npm", ["start"], {
    detached: true,
    env: {
      ...process.env,
      ...WITHOUT_CONFIGURATION,
      PORT: "0",
      PULSEBOARD_STACK_PORT: "0",
      PULSEBOARD_DB_PORT: "0",
      PULSEBOARD_DATA_DIR: dataDir,
      ...mark.env,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  }
  const address = (): string | undefined => /Pulseboard is at (http:\S+)/.exec(text)?.[1];
  await expect
    .poll(() => address() ?? npm.exitCode, { timeout: 90_000, message: "npm start answers" })
    .not.toBeNull();
  return { npm, address: address() ?? "", text: () => text, alive: mark.alive };
}

function signal({ npm }: Started, name: NodeJS.Signals, whom: "group" | "npm"): void {
  process.kill(whom === "group" ? -(npm.pid ?? 0) : (npm.pid ?? 0), name);
}

test("Ctrl-C ends everything", async () => {
  const started = await npmStart();
  expect(started.text()).toContain("operator@pulseboard.local (operator)");
  const ended = once(started.npm, "close");
  signal(started, "SIGINT", "group");
  await ended;
  expect(started.text()).toContain("Stopped; nothing is left running.");
  expect(started.alive()).toEqual([]);
});

for (const name of ["SIGTERM", "SIGKILL"] as const) {
  test(`npm ended by ${name} leaves nothing behind, and the next start works`, async ({ request }) => {
    const started = await npmStart();
    signal(started, name, "npm");
    await expect.poll(started.alive, { timeout: 15_000 }).toEqual([]);
    const again = await npmStart();
    expect((await request.get(`${again.address}/sign-in`)).status()).toBe(200);
    signal(again, "SIGKILL", "group");
    await expect.poll(again.alive, { timeout: 15_000 }).toEqual([]);
  });
}

test("another project is used as it is: no database is started here, and the page opens", async ({
  site,
  page,
}) => {
  const started = await npmStart({
    SUPABASE_URL: site.stack.apiUrl,
    SUPABASE_PUBLISHABLE_KEY: site.stack.publishableKey,
    // Without a secret key there is no executor, and nothing to take machines away from the one that runs.
  });
  expect(started.text()).toContain("no executor: set SUPABASE_SECRET_KEY");
  expect(started.alive().filter((line) => /postgres|postgrest|executor/.test(line))).toEqual([]);
  await page.goto(`${started.address}/sign-in`);
  await awake(page);
  await expect(page.getByRole("heading", { name: "Demo users" })).toBeHidden();
  await page.getByLabel("Email").fill("operator@pulseboard.local");
  await page.getByLabel("Password").fill("pulseboard");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("link", { name: "ALD-01", exact: true })).toBeVisible();
  // An open page would go on asking the server that is about to end.
  await page.goto("about:blank");
  signal(started, "SIGINT", "group");
  await expect.poll(started.alive, { timeout: 15_000 }).toEqual([]);
});
