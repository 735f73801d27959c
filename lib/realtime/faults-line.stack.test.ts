import { createClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { StackBed } from "./test-page.ts";

// A real line to the real stack that breaks, each case by its number in the fault catalogue. The same cases at their true
// length, ten minutes or a day, are in faults-realtime.test.ts.

/** Sixteen times as often as a browser does it. */
const HEARTBEAT_MS = 500;

let page: StackBed;
let runId: string;

beforeEach(async () => {
  page = await StackBed.open(inject("stack"), (url) =>
    createClient(url, inject("stack").publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { heartbeatIntervalMs: HEARTBEAT_MS },
    }),
  );
  runId = await page.startedRun();
  await page.report(runId, 1, 2);
});

afterEach(() => page.close());

test("FR1 a cut connection is said, survived and made good, nothing twice or missing", async () => {
  await page.live();
  page.wire.cut();
  await page.until((_, state) => state !== "live");
  await page.report(runId, 3, 30);
  page.wire.mend();
  await page.until((data, state) => state === "live" && data.steps.length === 30);
  await page.expectTruth(runId);
});

test("FR1 with the network gone the page says offline and keeps what it had", async () => {
  await page.live();
  page.wire.cut();
  await page.until((_, state) => state === "offline");
  expect(page.data.steps).toHaveLength(2);
  expect(page.status.reason).toBe("Could not read the machine: the server was not reached.");
});

test("FR3 a line that is dead without a word is found by the heartbeat, and made good", async () => {
  await page.live();
  const deadAt = performance.now();
  page.wire.goDead(true);
  await page.report(runId, 3, 12);
  await page.until((_, state) => state !== "live");
  // Two heartbeats, and what a busy computer adds; without them it would be the poll's answer after 18 s.
  expect(performance.now() - deadAt).toBeLessThan(6_000);
  page.wire.goDead(false);
  await page.until((data, state) => state === "live" && data.steps.length === 12);
  await page.expectTruth(runId);
});

test("FR4 a channel that closes is opened anew, and what was missed is there when it is live again", async () => {
  await page.live();
  page.arrives = () => false;
  await page.report(runId, 3, 5);
  const lost = page.until((_, state) => state === "degraded");
  await Promise.all([lost, page.client.removeAllChannels()]);
  page.arrives = () => true;
  await page.until((data, state) => state === "live" && data.steps.length === 5);
  await page.expectTruth(runId);
  await page.report(runId, 6, 6);
  await page.until((data) => data.steps.length === 6);
});

test("FR6 lost changes are fetched by number", async () => {
  await page.live();
  page.arrives = ({ table, row }) =>
    table !== "step_execution_history" || ![3, 4].includes((row as { seq: number }).seq);
  await page.report(runId, 3, 6);
  await page.until((data) => data.steps.length === 6 && data.run?.lastSeq === 6);
  await page.until((data) => data.steps.slice(0, -1).every((step) => step.measuredMs === 100.5));
  expect(page.status.gapsHealed).toBeGreaterThan(0);
  expect(page.status.state).toBe("live");
  await page.expectTruth(runId);
});

test("FR10 a row of more than a megabyte comes without its values, and is read", async () => {
  await page.live();
  const told: boolean[] = [];
  page.arrives = ({ table, isTruncated }) => {
    if (table === "process_executions") told.push(isTruncated);
    return true;
  };
  const description = "x".repeat(1_100_000);
  await page.bed.db.query("update process_executions set description = $2 where id = $1", [
    runId,
    description,
  ]);
  await page.until((data) => data.run?.description === description);
  expect(told).toEqual([true]);
  expect(page.status.state).toBe("live");
});

test("FR14 a proxy that knows no WebSocket: the page is kept true by reading alone, and lives when it may", async () => {
  page.wire.refuseUpgrades(true);
  page.feed.start();
  await page.until((_, state) => state === "degraded");
  await page.report(runId, 3, 8);
  await page.until((data) => data.steps.length === 8);
  await page.expectTruth(runId);
  expect(page.status.state).toBe("degraded");
  expect(page.wire.attempts()).toBeLessThan(12);
  page.wire.refuseUpgrades(false);
  await page.until((_, state) => state === "live");
});
