import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Keys, loadKeys } from "#supabase/local/keys.ts";
import { type Stack, startStack } from "#supabase/local/stack.ts";
import { StackBed } from "./test-page.ts";

// The real server in trouble, each case by its number in the fault catalogue. On a stack of its own: what is broken here
// other tests live on.

let folder: string;
let stack: Stack;
let keys: Keys;
let page: StackBed;
let client: SupabaseClient;
let runId: string;
const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulseboard-faults-"));
  stack = await startStack({ dataDir: folder, apiPort: 0, dbPort: 0, seed: false });
  keys = await loadKeys(folder);
});

afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  page = await StackBed.open(stack, (url) => {
    client = createClient(url, stack.publishableKey, {
      auth: { autoRefreshToken: false, storageKey: "session", storage },
    });
    return client;
  });
  runId = await page.startedRun();
  await page.report(runId, 1, 2);
});

afterEach(() => page.close());

/** The person's session as it was, with a token that ends in so many seconds; by its own word in an hour. */
async function shortenToken(seconds: number): Promise<string> {
  const { data } = await client.auth.getSession();
  if (data.session === null) throw new Error("nobody is signed in");
  const { iat: _iat, exp: _exp, ...claims } = decodeJwt(data.session.access_token);
  const access_token = await keys.signUserToken({ role: "authenticated", ...claims }, seconds);
  kept.set("session", JSON.stringify({ ...data.session, access_token }));
  return access_token;
}

test("FR4 a token that ends: the session is renewed, and the page is live again within 5 s", async () => {
  const old = await shortenToken(3);
  await page.live();
  await page.until((_, state) => state !== "live");
  expect(page.status.reason).toMatch(/^Token has expired/);
  const endedAt = performance.now();
  await page.report(runId, 3, 6);
  await page.until((data, state) => state === "live" && data.steps.length === 6);
  expect(performance.now() - endedAt).toBeLessThan(5_000);
  expect((await client.auth.getSession()).data.session?.access_token).not.toBe(old);
  await page.expectTruth(runId);
});

test("FR5 more channels than the server allows: read every 2 s, and live when there is room", async () => {
  const others = Array.from({ length: 99 }, (_, i) => client.channel(`other ${i}`));
  await Promise.all(others.map((channel) => new Promise((resolve) => channel.subscribe(resolve))));
  page.feed.start();
  await page.until((_, state) => state === "degraded");
  expect(page.status.reason).toMatch(/Too many channels/);
  await page.report(runId, 3, 6);
  await page.until((data) => data.steps.length === 6);
  await page.expectTruth(runId);
  await Promise.all(others.map((channel) => client.removeChannel(channel)));
  await page.until((_, state) => state === "live");
});

test("FR7 a table that is not published: read every 2 s and never called live, until it is", async () => {
  const states = new Set<string>();
  page.feed.store.subscribe(() => states.add(page.status.state));
  await page.bed.db.query("alter publication supabase_realtime drop table step_execution_history");
  page.feed.start();
  await page.until((_, state) => state === "degraded");
  expect(page.status.reason).toMatch(/step_execution_history/);
  await page.report(runId, 3, 6);
  await page.until((data) => data.steps.length === 6);
  await page.expectTruth(runId);
  expect(states).not.toContain("live");
  await page.bed.db.query("alter publication supabase_realtime add table step_execution_history");
  await page.until((_, state) => state === "live");
});

test("FR12 the publication loses its tables while the page is live: found out, said, and made good when they are back", async () => {
  await page.live();
  const { rows } = await page.bed.db.query<{ name: string }>(
    "select string_agg(format('%I.%I', schemaname, tablename), ', ') as name from pg_publication_tables where pubname = 'supabase_realtime'",
  );
  const tables = rows[0]?.name ?? "";
  const beating = setInterval(() => void page.beat(), 1_000);
  await page.until(
    ({ lease }) => (lease?.expiresAt ?? 0) < performance.timeOrigin + performance.now() + 10_000,
  );
  await page.bed.db.query(`alter publication supabase_realtime drop table ${tables}`);
  await page.report(runId, 3, 6);
  await page.until((_, state) => state === "degraded");
  await page.until((data) => data.steps.length === 6);
  expect(page.status.state).toBe("degraded");
  await page.bed.db.query(`alter publication supabase_realtime add table ${tables}`);
  await page.report(runId, 7, 8);
  await page.until((data, state) => state === "live" && data.steps.length === 8);
  clearInterval(beating);
  await page.expectTruth(runId);
});

test("FR12 Postgres is killed and Realtime's place in the log is lost: read again before it is called live", async () => {
  await page.live();
  const states: string[] = [];
  page.feed.store.subscribe(() => states.at(-1) !== page.status.state && states.push(page.status.state));
  await Promise.all([stack.restartPostgres("kill"), page.reconnect()]);
  await page.report(runId, 3, 6);
  await page.until((data, state) => state === "live" && data.steps.length === 6);
  await page.expectTruth(runId);
  expect(states.length).toBeGreaterThan(1);
});
