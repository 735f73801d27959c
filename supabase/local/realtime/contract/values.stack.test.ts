import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { untilAnswered } from "../../auth/test-person.ts";
import { connect, createFence, createTable, dropTables, listen } from "./test-feed.ts";

let db: Client;
let client: SupabaseClient;

beforeAll(async () => {
  db = await connect();
  const { apiUrl, secretKey } = inject("stack");
  client = createClient(apiUrl, secretKey, { auth: { autoRefreshToken: false, persistSession: false } });
});
afterEach(async () => {
  await client.removeAllChannels();
  await dropTables(db);
});
afterAll(async () => {
  await client.realtime.disconnect();
  await db.query("drop domain if exists rt_pressure; drop type if exists rt_mood");
  await db.end();
});

const COLUMNS = `id int primary key, flag boolean, small smallint, big bigint, amount numeric, ratio double precision,
  single real, name text, code varchar(8), padded char(4), doc jsonb, raw json, at timestamptz, local timestamp,
  day date, clock time, span interval, uid uuid, bytes bytea, numbers int[], matrix int[][], names text[],
  times timestamptz[], docs jsonb[], flags boolean[], range tstzrange, mood rt_mood, moods rt_mood[], pressure rt_pressure`;

const ROWS = [
  `(1, true, -3, 9007199254740993, 12345.678900, 0.1, 1.5, 'plain', 'code', 'ab', '{"a": [1, null, "x"], "b": {}}',
    '{ "raw" : 1, "raw" : 2 }', '2019-05-24 10:00:00.123456+02', '2019-05-24 10:00:00', '2019-05-24', '10:00:00.5',
    '1 day 02:03:04', '7c9e6679-7425-40de-944b-e07fc1f90ae7', '\\xdeadbeef', '{1,null,3}', '{{1,2},{3,4}}',
    '{"a,b","c\\"d\\\\e",null,"null","","ü {x}"}', '{"2019-05-24 10:00:00+00",null}',
    array['{"a": 1}', '[1, "}"]', 'null']::jsonb[], '{t,f,null}', '[2019-05-24 10:00+00,)', 'calm', '{calm,wild}', 1.25)`,
  "(2)",
  `(3, false, 0, -1, 'NaN', 0, -0.25, '', '', '', 'null', 'null', 'infinity', '-infinity', 'infinity',
    '00:00', '0', null, '', '{}', '{}', '{}', '{}', '{}', '{}', 'empty', 'wild', '{}', 0)`,
  `(4, null, null, null, 1e30, 1e300, 1e-30, E'line\\nbreak\\t"quoted"', null, null, '"text"', '[]',
    '1883-11-18 00:00:00+00', null, null, null, null, null, null, '[2:3]={7,8}', null, null, null, null, null, null, null,
    null, null)`,
];

describe("values", () => {
  test("of every kind are those that the REST API returns", async () => {
    await db.query("create type rt_mood as enum ('calm', 'wild')");
    await db.query("create domain rt_pressure as numeric check (value >= 0)");
    const table = await createTable(db, COLUMNS);
    const listener = await listen(client, [{ event: "*", schema: "public", table }]);
    await untilAnswered(() => client.from(table).select());
    for (const row of ROWS) await db.query(`insert into ${table} values ${row}`);
    const heard = await listener.until(ROWS.length);
    const { data } = await client.from(table).select().order("id").throwOnError();
    expect(heard.map(({ new: row }) => row)).toEqual(data);
    await db.query(`update ${table} set name = coalesce(name, '') || '!'`);
    const updates = (await listener.until(2 * ROWS.length)).slice(ROWS.length);
    const { data: updated } = await client.from(table).select().order("id").throwOnError();
    expect(updates.map(({ new: row }) => row)).toEqual(updated);
  });

  test("carry the commit time, the table and its column types", async () => {
    const table = await createTable(db, "id int primary key, at timestamptz, tags text[]");
    const listener = await listen(client, [{ event: "*", schema: "public", table }]);
    const before = Date.now();
    await db.query(`insert into ${table} values (1)`);
    const [event] = await listener.until(1);
    expect(event).toMatchObject({ schema: "public", table, eventType: "INSERT", old: {}, errors: null });
    expect(event?.commit_timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(event?.commit_timestamp ?? "")).toBeGreaterThanOrEqual(before - 1);
    expect(Date.parse(event?.commit_timestamp ?? "")).toBeLessThanOrEqual(Date.now());
  });

  test("of generated columns are there, and can be filtered by", async () => {
    const table = await createTable(
      db,
      `id int primary key, planned int, measured numeric(12,3), note text,
       deviation_ms numeric generated always as (measured - planned) stored,
       is_deviation boolean generated always as (abs(measured - planned) > 5) stored`,
    );
    const fence = await createFence(db, [client]);
    const listener = await listen(client, [
      { event: "*", schema: "public", table },
      { event: "*", schema: "public", table, filter: "is_deviation=eq.true" },
      { event: "*", schema: "public", table, filter: "deviation_ms=lt.0" },
      { event: "*", schema: "public", table, filter: "deviation_ms=is.null" },
    ]);
    await db.query(`insert into ${table} values (1, 100, 101.5), (2, 100, 90), (3, 100, null)`);
    await db.query(`update ${table} set measured = 106 where id = 1`);
    await fence();
    const heardBy = (binding: number) =>
      listener.heard
        .filter((each) => each.binding === binding)
        .map(({ new: row }) => [row["id"], row["deviation_ms"], row["is_deviation"]]);
    expect(heardBy(0)).toEqual([
      [1, 1.5, false],
      [2, -10, true],
      [3, null, null],
      [1, 6, true],
    ]);
    expect(heardBy(1)).toEqual([
      [2, -10, true],
      [1, 6, true],
    ]);
    expect(heardBy(2)).toEqual([[2, -10, true]]);
    expect(heardBy(3)).toEqual([[3, null, null]]);
  });
});

describe("the old row", () => {
  test("is the key, and with replica identity full the row", async () => {
    const table = await createTable(db, "id int primary key, n int");
    const listener = await listen(client, [{ event: "*", schema: "public", table }]);
    await db.query(`insert into ${table} values (1, 1)`);
    await db.query(`update ${table} set n = 2`);
    await db.query(`update ${table} set id = 7`);
    await db.query(`delete from ${table}`);
    await listener.until(4);
    await db.query(`alter table ${table} replica identity full`);
    await db.query(`insert into ${table} values (2, 1)`);
    await listener.until(5);
    await db.query(`update ${table} set n = 2`);
    await listener.until(6);
    await db.query(`delete from ${table}`);
    expect((await listener.until(7)).map(({ new: row, old }) => [row, old])).toEqual([
      [{ id: 1, n: 1 }, {}],
      [{ id: 1, n: 2 }, { id: 1 }],
      [{ id: 7, n: 2 }, { id: 1 }],
      [{}, { id: 7 }],
      [{ id: 2, n: 1 }, {}],
      [
        { id: 2, n: 2 },
        { id: 2, n: 1 },
      ],
      [{}, { id: 2, n: 2 }],
    ]);
  });

  test("of a DELETE is the key alone where row security is on, even with replica identity full", async () => {
    const table = await createTable(db, "id int primary key, n int", ["for select using (true)"]);
    await db.query(`alter table ${table} replica identity full`);
    const listener = await listen(client, [{ event: "DELETE", schema: "public", table }]);
    await db.query(`insert into ${table} values (1, 5)`);
    await db.query(`delete from ${table}`);
    expect((await listener.until(1))[0]?.old).toEqual({ id: 1 });
  });
});

describe("large values", () => {
  const LARGE = "(select string_agg(md5(i::text), '') from generate_series(1, 1000) i)";

  test("that an UPDATE does not touch are absent, and fail every filter on them", async () => {
    const table = await createTable(db, "id int primary key, n int, doc text");
    await db.query(`insert into ${table} select 1, 1, ${LARGE}`);
    const fence = await createFence(db, [client]);
    const listener = await listen(client, [
      { event: "*", schema: "public", table },
      { event: "*", schema: "public", table, filter: "doc=not.is.null" },
    ]);
    await db.query(`update ${table} set n = 2`);
    await fence();
    expect(listener.heard).toHaveLength(1);
    expect(listener.heard[0]?.new).toEqual({ id: 1, n: 2 });
    expect(listener.heard[0]?.new).not.toHaveProperty("doc");
    await db.query(`alter table ${table} replica identity full`);
    await db.query(`update ${table} set n = 3`);
    await fence();
    expect(listener.heard[1]?.new).toMatchObject({
      id: 1,
      n: 3,
      doc: expect.stringMatching(/^[0-9a-f]{32000}$/),
    });
  });

  test("beyond one MiB leave the fields of at most 64 bytes and an error", async () => {
    const table = await createTable(db, "id int primary key, short text, longer text, doc text");
    const listener = await listen(client, [{ event: "*", schema: "public", table }]);
    await db.query(`insert into ${table} values (1, repeat('s', 64), repeat('l', 65), repeat('x', 1048576))`);
    await db.query(`insert into ${table} values (2, 's', 'l', repeat('x', 1000000))`);
    const [tooLarge, large] = await listener.until(2);
    expect(tooLarge).toMatchObject({ eventType: "INSERT", errors: ["Error 413: Payload Too Large"] });
    expect(tooLarge?.new).toEqual({ id: 1, short: "s".repeat(64) });
    expect(large).toMatchObject({ errors: null });
    expect(String(large?.new["doc"])).toHaveLength(1_000_000);
  });
});

test("a table without a primary key says so instead of showing rows", async () => {
  const table = await createTable(db, "n int");
  const listener = await listen(client, [{ event: "*", schema: "public", table }]);
  await db.query(`insert into ${table} values (1)`);
  expect((await listener.until(1))[0]).toMatchObject({
    new: {},
    errors: ["Error 400: Bad Request, no primary key"],
  });
});

describe("filters", () => {
  const FILTERED = `id int primary key, n int, amount numeric, name text, code char(4), at timestamptz, flag boolean,
    uid uuid, tags text[]`;
  const FILTERED_ROWS = `(1, 1, 1.0, 'pump', 'a', '2024-01-01 00:00+00', true, '7c9e6679-7425-40de-944b-e07fc1f90ae7', '{a}'),
    (2, 2, 1.50, 'PUMP 2', 'b', '2024-01-01 12:00+02', false, null, '{}'), (3, null, null, null, null, null, null, null, null),
    (4, 10, 2, 'valve, main', 'a', '2025-01-01 00:00+00', true, '00000000-0000-4000-8000-000000000001', '{a,b}'),
    (5, -1, 0, 'a"b\\c', 'c', '2024-06-01 00:00+00', null, null, '{b}')`;

  test("select the rows that the REST API selects by them", async () => {
    const table = await createTable(db, FILTERED);
    await untilAnswered(() => client.from(table).select());
    const filters = [
      "n=eq.1",
      "n=eq.01",
      "n=neq.1",
      "n=gt.1",
      "n=gte.1",
      "n=lt.2",
      "n=lte.2",
      "n=not.gt.1",
      "n=in.(1,10)",
      "n=not.in.(1,10)",
      "n=is.null",
      "n=not.is.null",
      "n=isdistinct.1",
      "amount=eq.1",
      "amount=eq.1.5",
      "amount=neq.1.50",
      "amount=in.(1.00,2)",
      "name=eq.pump",
      "name=neq.pump",
      "name=like.pump%",
      "name=ilike.pump%",
      "name=not.ilike.pump%",
      "name=match.^p",
      "name=imatch.^p.*2$",
      "name=not.imatch.^p",
      'name=in.("valve, main",pump)',
      'name=in.("a\\"b\\\\c")',
      "name=gt.b",
      "name=isdistinct.pump",
      "code=eq.a",
      "code=not.eq.a",
      "at=eq.2024-01-01T10:00:00Z",
      "at=lt.2024-06-01",
      "at=gte.2024-06-01T00:00:00+00:00",
      "flag=eq.true",
      "flag=is.true",
      "flag=is.false",
      "flag=not.is.true",
      "flag=is.unknown",
      "uid=eq.7C9E6679-7425-40DE-944B-E07FC1F90AE7",
      "uid=neq.7c9e6679-7425-40de-944b-e07fc1f90ae7",
      "tags=eq.{a}",
      "tags=neq.{a}",
      "n=gt.0,name=ilike.%e%",
      "n=not.is.null,amount=lte.1.5,flag=isdistinct.true",
    ];
    const listener = await listen(
      client,
      filters.map((filter) => ({
        event: "INSERT",
        schema: "public",
        table,
        filter,
      })),
    );
    const fence = await createFence(db, [client]);
    await db.query(`insert into ${table} values ${FILTERED_ROWS}`);
    await fence();
    for (const [index, filter] of filters.entries()) {
      const heard = listener.heard
        .filter(({ binding }) => binding === index)
        .map(({ new: row }) => row["id"]);
      expect(heard, filter).toEqual(await selectedIds(table, filter));
    }
  });

  /** The same conditions as query parameters of the REST API, which has the same grammar. */
  async function selectedIds(table: string, filter: string): Promise<unknown[]> {
    const { apiUrl, secretKey } = inject("stack");
    const conditions = filter
      .split(/,(?=[a-z]+=)/)
      .map((condition) => condition.replace(/=(.*)$/, (_all, rest) => `=${encodeURIComponent(rest)}`))
      .join("&");
    const response = await fetch(`${apiUrl}/rest/v1/${table}?select=id&order=id&${conditions}`, {
      headers: { apikey: secretKey },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`${filter}: ${await response.text()}`);
    return ((await response.json()) as { id: number }[]).map(({ id }) => id);
  }
});
