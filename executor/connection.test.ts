import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findConnection } from "#executor/connection.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "connection-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

test("the environment names the project", async () => {
  const environment = {
    SUPABASE_URL: "https://x.supabase.co/",
    SUPABASE_SECRET_KEY: "sb_secret_1",
    SUPABASE_PUBLISHABLE_KEY: "sb_publishable_1",
  };
  expect(await findConnection(environment, dataDir)).toEqual({
    apiUrl: "https://x.supabase.co",
    secretKey: "sb_secret_1",
    publishableKey: "sb_publishable_1",
  });
});

test.each([
  [{}, 'the embedded stack is not running; run "npm start" first'],
  [{ SUPABASE_URL: "x.supabase.co" }, 'SUPABASE_URL is not an http(s) address: "x.supabase.co"'],
  [{ SUPABASE_URL: "https://x.supabase.co" }, "SUPABASE_SECRET_KEY is not set"],
])("%j is refused with what to do", async (environment, message) => {
  await expect(findConnection(environment, dataDir)).rejects.toThrow(message);
});

test("without one, the embedded stack that runs here", async () => {
  const info = { apiUrl: "http://127.0.0.1:54321", publishableKey: "p", secretKey: "s" };
  await mkdir(join(dataDir, "stack"));
  await writeFile(join(dataDir, "stack", "info.json"), JSON.stringify({ ...info, users: [] }));
  expect(await findConnection({}, dataDir)).toEqual(info);
});
