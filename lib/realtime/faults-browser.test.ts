import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SAMPLE_START } from "#lib/model/samples.ts";
import { supabaseTransport } from "#lib/supabase/open-feed.ts";
import { elapsed, later } from "#lib/time.ts";
import { FaultBed, HEARTBEAT_MS, useScriptedTime } from "./fault-bed.ts";
import { FeedRegistry } from "./feed-registry.ts";
import { ScriptedAuth, tokenNumber } from "./scripted-auth.ts";
import { PhoenixServer } from "./scripted-phoenix.ts";

// What a browser does to a page, each case by its number in the fault catalogue: the whole feed and the unmodified client
// library, in a time that the test moves.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let server: PhoenixServer;
let auth: ScriptedAuth;
let client: SupabaseClient;
let bed: FaultBed;

beforeEach(() => {
  useScriptedTime();
  server = new PhoenixServer();
  bed = new FaultBed(server, () => supabaseTransport(client));
  auth = new ScriptedAuth(() => bed.db.now());
  client = createClient("http://server.test", "sb_publishable_x", {
    auth: auth.options,
    global: { fetch: auth.fetch },
    realtime: { transport: server.socketClass(), heartbeatIntervalMs: HEARTBEAT_MS },
  });
});

afterEach(() => bed.end());

const clockIsOffBy = (): number => Math.abs(elapsed(bed.db.now(), bed.clock.now()));
const tokens = (from: number): number[] => server.joins.slice(from).map(({ token }) => tokenNumber(token));

test("FB1 asleep for 8 h, the token expired: right within 5 s of waking, over a new connection and with a new token", async () => {
  await bed.live();
  bed.beat();
  await bed.pass(MINUTE);
  bed.sleep(8 * HOUR);
  bed.db.commit(500);
  const joins = server.joins.length;
  bed.browser.happen("resumed");
  expect(bed.feed.store.getSnapshot().data.steps).toHaveLength(3);
  await bed.until(() => bed.seqs.at(-1) === 503, 200);
  expect(bed.picture.steps).toEqual(bed.truth.steps);
  await bed.until(() => bed.state === "live", 2_000);
  expect({ refreshes: auth.refreshes, tokens: tokens(joins) }).toEqual({ refreshes: 1, tokens: [1, 1] });
  expect(clockIsOffBy()).toBeLessThan(50);
  bed.commit();
  await bed.pass(50);
  expect(bed.picture.steps).toEqual(bed.truth.steps);
});

test("FB1 woken where there is no network: what is shown is known to be 8 h old, not seconds", async () => {
  await bed.live();
  bed.sleep(8 * HOUR);
  bed.lineIsDead = true;
  bed.browser.happen("resumed");
  await bed.pass(1_100);
  expect(bed.state).not.toBe("live");
  expect(elapsed(bed.status.lastCatchUpAt ?? SAMPLE_START, bed.clock.now())).toBeGreaterThan(
    8 * HOUR - 1_000,
  );
  await bed.pass(10_000);
  expect(bed.state).toBe("offline");
});

test("FB1 hidden when it fell asleep: taken for 8 h, although its own clock stood still", async () => {
  await bed.live();
  bed.browser.happen("hidden");
  await bed.pass(1_000);
  bed.sleep(8 * HOUR);
  const joins = server.joins.length;
  bed.browser.happen("shown");
  await bed.until(() => bed.state === "live", 5_000);
  expect(tokens(joins)).toEqual([1, 1]);
});

test("FB2 hidden for 2 h: nothing is read meanwhile; shown, it is right at once, from no old time", async () => {
  await bed.live();
  bed.browser.happen("hidden");
  const { reads } = bed.db;
  await bed.pass(2 * HOUR);
  expect(bed.db.reads).toBe(reads);
  bed.db.commit(900);
  const joins = server.joins.length;
  const drawn = bed.shown.length;
  bed.browser.happen("shown");
  await bed.until(() => bed.state === "live", 5_000);
  expect(bed.picture).toEqual(bed.truth);
  expect(server.joins.length - joins).toBe(2);
  expect(new Set(bed.shown.slice(drawn))).toEqual(new Set([3, 903]));
  expect(clockIsOffBy()).toBeLessThan(50);
});

test("FB3 back from the browser's memory: read again over new channels, the dead ones gone", async () => {
  await bed.live();
  // Leaving, a page's socket is closed; what the server had is forgotten.
  server.forgetSockets();
  bed.db.commit(5);
  bed.browser.happen("resumed");
  await bed.until(() => bed.state === "live" && bed.seqs.length === 8, 5_000);
  expect(bed.picture).toEqual(bed.truth);
  expect(server.channels).toHaveLength(2);
});

test.each([10, -10])(
  "FB4 a computer's clock that is %i min off: times are the server's, and the error is known",
  async (minutes) => {
    bed.browser.skewMs = minutes * MINUTE;
    vi.setSystemTime(Date.now() + minutes * MINUTE);
    await bed.live();
    await bed.pass(3 * HOUR);
    expect(bed.state).toBe("live");
    expect(bed.status.clockOffsetMs).toBeCloseTo(-minutes * MINUTE, -2);
    expect(clockIsOffBy()).toBeLessThan(50);
    expect(auth.refreshes).toBeLessThanOrEqual(4);
    expect(bed.states).not.toContain("degraded");
  },
);

test.each([10, -10])("FB5 a clock set by %i min during a run: no time jumps", async (minutes) => {
  await bed.live();
  bed.beat();
  await bed.pass(5_000);
  vi.setSystemTime(Date.now() + minutes * MINUTE);
  for (let second = 0; second < 60; second += 1) {
    const before = bed.clock.now();
    // What the browser makes of a leap forward: it may have slept.
    if (second === 3 && minutes > 0) bed.browser.happen("resumed");
    await bed.pass(1_000);
    expect(Math.abs(elapsed(later(before, 1_000), bed.clock.now()))).toBeLessThan(50);
  }
  expect(bed.state).toBe("live");
});

test("FB6 a page that draws once in five seconds draws less, and loses nothing", async () => {
  await bed.live();
  bed.browser.frameMs = 5_000;
  const drawn = bed.shown.length;
  for (let i = 0; i < 200; i += 1) {
    bed.commit();
    await bed.pass(50);
  }
  await bed.pass(5_000);
  expect(bed.shown.length - drawn).toBeLessThanOrEqual(4);
  expect(bed.picture).toEqual(bed.truth);
  expect(bed.db.fetched).toEqual([]);
});

test("FB8 mounted, unmounted and mounted again, fifty times in a breath: one set of channels, joined once", async () => {
  const registry = new FeedRegistry(bed.browser);
  let letGo = registry.hold("machine", bed.feed).letGo;
  for (let i = 0; i < 50; i += 1) {
    letGo();
    letGo = registry.hold("machine", bed.feed).letGo;
    await bed.pass(20);
  }
  await bed.until(() => bed.state === "live", 2_000);
  expect({ joins: server.joins.length, channels: server.channels.length, sockets: server.sockets }).toEqual({
    joins: 2,
    channels: 2,
    sockets: 1,
  });
  letGo();
  await bed.pass(6_000);
  expect(server.channels).toEqual([]);
});

test("FB8 left for good again and again: nothing is left of the old ones", async () => {
  await bed.live();
  const timers = vi.getTimerCount();
  for (let i = 0; i < 100; i += 1) {
    bed.feed.stop();
    bed.feed.start();
    await bed.until(() => bed.state === "live", 2_000);
    expect(server.channels).toHaveLength(2);
  }
  await bed.pass(30_000);
  expect(vi.getTimerCount()).toBeLessThanOrEqual(timers + 2);
  expect(client.getChannels()).toHaveLength(2);
});
