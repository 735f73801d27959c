import { beforeEach, expect, test } from "vitest";
import { SAMPLE_START } from "#lib/model/samples.ts";
import type { FeedChange } from "#lib/supabase/open-feed.ts";
import { ChannelLink } from "./channel-link.ts";
import { ManualRuntime, ScriptedTransport, settle } from "./scripted-world.ts";

let runtime: ManualRuntime;
let transport: ScriptedTransport;
let link: ChannelLink;
let readies: number;
let changes: FeedChange[];

beforeEach(() => {
  runtime = new ManualRuntime(SAMPLE_START);
  transport = new ScriptedTransport();
  readies = 0;
  changes = [];
  link = new ChannelLink({
    scope: { name: "fleet", bindings: [{ table: "machines" }] },
    transport,
    runtime,
    clock: runtime,
    events: {
      moved: () => undefined,
      ready: () => {
        readies += 1;
      },
      change: (change) => changes.push(change),
    },
  });
});

async function opened(): Promise<void> {
  void link.open();
  await settle();
}

/** Milliseconds until another channel is opened; fails after a minute. */
async function untilReopened(): Promise<number> {
  const before = transport.channels.length;
  for (let ms = 0; ms <= 60_000; ms += 250) {
    if (transport.channels.length > before) return ms;
    await runtime.advance(250);
  }
  throw new Error("no channel was opened within a minute");
}

test("joins only after the token is known", async () => {
  let answer: (value: "ok") => void = () => undefined;
  transport.authorised = new Promise((resolve) => {
    answer = resolve;
  });
  await opened();
  expect(link.stage).toBe("authorising");
  expect(transport.channels).toHaveLength(0);
  answer("ok");
  await settle();
  expect(link.stage).toBe("joining");
  expect(transport.channels).toHaveLength(1);
});

test("joined is not ready: the server's own word makes it so", async () => {
  await opened();
  transport.latest.listener.subscribed();
  expect(link.stage).toBe("confirming");
  expect(readies).toBe(0);
  transport.latest.listener.system(true, "");
  expect(link.stage).toBe("ready");
  expect(readies).toBe(1);
});

test("the server's word may come before the join's answer", async () => {
  await opened();
  transport.latest.listener.system(true, "");
  expect(link.stage).toBe("joining");
  transport.latest.listener.subscribed();
  expect(link.stage).toBe("ready");
});

test("every later confirmation and every rejoin says: something may have been missed", async () => {
  await opened();
  transport.latest.accept();
  transport.latest.listener.system(true, "Subscribed again");
  expect(readies).toBe(2);
  transport.latest.listener.subscribed();
  expect(readies).toBe(3);
});

test("a channel lost with its socket is dropped at once and opened anew", async () => {
  await opened();
  transport.latest.accept();
  transport.latest.listener.failed("socket closed");
  expect(link).toMatchObject({ stage: "authorising", reason: "socket closed" });
  expect(transport.openChannels).toEqual([]);
  expect(await untilReopened()).toBe(500);
  transport.latest.listener.subscribed();
  expect(link.stage).toBe("confirming");
  transport.latest.listener.system(true, "");
  expect(link).toMatchObject({ stage: "ready", reason: null });
});

test("sockets that keep failing are tried ever more seldom, and are no reason to renew the session", async () => {
  await opened();
  const waits: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    transport.latest.listener.failed("socket closed");
    waits.push(await untilReopened());
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(transport.authorisations).not.toContain(true);
});

test("a server that says SUBSCRIBED and stays silent is not believed", async () => {
  await opened();
  transport.latest.listener.subscribed();
  await runtime.advance(20_000);
  expect(link).toMatchObject({
    stage: "authorising",
    reason: "The server did not confirm the subscription.",
  });
  expect(readies).toBe(0);
});

test("a subscription the server could not make is no readiness, whatever was said before", async () => {
  await opened();
  transport.latest.accept();
  transport.latest.listener.system(false, "table not in publication");
  expect(link).toMatchObject({ stage: "confirming", reason: "table not in publication" });
  transport.latest.listener.system(true, "Subscribed to PostgreSQL");
  expect(link).toMatchObject({ stage: "ready", reason: null });
});

test("why the server closed the channel is its own word, if it said one", async () => {
  await opened();
  transport.latest.accept();
  transport.latest.listener.system(false, "Token has expired 0 seconds ago");
  transport.latest.listener.closed();
  expect(link.reason).toBe("Token has expired 0 seconds ago");
  await untilReopened();
  transport.latest.listener.closed();
  expect(link.reason).toBe("The server closed the channel.");
});

test("a channel that is not trusted any more is opened anew, with the usual pause", async () => {
  await opened();
  link.distrust("silent");
  expect(link.stage).toBe("joining");
  transport.latest.accept();
  link.distrust("silent");
  expect(link).toMatchObject({ stage: "authorising", reason: "silent" });
  expect(await untilReopened()).toBe(500);
});

test("a closed channel is opened anew after 0.5, 1, 2 … 30 s, each time half by chance", async () => {
  await opened();
  const waits: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    transport.latest.listener.closed();
    waits.push(await untilReopened());
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  runtime.chance = 0;
  transport.latest.listener.closed();
  expect(await untilReopened()).toBe(15_000);
});

test("only a steady channel forgets its failures", async () => {
  await opened();
  for (let i = 0; i < 3; i += 1) {
    transport.latest.listener.closed();
    await untilReopened();
    transport.latest.accept();
  }
  await runtime.advance(10_000);
  transport.latest.listener.closed();
  expect(await untilReopened()).toBe(500);
});

test("closed twice in a row, the session is renewed, but not more than once in five minutes", async () => {
  await opened();
  for (let i = 0; i < 5; i += 1) {
    transport.latest.listener.closed();
    await untilReopened();
  }
  expect(transport.authorisations).toEqual([false, false, true, false, false, false]);
  await runtime.advance(300_000);
  transport.latest.listener.closed();
  await untilReopened();
  expect(transport.authorisations.at(-1)).toBe(true);
});

test("a join refused twice in a row renews the session too", async () => {
  await opened();
  for (let i = 0; i < 2; i += 1) {
    transport.latest.listener.refused("InvalidJWTToken");
    expect(link.reason).toBe("InvalidJWTToken");
    await untilReopened();
  }
  expect(transport.authorisations).toEqual([false, false, true]);
});

test("signed out is told apart from a sign-in service that does not answer", async () => {
  transport.authorised = "signed-out";
  await opened();
  expect(link).toMatchObject({ isSignedOut: true, reason: "You are signed out." });
  transport.authorised = "unreachable";
  await runtime.advance(1_000);
  expect(link).toMatchObject({ isSignedOut: true, reason: "The sign-in service did not answer." });
  transport.authorised = "ok";
  await runtime.advance(2_000);
  expect(link).toMatchObject({ stage: "joining", isSignedOut: false });
});

test("an authorisation that hangs or throws is one that failed", async () => {
  transport.authorised = new Promise(() => undefined);
  await opened();
  await runtime.advance(15_000);
  expect(link.reason).toBe("The sign-in service did not answer.");
  transport.authorise = async () => {
    throw new Error("no storage");
  };
  await runtime.advance(1_000);
  expect(link.reason).toBe("The sign-in service did not answer.");
});

test("a transport that cannot open a socket is a failure like another", async () => {
  transport.open = () => {
    throw new Error("WebSocket not available");
  };
  await opened();
  expect(link).toMatchObject({ stage: "authorising", reason: "WebSocket not available" });
});

test("what an earlier channel still says is not listened to", async () => {
  await opened();
  const old = transport.latest;
  old.accept();
  void link.open();
  await settle();
  old.listener.closed();
  old.listener.system(true, "");
  old.listener.subscribed();
  old.send({ table: "machines", row: {} });
  expect(link.stage).toBe("joining");
  expect(changes).toEqual([]);
});

test("opening twice in one breath opens one channel", async () => {
  void link.open();
  void link.open();
  await settle();
  expect(transport.channels).toHaveLength(1);
});

test("a closed link leaves nothing behind", async () => {
  await opened();
  transport.latest.accept();
  link.close();
  expect(transport.openChannels).toEqual([]);
  expect(runtime.pendingTimers).toBe(0);
});
