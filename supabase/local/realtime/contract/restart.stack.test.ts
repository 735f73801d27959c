import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import pg, { type Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Stack, startStack } from "../../stack.ts";
import { createRealtime } from "../server.ts";
import { connect, createTable, dropTables, listen, open } from "./test-feed.ts";
import { startOwnRealtime, stopOwnRealtimes } from "./test-realtime.ts";

const PATIENCE = { timeout: 10_000, interval: 10 };

let stack: Stack;
let db: Client;
const clients: SupabaseClient[] = [];

beforeAll(async () => {
  stack = await startStack({ ephemeral: true, migrate: false, seed: false });
});
beforeEach(async () => {
  db = await connect(stack.dbUrl);
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.realtime.disconnect()));
  await stopOwnRealtimes();
  await dropTables(db);
  await db.end();
});
afterAll(() => stack.stop());

function clientOf(url = stack.apiUrl, key = stack.secretKey): SupabaseClient {
  const client = createClient(url, key, {
    auth: { autoRefreshToken: false, persistSession: false },
  });
  clients.push(client);
  return client;
}

/** Restarts Postgres under the connection of this file. */
function restart(kind: "fast" | "kill"): { isDown: Promise<void>; restarted: Promise<void> } {
  db.on("error", () => undefined);
  const isDown = new Promise<void>((resolve) => db.once("end", resolve));
  const restarted = Promise.all([stack.restartPostgres(kind), isDown]).then(async () => {
    db = await connect(stack.dbUrl);
  });
  return { isDown, restarted };
}

describe.each(["fast", "kill"] as const)("a %s restart of Postgres", (kind) => {
  test("is announced to every subscription as a possible gap, and changes arrive again", async () => {
    const table = await createTable(db, "id int primary key");
    const listeners = await Promise.all(
      [clientOf(), clientOf()].map((client) => listen(client, [{ event: "*", schema: "public", table }])),
    );
    await db.query(`insert into ${table} values (1)`);
    await Promise.all(listeners.map((listener) => listener.until(1)));
    await restart(kind).restarted;
    await Promise.all(listeners.map((listener) => listener.when(() => listener.system.length === 2)));
    await db.query(`insert into ${table} values (2)`);
    for (const listener of listeners) {
      expect((await listener.until(2)).map(({ new: row }) => row["id"])).toEqual([1, 2]);
      expect(listener.statuses).toEqual(["SUBSCRIBED"]);
      expect(listener.system.map(({ status, message }) => `${status}: ${message}`)).toEqual([
        "ok: Subscribed to PostgreSQL",
        "ok: Subscribed to PostgreSQL",
      ]);
    }
    await db.query(`drop table ${table}`);
  });

  test("holds a waiting join until changes stream again", async () => {
    const table = await createTable(db, "id int primary key");
    const client = clientOf();
    await new Promise((resolve) => client.channel("first").subscribe(resolve));
    const { isDown, restarted } = restart(kind);
    await isDown;
    const listener = open(client, [{ event: "*", schema: "public", table }], { wait: true });
    await Promise.all([restarted, listener.when(() => listener.statuses.length > 0)]);
    expect(listener.statuses).toEqual(["SUBSCRIBED"]);
    await db.query(`insert into ${table} values (1)`);
    await listener.until(1);
    await db.query(`drop table ${table}`);
  });

  test("leaves one slot, which is temporary", async () => {
    await restart(kind).restarted;
    await vi.waitFor(async () => {
      const { rows } = await db.query("select temporary, active from pg_replication_slots");
      expect(rows).toEqual([{ temporary: true, active: true }]);
    }, PATIENCE);
  });
});

test("an outage is told once in the log, and so is its end", async () => {
  const own = await startOwnRealtime({ dbUrl: stack.dbUrl });
  const told = () => own.log.filter((line) => line.includes("change stream"));
  await restart("kill").restarted;
  await vi.waitFor(() => expect(told()).toHaveLength(2), PATIENCE);
  expect(told()).toEqual([
    expect.stringMatching(/^realtime: the change stream ended \(.+\); it is being restored$/),
    "realtime: the change stream is restored; there may be a gap",
  ]);
});

test("a lost publication stops the stream, and is made again", async () => {
  const table = await createTable(db, "id int primary key");
  const listener = await listen(clientOf(), [{ event: "*", schema: "public", table }]);
  await db.query("drop publication supabase_realtime");
  await db.query(`insert into ${table} values (1)`);
  await listener.when(() => listener.system.length === 2);
  await db.query(`alter publication supabase_realtime add table ${table}`);
  await db.query(`insert into ${table} values (2)`);
  expect((await listener.until(1)).map(({ new: row }) => row["id"])).toEqual([2]);
});

test("a commit that is in the log but not yet visible to others is not lost", async () => {
  const table = await createTable(db, "id int primary key", ["for select using (true)"]);
  const listener = await listen(clientOf(), [{ event: "INSERT", schema: "public", table }]);
  const writer = await connect(stack.dbUrl);
  const { rows } = await writer.query<{ pid: number }>("select pg_backend_pid() as pid");
  // A commit that waits for a standby that never comes is in the log, and nobody sees its rows.
  await db.query("alter system set synchronous_standby_names = 'nobody'");
  await db.query("select pg_reload_conf()");
  try {
    await vi.waitFor(async () => {
      expect((await writer.query("show synchronous_standby_names")).rows).toEqual([
        { synchronous_standby_names: "nobody" },
      ]);
    }, PATIENCE);
    const { rows: clock } = await db.query<{ now: string }>("select clock_timestamp()::text as now");
    const written = writer.query(`insert into ${table} values (1)`);
    await vi.waitFor(async () => {
      const asked = await db.query(
        `select from pg_stat_activity where application_name = 'pulseboard-realtime'
          and query like '%check_changes%' and query_start > $1`,
        [clock[0]?.now],
      );
      expect(asked.rowCount).toBe(1);
    }, PATIENCE);
    await db.query("select pg_cancel_backend($1)", [rows[0]?.pid]);
    await written;
  } finally {
    await db.query("alter system reset synchronous_standby_names");
    await db.query("select pg_reload_conf()");
  }
  await writer.end();
  expect((await listener.until(1))[0]?.new).toEqual({ id: 1 });
});

test("values are those of UTC and ISO whatever the settings of the role and the database", async () => {
  const settings = ["timezone = 'Asia/Kathmandu'", "datestyle = 'SQL, DMY'", "intervalstyle = 'iso_8601'"];
  for (const setting of settings) await db.query(`alter role postgres set ${setting}`);
  try {
    const own = await startOwnRealtime({ dbUrl: stack.dbUrl });
    const client = clientOf(own.url, own.keys.secretKey);
    const table = await createTable(db, "id int primary key, at timestamptz, span interval, day date");
    const listener = await listen(client, [
      { event: "*", schema: "public", table, filter: "at=eq.2019-05-24T10:00:00.5+02:00" },
    ]);
    await db.query(`insert into ${table} values (1, '2019-05-24 10:00:00.5+02', 'P1DT2H', '2019-05-24')`);
    expect((await listener.until(1))[0]?.new).toEqual({
      id: 1,
      at: "2019-05-24T08:00:00.5+00:00",
      span: "1 day 02:00:00",
      day: "2019-05-24",
    });
  } finally {
    for (const name of ["timezone", "datestyle", "intervalstyle"]) {
      await db.query(`alter role postgres reset ${name}`);
    }
  }
});

describe("a server", () => {
  const ours = () =>
    db.query("select pid from pg_stat_activity where application_name = 'pulseboard-realtime' order by pid");

  test("that is closed leaves no connection, no slot and no changed type parser", async () => {
    const before = (await ours()).rows;
    const verifyToken = async () => ({ role: "anon" });
    const realtime = await createRealtime({ dbUrl: stack.dbUrl, verifyToken });
    expect((await db.query("select from pg_replication_slots")).rowCount).toBe(2);
    expect((await ours()).rows.length).toBeGreaterThan(before.length);
    const { rows } = await db.query("select true as flag, 1.5::float8 as ratio, '{}'::jsonb as doc");
    expect(rows).toEqual([{ flag: true, ratio: 1.5, doc: {} }]);
    expect(pg.types.getTypeParser(16)("t")).toBe(true);
    await realtime.close();
    await vi.waitFor(async () => {
      expect((await ours()).rows).toEqual(before);
      expect((await db.query("select from pg_replication_slots")).rowCount).toBe(1);
    }, PATIENCE);
  });

  test("that cannot reach its database says so and leaves nothing", async () => {
    const starting = createRealtime({
      dbUrl: "postgres://postgres@127.0.0.1:1/postgres",
      verifyToken: async () => ({ role: "anon" }),
    });
    await expect(starting).rejects.toThrow("ECONNREFUSED");
  });

  test("cannot be asked by the API roles for what only it may know", async () => {
    const { rows } = await db.query(
      `select p.proname, r.rolname from pg_proc p, unnest(array['anon', 'authenticated', 'service_role']) r(rolname)
        where p.pronamespace = 'realtime'::regnamespace and has_function_privilege(r.rolname, p.oid, 'execute')`,
    );
    expect(rows).toEqual([]);
  });
});
