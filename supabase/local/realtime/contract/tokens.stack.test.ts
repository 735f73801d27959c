import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect, createFence, createTable, dropTables, listen, open } from "./test-feed.ts";
import { openRawSocket } from "./test-raw-socket.ts";
import { type OwnRealtime, startOwnRealtime, stopOwnRealtimes } from "./test-realtime.ts";

const ANN = "00000000-0000-4000-8000-00000000000a";
const BOB = "00000000-0000-4000-8000-00000000000b";
const OWN_ROWS = "for select to authenticated using (owner = (select auth.uid()))";

let db: Client;
let own: OwnRealtime;
const clients: SupabaseClient[] = [];

beforeAll(async () => {
  db = await connect();
});
beforeEach(async () => {
  own = await startOwnRealtime();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.realtime.disconnect()));
  await stopOwnRealtimes();
  await dropTables(db);
});
afterAll(() => db.end());

function clientOf(key = own.keys.publishableKey): SupabaseClient {
  const client = createClient(own.url, key, { auth: { autoRefreshToken: false, persistSession: false } });
  clients.push(client);
  return client;
}

const tokenOf = (sub: string, seconds = 3600) =>
  own.keys.signUserToken({ sub, role: "authenticated" }, seconds);

describe("a new token", () => {
  test("changes what an open channel sees, without joining again", async () => {
    const table = await createTable(db, "id int primary key, owner uuid", [OWN_ROWS]);
    const client = clientOf();
    await client.realtime.setAuth(await tokenOf(ANN));
    const listener = await listen(client, [{ event: "*", schema: "public", table }]);
    const fence = await createFence(db, [client]);
    await db.query(`insert into ${table} values (1, $1), (2, $2)`, [ANN, BOB]);
    await listener.until(1);
    await client.realtime.setAuth(await tokenOf(BOB));
    await listener.when(() => listener.system.length === 2);
    await db.query(`insert into ${table} values (3, $1), (4, $2)`, [ANN, BOB]);
    await fence();
    expect(listener.heard.map(({ new: row }) => row["id"])).toEqual([1, 4]);
    expect(listener.statuses).toEqual(["SUBSCRIBED"]);
    expect(listener.system).toEqual([
      expect.objectContaining({
        extension: "postgres_changes",
        status: "ok",
        message: "Subscribed to PostgreSQL",
      }),
      expect.objectContaining({ extension: "postgres_changes", status: "ok" }),
    ]);
  });

  test("that is an opaque key is ignored, so signing out does not widen or narrow an open channel", async () => {
    const table = await createTable(db, "id int primary key, owner uuid", [OWN_ROWS]);
    const client = clientOf();
    await client.realtime.setAuth(await tokenOf(ANN));
    const listener = await listen(client, [{ event: "*", schema: "public", table }]);
    await client.realtime.setAuth(own.keys.secretKey);
    await client.realtime.setAuth("sb_publishable_of_nobody");
    const fence = await createFence(db, [client]);
    await db.query(`insert into ${table} values (1, $1), (2, $2)`, [ANN, BOB]);
    await fence();
    expect(listener.heard.map(({ new: row }) => row["id"])).toEqual([1]);
    expect(listener.statuses).toEqual(["SUBSCRIBED"]);
  });

  test.each([
    { name: "malformed", token: () => "not.a.token", message: "The token provided is not a valid JWT" },
    {
      name: "forged",
      token: async () => `${(await tokenOf(BOB)).split(".").slice(0, 2).join(".")}.${"A".repeat(86)}`,
      message: "Failed to validate JWT signature",
    },
    { name: "expired", token: () => tokenOf(BOB, -5), message: /^Token has expired [56] seconds ago$/ },
  ])("that is $name ends the channel and says so", async ({ token, message }) => {
    const table = await createTable(db, "id int primary key");
    const socket = await openRawSocket(own.url, own.keys.publishableKey);
    socket.send("1", "1", "realtime:t", "phx_join", {
      config: { postgres_changes: [{ event: "*", schema: "public", table }] },
      access_token: await tokenOf(ANN),
    });
    await socket.frame((frame) => frame.event === "system");
    socket.send("1", "2", "realtime:t", "access_token", { access_token: await token() });
    const closed = await socket.frame((frame) => frame.event === "phx_close");
    expect(closed).toMatchObject({ topic: "realtime:t", joinRef: "1" });
    expect(socket.frames.at(-2)).toMatchObject({
      event: "system",
      payload: {
        extension: "system",
        status: "error",
        channel: "t",
        message: typeof message === "string" ? message : expect.stringMatching(message),
      },
    });
    socket.send("1", "3", "realtime:t", "access_token", { access_token: await tokenOf(ANN) });
    expect((await socket.frame((frame) => frame.ref === "3")).payload).toEqual({
      status: "error",
      response: { reason: "unmatched topic" },
    });
    socket.ws.close();
  });
});

test("the channel ends when its token does, and nothing is sent to it afterwards", async () => {
  const table = await createTable(db, "id int primary key");
  const client = clientOf();
  const other = clientOf(own.keys.secretKey);
  const fence = await createFence(db, [other]);
  await client.realtime.setAuth(await tokenOf(ANN, 4));
  const listener = await listen(client, [{ event: "*", schema: "public", table }]);
  await db.query(`insert into ${table} values (1)`);
  await listener.until(1);
  await listener.when(() => listener.statuses.includes("CLOSED"));
  await db.query(`insert into ${table} values (2)`);
  await fence();
  expect(listener.heard).toHaveLength(1);
  expect(listener.system.at(-1)).toMatchObject({
    extension: "system",
    status: "error",
    message: expect.stringMatching(/^Token has expired \d seconds ago$/),
  });
  expect(listener.statuses).toEqual(["SUBSCRIBED", "CLOSED"]);
});

test.each([
  { name: "malformed", token: async () => "nonsense", reason: /^MalformedJWT: / },
  {
    name: "expired",
    token: () => tokenOf(ANN, -60),
    reason: /^InvalidJWTToken: Token has expired 6\d seconds ago$/,
  },
])("a join with a $name token is refused", async ({ token, reason }) => {
  const socket = await openRawSocket(own.url, own.keys.publishableKey);
  socket.send("1", "1", "realtime:t", "phx_join", { config: {}, access_token: await token() });
  const reply = await socket.frame((frame) => frame.ref === "1");
  expect(reply).toMatchObject({
    event: "phx_reply",
    payload: { status: "error", response: { reason: expect.stringMatching(reason) } },
  });
  socket.ws.close();
});

test("a socket with an unknown API key, or of an unknown protocol version, is not opened", async () => {
  await expect(openRawSocket(own.url, "sb_publishable_wrong")).rejects.toThrow("403");
  await expect(openRawSocket(own.url, own.keys.publishableKey, "9.0.0")).rejects.toThrow("403");
});

describe("messages of one socket", () => {
  /** Reading the token of a join takes long; whoever does not keep the order handles the leave before it. */
  async function slowServer(): Promise<OwnRealtime> {
    const slow: OwnRealtime = await startOwnRealtime({
      verifyToken: async (token) => {
        if (!token.startsWith("sb_")) await new Promise((resolve) => setTimeout(resolve, 100));
        return slow.keys.verifyToken(token);
      },
    });
    return slow;
  }

  test("are handled in order: a leave does not overtake its join", async () => {
    const table = await createTable(db, "id int primary key");
    const slow = await slowServer();
    const socket = await openRawSocket(slow.url, slow.keys.publishableKey);
    const access_token = await slow.keys.signUserToken({ sub: ANN, role: "authenticated" }, 60);
    const postgres_changes = [{ event: "*", schema: "public", table }];
    socket.send("1", "1", "realtime:t", "phx_join", { config: { postgres_changes }, access_token });
    socket.send("1", "2", "realtime:t", "phx_leave", {});
    await socket.heartbeat();
    expect(
      socket.frames.map(({ ref, event, payload }) => [ref, event, (payload as { status?: string }).status]),
    ).toEqual([
      ["1", "phx_reply", "ok"],
      ["2", "phx_reply", "ok"],
      ["1", "phx_close", undefined],
      ["heartbeat-1", "phx_reply", "ok"],
    ]);
    socket.send("9", "9", "realtime:fence", "phx_join", {
      config: { postgres_changes, postgres_changes_options: { wait: true } },
      access_token,
    });
    await socket.frame((frame) => frame.ref === "9");
    await db.query(`insert into ${table} values (1)`);
    await socket.frame((frame) => frame.event === "postgres_changes");
    await socket.heartbeat();
    const changes = socket.frames.filter((frame) => frame.event === "postgres_changes");
    expect(changes.map(({ topic }) => topic)).toEqual(["realtime:fence"]);
    socket.ws.close();
  });

  test("of the client library too: unsubscribing at once leaves nothing behind", async () => {
    const table = await createTable(db, "id int primary key");
    const slow = await slowServer();
    const client = createClient(slow.url, slow.keys.publishableKey);
    clients.push(client);
    await client.realtime.setAuth(await slow.keys.signUserToken({ sub: ANN, role: "authenticated" }, 60));
    const listener = open(client, [{ event: "*", schema: "public", table }]);
    await client.removeChannel(listener.channel);
    const fence = await createFence(db, [client]);
    await db.query(`insert into ${table} values (1)`);
    await fence();
    expect(listener.heard).toEqual([]);
  });
});
