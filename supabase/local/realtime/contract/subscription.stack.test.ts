import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { connect, createFence, createTable, dropTables, listen, open } from "./test-feed.ts";
import { openRawSocket, type RawFrame, type RawSocket } from "./test-raw-socket.ts";

let db: Client;
const clients: SupabaseClient[] = [];
const sockets: RawSocket[] = [];

beforeAll(async () => {
  db = await connect();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.realtime.disconnect()));
  for (const { ws } of sockets.splice(0)) ws.close();
  await dropTables(db);
});
afterAll(() => db.end());

function clientOf(key = inject("stack").secretKey): SupabaseClient {
  const client = createClient(inject("stack").apiUrl, key, {
    auth: { autoRefreshToken: false, persistSession: false },
  });
  clients.push(client);
  return client;
}

async function rawSocket(vsn?: string): Promise<RawSocket> {
  const { apiUrl, secretKey } = inject("stack");
  const socket = await openRawSocket(apiUrl, secretKey, vsn);
  sockets.push(socket);
  return socket;
}

describe("a join", () => {
  test("is answered with the bindings as sent, in order, each with an id, then confirmed", async () => {
    const table = await createTable(db, "id int primary key");
    const socket = await rawSocket();
    const postgres_changes = [
      { event: "INSERT", schema: "public", table, filter: "id=gt.1" },
      { event: "*", schema: "public", table },
      { event: "*", schema: "public" },
    ];
    socket.send("1", "1", "realtime:room", "phx_join", { config: { postgres_changes } });
    const confirmed = await socket.frame((frame) => frame.event === "system");
    expect(socket.frames[0]).toEqual({
      joinRef: "1",
      ref: "1",
      topic: "realtime:room",
      event: "phx_reply",
      payload: {
        status: "ok",
        response: { postgres_changes: postgres_changes.map((each) => ({ ...each, id: expect.any(Number) })) },
      },
    });
    expect(confirmed.payload).toEqual({
      extension: "postgres_changes",
      status: "ok",
      message: "Subscribed to PostgreSQL",
      channel: "room",
    });
    await db.query(`insert into ${table} values (1), (2)`);
    await socket.frame((frame) => changeOf(frame, table)?.data.record.id === 2);
    const [first, second, third] = bindingIds(socket);
    expect(first).toBeLessThan(second ?? 0);
    expect(changeIds(socket, table)).toEqual([
      [second, third],
      [first, second, third],
    ]);
  });

  test("that waits is answered when changes are sure to arrive, and the confirmation comes after", async () => {
    const table = await createTable(db, "id int primary key");
    const client = clientOf();
    const listener = open(client, [{ event: "*", schema: "public", table }], { wait: true });
    await listener.when(() => listener.statuses.length > 0);
    await db.query(`insert into ${table} values (1)`);
    await listener.until(1);
    expect(listener.statuses).toEqual(["SUBSCRIBED"]);
    expect(listener.system).toHaveLength(1);
  });

  test("of the same topic ends the earlier channel of that topic", async () => {
    const table = await createTable(db, "id int primary key");
    const socket = await rawSocket();
    const config = { postgres_changes: [{ event: "*", schema: "public", table }] };
    socket.send("1", "1", "realtime:room", "phx_join", { config });
    await socket.frame(({ event }) => event === "system");
    socket.send("2", "2", "realtime:room", "phx_join", { config });
    await socket.frame(({ event, joinRef }) => event === "system" && joinRef === "2");
    expect(socket.frames.filter(({ event }) => event === "phx_close")).toMatchObject([{ joinRef: "1" }]);
    await db.query(`insert into ${table} values (1)`);
    await socket.frame(({ event }) => event === "postgres_changes");
    await socket.heartbeat();
    expect(changeIds(socket, table)).toHaveLength(1);
  });

  test("with the defaults of the client for broadcast and presence is accepted", async () => {
    const channel = clientOf().channel("defaults");
    const status = await new Promise((resolve) => channel.subscribe(resolve));
    expect(status).toBe("SUBSCRIBED");
  });

  test.each([
    { name: "private", config: { private: true }, code: "PrivateChannelsUnavailable" },
    { name: "presence", config: { presence: { enabled: true } }, code: "PresenceUnavailable" },
    { name: "replay", config: { broadcast: { replay: { since: 1 } } }, code: "BroadcastUnavailable" },
  ])("that really needs $name is refused in words", async ({ config, code }) => {
    const socket = await rawSocket();
    socket.send("1", "1", "realtime:room", "phx_join", { config });
    expect((await socket.frame(({ ref }) => ref === "1")).payload).toEqual({
      status: "error",
      response: {
        reason: expect.stringMatching(`^${code}: the embedded stack serves postgres_changes only`),
      },
    });
  });

  test("of a hundred and first channel is refused", async () => {
    const socket = await rawSocket();
    for (let n = 1; n <= 101; n++)
      socket.send(`${n}`, `${n}`, `realtime:room ${n}`, "phx_join", { config: {} });
    expect((await socket.frame(({ ref }) => ref === "100")).payload).toMatchObject({ status: "ok" });
    expect((await socket.frame(({ ref }) => ref === "101")).payload).toEqual({
      status: "error",
      response: { reason: "ChannelRateLimitReached: Too many channels" },
    });
  });
});

const REFUSALS = [
  {
    name: "an unknown table",
    binding: { event: "*", schema: "public", table: "nowhere" },
    message:
      /Please check Realtime is enabled for the given connect parameters: \[event: \*, schema: public, table: nowhere/,
  },
  {
    name: "an unpublished table",
    binding: { event: "*", schema: "auth", table: "users" },
    message: /Please check Realtime is enabled/,
  },
  {
    name: "an unknown operator",
    filter: "id=foo.1",
    message: /Error parsing `filter` params: "foo" is not an operator/,
  },
  { name: "a filter without operator", filter: "undefined", message: /Error parsing `filter` params/ },
  { name: "an empty condition", filter: "id=eq.1,", message: /must not contain empty segments/ },
  { name: "an unknown column", filter: "nothing=eq.1", message: /invalid column for filter nothing/ },
  {
    name: "a value of the wrong type",
    filter: "id=eq.one",
    message: /invalid input syntax for type integer/,
  },
  {
    name: "an operator the type has not",
    filter: "id=like.1%",
    message: /operator like is not supported on column id/,
  },
  {
    name: "a broken pattern",
    filter: "name=match.(",
    message: /operator match is not supported.*invalid regular expression/,
  },
  {
    name: "is true on text",
    filter: "name=is.true",
    message: /is true filter requires a boolean column, got text/,
  },
  { name: "is something else", filter: "id=is.odd", message: /is odd filter requires a boolean column/ },
  { name: "a list without parentheses", filter: "id=in.1,2", message: /must be wrapped by parentheses/ },
  {
    name: "a list too long",
    filter: `id=in.(${Array.from({ length: 101 }, (_, n) => n).join(",")})`,
    message: /too many values for `in` filter. Maximum 100/,
  },
  {
    name: "a selected column that is not there",
    select: ["id", "nothing"],
    message: /invalid column for select nothing/,
  },
  {
    name: "a filter on every table",
    table: "*",
    filter: "id=eq.1",
    message: /not supported for wildcard subscriptions/,
  },
];

describe.each(REFUSALS)("$name", ({ binding, message, name: _name, ...parts }) => {
  test("is joined, then refused by a system message", async () => {
    const table = await createTable(db, "id int primary key, name text");
    const listener = open(clientOf(), [binding ?? { event: "*", schema: "public", table, ...parts }]);
    await listener.when(() => listener.system.length > 0);
    expect(listener.system).toEqual([
      expect.objectContaining({
        extension: "postgres_changes",
        status: "error",
        message: expect.stringMatching(message),
      }),
    ]);
    expect(listener.statuses).toEqual(["SUBSCRIBED"]);
  });

  test("is refused at the join by whoever waits", async () => {
    const table = await createTable(db, "id int primary key, name text");
    const socket = await rawSocket();
    socket.send("1", "1", "realtime:room", "phx_join", {
      config: {
        postgres_changes: [binding ?? { event: "*", schema: "public", table, ...parts }],
        postgres_changes_options: { wait: true },
      },
    });
    const reply = await socket.frame(({ ref }) => ref === "1");
    expect(reply.payload).toEqual({
      status: "error",
      response: { reason: expect.stringMatching(message) },
    });
    await socket.heartbeat();
    expect(socket.frames.map(({ event }) => event)).toEqual(["phx_reply", "phx_reply"]);
  });
});

test("a role may not filter by a column it may not select", async () => {
  const table = await createTable(db, "id int primary key, secret text");
  await db.query(`revoke select on ${table} from anon; grant select (id) on ${table} to anon`);
  const listener = open(clientOf(inject("stack").publishableKey), [
    { event: "*", schema: "public", table, filter: "secret=eq.x" },
  ]);
  await listener.when(() => listener.system.length > 0);
  expect(listener.system[0]?.message).toMatch(/invalid column for filter secret/);
});

test("a select list trims the message to these columns and the key", async () => {
  const table = await createTable(db, "id int primary key, a text, b text, c text");
  await db.query(`alter table ${table} replica identity full`);
  const client = clientOf();
  const [trimmed, whole] = await Promise.all([
    listen(client, [{ event: "*", schema: "public", table, select: ["b"] }]),
    listen(client, [{ event: "*", schema: "public", table }]),
  ]);
  await db.query(`insert into ${table} values (1, 'a', 'b', 'c')`);
  await db.query(`update ${table} set b = 'B'`);
  expect((await trimmed.until(2)).map(({ new: row, old }) => [row, old])).toEqual([
    [{ id: 1, b: "b" }, {}],
    [
      { id: 1, b: "B" },
      { id: 1, b: "b" },
    ],
  ]);
  expect((await whole.until(2))[0]?.new).toEqual({ id: 1, a: "a", b: "b", c: "c" });
});

test("what is not there is answered: a push to an unknown topic, a broadcast, presence", async () => {
  const socket = await rawSocket();
  socket.send("1", "1", "realtime:room", "broadcast", {});
  expect((await socket.frame(({ ref }) => ref === "1")).payload).toEqual({
    status: "error",
    response: { reason: "unmatched topic" },
  });
  socket.send("2", "2", "realtime:room", "phx_join", { config: {} });
  socket.send("2", "3", "realtime:room", "broadcast", { type: "broadcast", event: "x", payload: {} });
  socket.send("2", "4", "realtime:room", "presence", { type: "presence", event: "track", payload: {} });
  const [broadcast, presence] = [
    await socket.frame(({ ref }) => ref === "3"),
    await socket.frame(({ ref }) => ref === "4"),
  ];
  expect(broadcast.payload).toMatchObject({
    status: "error",
    response: { reason: "the embedded stack serves postgres_changes only; broadcast is not available" },
  });
  expect(presence.payload).toMatchObject({ status: "error" });
});

test("a broadcast of the client library, which is binary, is answered with an error", async () => {
  const channel = clientOf().channel("talk", { config: { broadcast: { ack: true } } });
  await new Promise((resolve) => channel.subscribe(resolve));
  expect(await channel.send({ type: "broadcast", event: "hello", payload: { a: 1 } })).toBe("error");
});

test("a frame that is none closes the socket", async () => {
  const socket = await rawSocket();
  const closed = new Promise((resolve) => socket.ws.once("close", resolve));
  socket.ws.send("hello");
  expect(await closed).toBe(1007);
});

describe("the publication", () => {
  test("is followed while it changes, for every table of a schema", async () => {
    const client = clientOf();
    const fence = await createFence(db, [client]);
    const first = await createTable(db, "id int primary key");
    const listener = await listen(client, [{ event: "*", schema: "public" }]);
    const later = await createTable(db, "id int primary key, name text");
    await db.query(`insert into ${first} values (1); insert into ${later} values (2, 'pump')`);
    await listener.when(() => listener.heard.some(({ table }) => table === later));
    await db.query(`alter publication supabase_realtime drop table ${later}`);
    await db.query(`insert into ${later} values (3, 'valve')`);
    await db.query(`alter publication supabase_realtime add table ${later}`);
    await db.query(`insert into ${later} values (4, 'gauge')`);
    await fence();
    const heard = listener.heard.filter(({ table }) => table === first || table === later);
    expect(heard.map(({ table, new: row }) => [table, row])).toEqual([
      [first, { id: 1 }],
      [later, { id: 2, name: "pump" }],
      [later, { id: 4, name: "gauge" }],
    ]);
  });

  test("a column that is added, renamed or dropped shows at the next change", async () => {
    const table = await createTable(db, "id int primary key, a text");
    const listener = await listen(clientOf(), [{ event: "INSERT", schema: "public", table }]);
    await db.query(`insert into ${table} values (1, 'x')`);
    await listener.until(1);
    await db.query(`alter table ${table} add column b numeric`);
    await db.query(`insert into ${table} values (2, 'y', 1.5)`);
    await listener.until(2);
    await db.query(`alter table ${table} rename column a to name`);
    await db.query(`alter table ${table} drop column b`);
    await db.query(`insert into ${table} values (3, 'z')`);
    expect((await listener.until(3)).map(({ new: row }) => row)).toEqual([
      { id: 1, a: "x" },
      { id: 2, a: "y", b: 1.5 },
      { id: 3, name: "z" },
    ]);
  });
});

function bindingIds({ frames }: RawSocket): number[] {
  const reply = frames[0]?.payload as { response: { postgres_changes: { id: number }[] } };
  return reply.response.postgres_changes.map(({ id }) => id);
}

type ChangePayload = { ids: number[]; data: { table: string; record: { id: number } } };

function changeOf({ event, payload }: RawFrame, table: string): ChangePayload | null {
  const change = payload as ChangePayload;
  return event === "postgres_changes" && change.data.table === table ? change : null;
}

function changeIds({ frames }: RawSocket, table: string): number[][] {
  return frames.flatMap((frame) => {
    const change = changeOf(frame, table);
    return change === null ? [] : [change.ids];
  });
}
