import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sampleStep } from "#lib/model/samples.ts";
import { supabaseTransport } from "#lib/supabase/open-feed.ts";
import { stepSample } from "#lib/supabase/rows/sample-rows.ts";
import { FaultBed, HEARTBEAT_MS, useScriptedTime } from "./fault-bed.ts";
import { MUTE } from "./judgement.ts";
import { ScriptedAuth, tokenNumber } from "./scripted-auth.ts";
import { PhoenixServer } from "./scripted-phoenix.ts";

// What can go wrong between Realtime and the page, each case by its number in the fault catalogue: the whole feed and
// the unmodified client library, against a server that misbehaves on demand, in a time that the test moves.

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

const pass = (ms: number) => bed.pass(ms);
const until = (fits: () => boolean, limitMs: number) => bed.until(fits, limitMs);

test("FR1 the socket is dropped for 10 s: said at once, kept true by reading, live again, nothing twice or missing", async () => {
  await bed.live();
  server.isRefusing = true;
  server.cut();
  await pass(50);
  expect(bed.state).toBe("degraded");
  for (let second = 0; second < 10; second += 1) {
    bed.commit(2);
    await pass(1_000);
  }
  expect(bed.seqs.length).toBeGreaterThanOrEqual(19);
  server.isRefusing = false;
  await until(() => bed.state === "live", 10_000);
  expect(bed.picture).toEqual(bed.truth);
  bed.commit();
  await pass(50);
  expect(bed.picture).toEqual(bed.truth);
});

test("FR2 no network for 10 min and 600 steps meanwhile: one read, one drawing, the right durations", async () => {
  await bed.live();
  server.cut();
  server.isRefusing = true;
  bed.lineIsDead = true;
  await until(() => bed.state === "offline", 20_000);
  await pass(10 * MINUTE);
  bed.commit(600);
  expect(server.attempts).toBeLessThan(120);
  const drawn = bed.shown.length;
  server.isRefusing = false;
  bed.lineIsDead = false;
  const { reads } = bed.db;
  await until(() => bed.state === "live", 45_000);
  expect(bed.picture).toEqual(bed.truth);
  expect(new Set(bed.shown.slice(drawn))).toEqual(new Set([603]));
  expect(bed.db.fetched).toEqual([]);
  // One every two seconds until the channel is back, and one after.
  expect(bed.db.reads - reads).toBeLessThan(25);
});

test("FR3 a line that is dead without a word: doubted after 6 s, said after 8 s, given up by 16 s, then made good", async () => {
  await bed.live();
  bed.beat();
  await pass(20_000);
  bed.lineIsDead = true;
  const silent = await until(() => bed.state === "syncing", 6_100);
  const said = silent + (await until(() => bed.state !== "syncing", 2_100));
  expect(bed.status.state).toBe("degraded");
  expect(said).toBeGreaterThan(4_000);
  const lost =
    said +
    (await until(() => server.channels.length === 2 && bed.status.reason === "heartbeat timeout", 8_100));
  expect(lost).toBeLessThanOrEqual(16_000);
  bed.db.commit(40);
  bed.lineIsDead = false;
  await until(() => bed.state === "live", 30_000);
  expect(bed.picture).toEqual(bed.truth);
});

test("FR4 the server closes the channel because its token expired: a fresh one and a new channel within 5 s", async () => {
  await bed.live();
  // By this computer's clock, which is slow, the token is good for ten minutes more.
  vi.setSystemTime(Date.now() - 10 * MINUTE);
  await pass(HOUR);
  expect(auth.refreshes).toBe(0);
  for (const channel of server.channels) {
    channel.system("error", "Token has expired 0 seconds ago", "system");
    channel.close();
  }
  await pass(50);
  expect(bed.status).toMatchObject({ state: "degraded", reason: "Token has expired 0 seconds ago" });
  await until(() => bed.state === "live", 5_000);
  expect(auth.refreshes).toBe(1);
  expect(server.joins.slice(2).map(({ token }) => tokenNumber(token))).toEqual([1, 1]);
  bed.commit();
  await pass(50);
  expect(bed.picture).toEqual(bed.truth);
});

test("FR4 a session that cannot be renewed: signed out is said, what was known stays, nothing is read any more", async () => {
  await bed.live();
  auth.mode = "refuses";
  await until(() => bed.state === "offline", 2 * HOUR);
  expect(bed.status.trouble).toBe("signed-out");
  const { reads } = bed.db;
  bed.db.commit();
  await pass(10 * MINUTE);
  expect({ seqs: bed.seqs, reads: bed.db.reads }).toEqual({ seqs: [1, 2, 3], reads });
});

test("FR4 while the sign-in service does not answer the page reads on, and says why it is not live", async () => {
  await bed.live();
  auth.mode = "hangs";
  await pass(HOUR);
  for (const channel of server.channels) channel.close();
  await pass(20_000);
  bed.db.commit();
  await pass(2_100);
  expect(bed.picture).toEqual(bed.truth);
  expect(bed.status).toMatchObject({ state: "degraded", reason: "The sign-in service did not answer." });
});

test("FR5 a server that closes every channel for too many joins: read every 2 s, asked ever more seldom, never stormed", async () => {
  await bed.live();
  server.onJoin = (channel) => {
    channel.reply();
    channel.system("error", "Too many joins per second", "system");
    channel.close();
  };
  for (const channel of server.channels) channel.close();
  const joins = server.joins.length;
  for (let minute = 0; minute < 10; minute += 1) {
    bed.db.commit(5);
    await pass(MINUTE);
    expect(bed.picture).toEqual(bed.truth);
    expect(bed.status).toMatchObject({ state: "degraded", reason: "Too many joins per second" });
  }
  // Two channels, each after 0.5, 1, 2, 4, 8, 16 and then every 30 s.
  expect(server.joins.length - joins).toBeLessThanOrEqual(2 * 26);
  server.onJoin = (channel) => channel.accept();
  await until(() => bed.state === "live", 31_000);
});

test("FR6 one message is lost: the next one shows it and it is fetched; of the last one a read tells within 10 s", async () => {
  await bed.live();
  bed.db.commit();
  bed.commit();
  await pass(400);
  expect(bed.picture).toEqual(bed.truth);
  expect(bed.status).toMatchObject({ state: "live", gapsHealed: 1 });
  bed.db.commit();
  await pass(10_100);
  expect(bed.picture).toEqual(bed.truth);
});

test("FR6 a confirmed subscription that falls silent is not called live, is read every 2 s and opened anew", async () => {
  await bed.live();
  bed.beat();
  await pass(7_000);
  const joins = server.joins.length;
  const send = bed.tell.bind(bed);
  bed.tell = () => undefined;
  await until(() => bed.state === "degraded", 8_000);
  expect(bed.status.reason).toBe(MUTE);
  bed.states.length = 0;
  for (let i = 0; i < 60; i += 1) {
    bed.db.commit();
    await pass(2_100);
    expect(bed.picture.steps).toEqual(bed.truth.steps);
  }
  expect(bed.states).toEqual(["degraded"]);
  expect(server.joins.length - joins).toBeGreaterThanOrEqual(4);
  expect(server.joins.length - joins).toBeLessThanOrEqual(30);
  bed.tell = send;
  await until(() => bed.state === "live", 32_000);
});

test("FR7 SUBSCRIBED, but the table is not published: read every 2 s and never called live, until the server says otherwise", async () => {
  server.onJoin = (channel) => {
    channel.reply();
    channel.system("error", "Unable to subscribe to changes: the table is not published");
  };
  bed.feed.start();
  await pass(100);
  expect(bed.status).toMatchObject({
    state: "degraded",
    reason: "Unable to subscribe to changes: the table is not published",
  });
  bed.db.commit(3);
  await pass(2_100);
  expect(bed.picture).toEqual(bed.truth);
  await pass(10_000);
  expect(bed.states).not.toContain("live");
  for (const channel of server.channels) channel.system("ok", "Subscribed to PostgreSQL");
  await until(() => bed.state === "live", 100);
});

test("FR7 SUBSCRIBED and then nothing at all is not believed", async () => {
  server.onJoin = (channel) => channel.reply();
  bed.feed.start();
  bed.db.commit(3);
  await pass(MINUTE);
  expect(bed.picture).toEqual(bed.truth);
  expect(bed.states).not.toContain("live");
  expect(bed.state).toBe("degraded");
});

test("FR8 messages doubled, in any order and under another table's name: the same in the end", async () => {
  await bed.live();
  const told = bed.db.commit(40).flatMap((each) => [each, each]);
  // A fixed shuffle over windows of twenty messages.
  const mixed = told
    .map((each, i) => ({ each, at: Math.floor(i / 20) * 20 + ((i * 7) % 20) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ each }) => each);
  for (const [i, { table, row }] of mixed.entries()) {
    const channel = server.channels.find(({ join }) =>
      join.bindings.some((binding) => binding.table === table),
    );
    const as = channel?.join.bindings[i % channel.join.bindings.length]?.table ?? table;
    channel?.change(table, row, { as });
  }
  await pass(100);
  expect(bed.picture).toEqual(bed.truth);
  expect(bed.shown).toEqual(bed.shown.toSorted((a, b) => a - b));
  // A row that is not what its message says it is.
  server.latest.change("process_execution_state", stepSample(sampleStep({ seq: 2 })));
  await pass(100);
  expect(bed.picture).toEqual(bed.truth);
  expect(bed.state).toBe("live");
});

test("FR9 messages that come before the first read has answered are neither lost nor taken back", async () => {
  bed.db.delayMs = 500;
  bed.feed.start();
  await pass(100);
  expect(bed.state).toBe("syncing");
  bed.commit(4);
  await pass(50);
  expect(bed.seqs).toEqual([1, 2, 3, 4, 5, 6, 7]);
  await until(() => bed.state === "live", 1_000);
  expect(bed.picture).toEqual(bed.truth);
  expect(bed.shown).toEqual(bed.shown.toSorted((a, b) => a - b));
});

test("FR10 a row too large to be sent whole is read", async () => {
  await bed.live();
  bed.db.commit();
  const { reads } = bed.db;
  server.latest.change(
    "step_execution_history",
    { id: "step-4" },
    { errors: ["Error 413: Payload Too Large"] },
  );
  await pass(100);
  expect(bed.picture).toEqual(bed.truth);
  expect({ reads: bed.db.reads, state: bed.state }).toEqual({ reads: reads + 1, state: "live" });
});

test("FR11 Realtime down for a working day: every change within 3 s, no storm, no pile of timers", async () => {
  server.isRefusing = true;
  bed.feed.start();
  await pass(10_000);
  const timers = vi.getTimerCount();
  for (let hour = 0; hour < 8; hour += 1) {
    bed.db.commit();
    await pass(3_000);
    expect(bed.picture).toEqual(bed.truth);
    expect(bed.state).toBe("degraded");
    await pass(HOUR - 3_000);
  }
  expect(vi.getTimerCount()).toBeLessThanOrEqual(timers + 5);
  expect(client.realtime.sendBuffer.length).toBeLessThanOrEqual(4);
  expect(client.realtime.stateChangeCallbacks.message.length).toBeLessThanOrEqual(10);
  expect(bed.db.reads).toBeLessThan(8 * 1_800 + 20);
  expect(server.attempts).toBeLessThan(8 * 400);
  server.isRefusing = false;
  await until(() => bed.state === "live", 60_000);
}, 30_000);

test("FR12 the publication is changed: the server's new word starts a read before it is called live again", async () => {
  await bed.live();
  bed.db.commit(5);
  for (const channel of server.channels) channel.system("ok", "Subscribed to PostgreSQL");
  await Promise.resolve();
  await pass(10);
  expect(bed.feed.store.getSnapshot().data.steps).toHaveLength(3);
  await until(() => bed.state === "live" && bed.seqs.length === 8, 1_000);
  expect(bed.states.slice(-2)).toEqual(["syncing", "live"]);
  expect(server.joins).toHaveLength(2);
});

test("FR14 a proxy that knows no WebSocket: reading alone within 5 s, tried again a few times a minute", async () => {
  server.isRefusing = true;
  bed.feed.start();
  await until(() => bed.state === "degraded", 5_100);
  await pass(10 * MINUTE);
  expect(server.attempts).toBeLessThan(10 * 8);
  bed.db.commit();
  await pass(2_100);
  expect(bed.picture).toEqual(bed.truth);
});
