import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from "vitest";
import { connect, createTable, dropTables, listen } from "./test-feed.ts";
import { openRawSocket } from "./test-raw-socket.ts";
import { startOwnRealtime, stopOwnRealtimes } from "./test-realtime.ts";

let db: Client;
const clients: SupabaseClient[] = [];

beforeAll(async () => {
  db = await connect();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.realtime.disconnect()));
  await stopOwnRealtimes();
  await dropTables(db);
});
afterAll(() => db.end());

function clientOf(url: string, key: string): SupabaseClient {
  const client = createClient(url, key, { auth: { autoRefreshToken: false, persistSession: false } });
  clients.push(client);
  return client;
}

test("5000 rows of one transaction all arrive, in order, checked against row security", async () => {
  const { apiUrl, publishableKey } = inject("stack");
  const table = await createTable(db, "id int primary key, n int", ["for select to anon using (n >= 0)"]);
  const client = clientOf(apiUrl, publishableKey);
  const listener = await listen(client, [{ event: "*", schema: "public", table }]);
  await db.query(`insert into ${table} select i, 0 from generate_series(1, 5000) i`);
  await listener.until(5000);
  await db.query(`update ${table} set n = 1`);
  const heard = await listener.until(10_000);
  const sequence = heard.map(({ eventType, new: row }) => `${eventType} ${row["id"]}`);
  const inOrder = (type: string) => Array.from({ length: 5000 }, (_, at) => `${type} ${at + 1}`);
  expect(sequence).toEqual([...inOrder("INSERT"), ...inOrder("UPDATE")]);
});

test("whether a person may see a row is looked up by its key, not by reading the table", async () => {
  const { apiUrl, publishableKey } = inject("stack");
  const table = await createTable(db, "id int primary key, doc text", ["for select to anon using (id > 0)"]);
  await db.query(`insert into ${table} select i, repeat('x', 200) from generate_series(1, 20000) i`);
  await db.query(`analyze ${table}`);
  const reads = async () => {
    const { rows } = await db.query<{ whole: number; by_key: number }>(
      `select seq_tup_read::int as whole, idx_scan::int as by_key from pg_stat_user_tables where relid = '${table}'::regclass`,
    );
    return rows[0];
  };
  const listener = await listen(clientOf(apiUrl, publishableKey), [{ event: "*", schema: "public", table }]);
  await db.query(`insert into ${table} values (20001, 'new')`);
  await listener.until(1);
  // Postgres adds its counts up when a session is idle for a moment.
  await vi.waitFor(async () => expect((await reads())?.by_key).toBeGreaterThan(0), 15_000);
  expect((await reads())?.whole).toBe(0);
});

test("eight writers at once: every commit arrives, each writer's in its order", async () => {
  const { apiUrl, secretKey } = inject("stack");
  const table = await createTable(db, "writer int, n int, primary key (writer, n)", [
    "for select using (true)",
  ]);
  const listener = await listen(clientOf(apiUrl, secretKey), [{ event: "INSERT", schema: "public", table }]);
  const writers = await Promise.all(Array.from({ length: 8 }, () => connect()));
  await Promise.all(
    writers.map(async (writer, id) => {
      for (let n = 0; n < 100; n++) await writer.query(`insert into ${table} values ($1, $2)`, [id, n]);
      await writer.end();
    }),
  );
  const heard = await listener.until(800);
  for (const id of writers.keys()) {
    const own = heard.filter(({ new: row }) => row["writer"] === id).map(({ new: row }) => row["n"]);
    expect(own).toEqual(Array.from({ length: 100 }, (_, n) => n));
  }
});

test("40 sockets each hear every change, once", async () => {
  const { apiUrl, publishableKey } = inject("stack");
  const table = await createTable(db, "id int primary key", ["for select to anon using (true)"]);
  const listeners = await Promise.all(
    Array.from({ length: 40 }, () =>
      listen(clientOf(apiUrl, publishableKey), [{ event: "*", schema: "public", table }]),
    ),
  );
  for (let id = 1; id <= 100; id++) await db.query(`insert into ${table} values ($1)`, [id]);
  const expected = Array.from({ length: 100 }, (_, at) => at + 1);
  for (const listener of listeners) {
    expect((await listener.until(100)).map(({ new: row }) => row["id"])).toEqual(expected);
  }
});

test("a client that does not read is cut, and the others hear everything", async () => {
  const own = await startOwnRealtime({ maxBufferedBytes: 512 * 1024 });
  const table = await createTable(db, "id int primary key, doc text");
  const sleeper = await openRawSocket(own.url, own.keys.secretKey);
  sleeper.send("1", "1", "realtime:t", "phx_join", {
    config: { postgres_changes: [{ event: "*", schema: "public", table }] },
  });
  await sleeper.frame(({ event }) => event === "system");
  sleeper.ws.pause();
  const reader = await listen(clientOf(own.url, own.keys.secretKey), [
    { event: "*", schema: "public", table },
  ]);
  for (let id = 1; id <= 200; id++) {
    await db.query(`insert into ${table} values ($1, repeat('x', 100000))`, [id]);
    await reader.until(id);
  }
  expect(own.log).toEqual([
    expect.stringMatching(
      /^realtime: a client does not read its changes \(\d+ KiB wait for it\); its socket was cut$/,
    ),
  ]);
  const closed = new Promise((resolve) => sleeper.ws.once("close", resolve));
  sleeper.ws.resume();
  expect(await closed).toBe(1006);
  expect(reader.statuses).toEqual(["SUBSCRIBED"]);
});
