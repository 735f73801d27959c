import type { SupabaseClient } from "@supabase/supabase-js";
import { createClient } from "@supabase/supabase-js";
import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { createPerson, type Person } from "../../auth/test-person.ts";
import { connect, createFence, createTable, dropTables, listen } from "./test-feed.ts";

let db: Client;
let [ann, bob]: Person[] = [];
const open: SupabaseClient[] = [];

beforeAll(async () => {
  db = await connect();
  [ann, bob] = [await createPerson(), await createPerson()];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.realtime.disconnect()));
  await dropTables(db);
});
afterAll(() => db.end());

async function clientOf(key: string, vsn: string, person?: Person): Promise<SupabaseClient> {
  const client = createClient(inject("stack").apiUrl, key, {
    auth: { autoRefreshToken: false, persistSession: false },
    realtime: { vsn },
  });
  open.push(client);
  if (person) {
    const { error } = await client.auth.signInWithPassword(person);
    if (error) throw error;
  }
  expect(client.realtime.endpointURL()).toContain(`vsn=${vsn}`);
  await client.realtime.setAuth();
  return client;
}

type Row = { id: number; owner: string | null; label: string; n: number };

const FILTERS: { filter?: string; passes: (row: Row) => boolean }[] = [
  { passes: () => true },
  { filter: "label=eq.shared", passes: (row) => row.label === "shared" },
  { filter: "n=gt.5", passes: (row) => row.n > 5 },
  {
    filter: "n=not.in.(1,7),label=neq.shared",
    passes: (row) => ![1, 7].includes(row.n) && row.label !== "shared",
  },
  { filter: 'label=in.(shared,"a,b")', passes: (row) => ["shared", "a,b"].includes(row.label) },
];
const EVENTS = ["*", "INSERT", "UPDATE", "DELETE"] as const;
const BINDINGS = EVENTS.flatMap((event) => FILTERS.map(({ filter, passes }) => ({ event, filter, passes })));

describe.each([
  { name: "version 1", vsn: "1.0.0" },
  { name: "version 2", vsn: "2.0.0" },
])("delivery over protocol $name", ({ vsn }) => {
  test("is decided by role, policy, filter and event together", async () => {
    const { publishableKey, secretKey } = inject("stack");
    const table = await createTable(
      db,
      "id int primary key, owner uuid, label text not null, n int not null",
      [
        "for select to authenticated using (owner = (select auth.uid()) or label = 'shared')",
        "for select to anon using (label = 'shared')",
      ],
    );
    const people = {
      anon: { client: await clientOf(publishableKey, vsn), sees: (row: Row) => row.label === "shared" },
      ann: {
        client: await clientOf(publishableKey, vsn, ann),
        sees: (row: Row) => row.label === "shared" || row.owner === ann?.id,
      },
      bob: {
        client: await clientOf(publishableKey, vsn, bob),
        sees: (row: Row) => row.label === "shared" || row.owner === bob?.id,
      },
      service: { client: await clientOf(secretKey, vsn), sees: () => true },
    };
    const fence = await createFence(
      db,
      Object.values(people).map(({ client }) => client),
    );
    const bindings = BINDINGS.map(({ event, filter }) => ({
      event,
      schema: "public",
      table,
      ...(filter === undefined ? {} : { filter }),
    }));
    const listeners = await Promise.all(
      Object.entries(people).map(async ([name, { client, sees }]) => ({
        name,
        sees,
        listener: await listen(client, bindings),
      })),
    );
    const rows: Row[] = [ann?.id, bob?.id, null].flatMap((owner = null, at) =>
      ["own", "shared", "a,b"].map((label, k) => ({ id: at * 3 + k + 1, owner, label, n: at * 3 + k })),
    );
    const done: { type: string; row: Row; filtered: Partial<Row> }[] = [];
    for (const row of rows) {
      await db.query(`insert into ${table} values ($1, $2, $3, $4)`, [row.id, row.owner, row.label, row.n]);
      // Row security is asked about the row as it is now: let it be delivered before it changes.
      await fence();
      done.push({ type: "INSERT", row, filtered: row });
      const changed = { ...row, n: row.n + 1 };
      await db.query(`update ${table} set n = n + 1 where id = $1`, [row.id]);
      await fence();
      done.push({ type: "UPDATE", row: changed, filtered: changed });
    }
    await db.query(`delete from ${table}`);
    done.push(...rows.map((row) => ({ type: "DELETE", row, filtered: { id: row.id } })));
    await fence();

    for (const { name, sees, listener } of listeners) {
      for (const [index, { event, filter, passes }] of BINDINGS.entries()) {
        const expected = done
          .filter(({ type }) => event === "*" || event === type)
          // A DELETE carries its key alone, so it passes no filter on another column, and row security is not asked.
          .filter(({ type, row }) => (type === "DELETE" ? filter === undefined : sees(row) && passes(row)))
          .map(({ type, row }) => `${type} ${row.id} n=${type === "DELETE" ? "-" : row.n}`);
        const got = listener.heard
          .filter(({ binding }) => binding === index)
          .map(({ eventType, new: row, old }) =>
            eventType === "DELETE" ? `DELETE ${old["id"]} n=-` : `${eventType} ${row["id"]} n=${row["n"]}`,
          );
        expect(got, `${name}, ${event} ${filter ?? "unfiltered"}`).toEqual(expected);
      }
    }
  });
});

test("a role without the right to select hears that something happened, and no value of it", async () => {
  const { publishableKey } = inject("stack");
  const table = await createTable(db, "id int primary key, secret text");
  await db.query(`revoke select on ${table} from anon`);
  const client = await clientOf(publishableKey, "2.0.0");
  const listener = await listen(client, [{ event: "*", schema: "public", table }]);
  await db.query(`insert into ${table} values (1, 'hidden')`);
  const [event] = await listener.until(1);
  expect(event).toMatchObject({ eventType: "INSERT", new: {}, old: {}, errors: ["Error 401: Unauthorized"] });
});

test("columns the role may not select are removed, in values and in the description", async () => {
  const { publishableKey, secretKey } = inject("stack");
  const table = await createTable(db, "id int primary key, name text, secret text");
  await db.query(`alter table ${table} replica identity full`);
  await db.query(`revoke select on ${table} from anon; grant select (id, name) on ${table} to anon`);
  const [anon, service] = [await clientOf(publishableKey, "2.0.0"), await clientOf(secretKey, "2.0.0")];
  const listeners = await Promise.all(
    [anon, service].map((client) => listen(client, [{ event: "*", schema: "public", table }])),
  );
  await db.query(`insert into ${table} values (1, 'pump', 'hidden')`);
  await db.query(`update ${table} set secret = 'still hidden'`);
  const [forAnon, forService] = await Promise.all(listeners.map((listener) => listener.until(2)));
  expect(forAnon?.map(({ new: row, old }) => ({ row, old }))).toEqual([
    { row: { id: 1, name: "pump" }, old: {} },
    { row: { id: 1, name: "pump" }, old: { id: 1, name: "pump" } },
  ]);
  expect(forService?.at(1)).toMatchObject({ new: { secret: "still hidden" }, old: { secret: "hidden" } });
});

test("a policy that raises for one person silences nobody else", async () => {
  const { publishableKey, secretKey } = inject("stack");
  const table = await createTable(db, "id int primary key", [
    "for select to authenticated using (1 / (case when (select auth.uid()) = " +
      `'${ann?.id}' then 0 else 1 end) = 1)`,
  ]);
  const clients = [
    await clientOf(publishableKey, "2.0.0", ann),
    await clientOf(publishableKey, "2.0.0", bob),
    await clientOf(secretKey, "2.0.0"),
  ];
  const listeners = await Promise.all(
    clients.map((client) => listen(client, [{ event: "*", schema: "public", table }])),
  );
  await db.query(`insert into ${table} values (1), (2)`);
  const [annHeard, bobHeard, serviceHeard] = await Promise.all(listeners.map((each) => each.until(2)));
  expect(annHeard).toMatchObject([
    { new: {}, errors: ["Error 500: Internal Server Error, RLS policy evaluation failed"] },
    { new: {} },
  ]);
  expect(bobHeard?.map(({ new: row }) => row)).toEqual([{ id: 1 }, { id: 2 }]);
  expect(serviceHeard?.map(({ new: row }) => row)).toEqual([{ id: 1 }, { id: 2 }]);
});

test("changes of several tables in one batch are each checked for everyone", async () => {
  const { publishableKey, secretKey } = inject("stack");
  const policies = ["for select to anon using (id % 2 = 0)"];
  const tables = [
    await createTable(db, "id int primary key", policies),
    await createTable(db, "id int primary key", policies),
  ];
  const clients = [await clientOf(publishableKey, "2.0.0"), await clientOf(secretKey, "2.0.0")];
  const fence = await createFence(db, clients);
  const [anon, service] = await Promise.all(
    clients.map((client) =>
      listen(
        client,
        tables.map((table) => ({ event: "*", schema: "public", table })),
      ),
    ),
  );
  const rows = Array.from({ length: 200 }, (_, at) => ({ table: tables[at % 2], id: Math.floor(at / 2) }));
  await db.query(
    `begin; ${rows.map(({ table, id }) => `insert into ${table} values (${id});`).join(" ")} commit`,
  );
  await fence();
  const heardBy = (listener = anon) =>
    listener?.heard.map(({ table, new: row }) => ({ table, id: row["id"] }));
  expect(heardBy(service)).toEqual(rows);
  expect(heardBy(anon)).toEqual(rows.filter(({ id }) => id % 2 === 0));
});

test("a row that is gone, or out of sight, when it is checked is not delivered", async () => {
  const { publishableKey } = inject("stack");
  const table = await createTable(db, "id int primary key, shown boolean", [
    "for select to anon using (shown)",
  ]);
  const client = await clientOf(publishableKey, "2.0.0");
  const fence = await createFence(db, [client]);
  const listener = await listen(client, [{ event: "INSERT", schema: "public", table }]);
  await db.query(`begin; insert into ${table} values (1, true), (2, true), (3, true);
    delete from ${table} where id = 1; update ${table} set shown = false where id = 2; commit`);
  await fence();
  expect(listener.heard.map(({ new: row }) => row["id"])).toEqual([3]);
});

test("a table of two key columns is checked by both", async () => {
  const { publishableKey } = inject("stack");
  const table = await createTable(db, "a int, b text, n int, primary key (b, a)", [
    "for select to anon using (a = 1)",
  ]);
  const client = await clientOf(publishableKey, "2.0.0");
  const fence = await createFence(db, [client]);
  const listener = await listen(client, [{ event: "*", schema: "public", table }]);
  await db.query(`insert into ${table} values (1, 'x''y', 1), (2, 'x''y', 2)`);
  await db.query(`delete from ${table} where a = 2`);
  await fence();
  expect(listener.heard.map(({ new: row, old }) => [row, old])).toEqual([
    [{ a: 1, b: "x'y", n: 1 }, {}],
    [{}, { a: 2, b: "x'y" }],
  ]);
});
