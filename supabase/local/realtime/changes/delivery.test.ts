import type { Pool } from "pg";
import { expect, test } from "vitest";
import { claimSet, type Subscriber } from "../subscription.ts";
import { Catalogue } from "./catalogue.ts";
import { Delivery } from "./delivery.ts";
import type { Relation } from "./pgoutput.ts";
import type { Change } from "./replication.ts";
import type { Check } from "./table-check.ts";

type Job = { claims: { claims: { sub?: string }; rows: { __row: number }[] }[] };

function relation(relationOid: number): Relation {
  return {
    tag: "relation",
    relationOid,
    schema: "public",
    name: `t${relationOid}`,
    replicaIdentity: "default",
    columns: [],
    keyColumns: ["id"],
  };
}

const RELATIONS = [relation(1), relation(2)];

function insert(table: number, id: number): Change {
  const [of = relation(0)] = RELATIONS.slice(table, table + 1);
  return {
    type: "INSERT",
    relation: of,
    record: { id: `${id}` },
    old: null,
    xid: 700 + id,
    committedAt: "x",
  };
}

/** A database in which everybody sees every row, and whose checks can be held or made to fail. */
function fakePool(answer: (jobs: Job[]) => Promise<void>) {
  const asked: Job[][] = [];
  const table = { key: ["id"], columns: [{ name: "id", typeOid: 23 }], generated: [] };
  const pool = {
    query: async (query: string | { values: string[] }) => {
      if (typeof query === "string") {
        if (query.includes("describe_tables")) return { rows: [{ tables: { 1: table, 2: table } }] };
        return { rows: [{ oid: 23, name: "int4", kind: "b", element: 0, delimiter: ",", base: 0 }] };
      }
      const jobs = JSON.parse(query.values[1] ?? "[]") as Job[];
      asked.push(jobs);
      await answer(jobs);
      const checks: Check[] = jobs.map(({ claims }) => ({
        hasRls: true,
        columns: { authenticated: ["id"] },
        passed: [],
        seen: claims.map(({ rows }) => rows.map(({ __row }) => __row)),
        generated: [],
      }));
      return { rows: [{ checks }] };
    },
  };
  return { pool: pool as unknown as Pool, asked };
}

function subscriber(sub: string, sent: string[]): Subscriber {
  const every = { event: "*" as const, schema: "public", table: "*", filters: [], select: null };
  return {
    topic: `realtime:${sub}`,
    version: 2,
    claimSet: claimSet({ role: "authenticated", sub }),
    active: [{ ...every, id: 1 }],
    sendText: (frame) => {
      const [, , topic, , { data }] = JSON.parse(frame);
      sent.push(`${topic} ${data.table} ${data.record.id}`);
    },
    announce: () => undefined,
  };
}

function start(answer: (jobs: Job[]) => Promise<void>, subscribers: Subscriber[]) {
  const { pool, asked } = fakePool(answer);
  const log: string[] = [];
  let gaps = 0;
  const delivery = new Delivery({
    pool,
    catalogue: new Catalogue(pool),
    subscribers: new Set(subscribers),
    onGap: () => {
      gaps += 1;
    },
    log: (line) => log.push(line),
  });
  return { delivery, asked, log, gaps: () => gaps };
}

test("one question per batch: all tables, keys and claim sets; what comes meanwhile is the next batch", async () => {
  const held = Promise.withResolvers<void>();
  const sent: string[] = [];
  const people = ["ann", "bob", "ann"].map((name) => subscriber(name, sent));
  const { delivery, asked } = start(() => held.promise, people);
  void delivery.push(insert(0, 1));
  delivery.commit();
  for (let id = 2; id <= 50; id++) void delivery.push(insert(id % 2, id));
  delivery.commit();
  held.resolve();
  await delivery.idle();
  expect(asked.map((jobs) => jobs.map(({ claims }) => claims.map(({ rows }) => rows.length)))).toEqual([
    [[1, 1]],
    [
      [25, 25],
      [24, 24],
    ],
  ]);
  const heardByBob = sent.filter((line) => line.startsWith("realtime:bob"));
  expect(heardByBob).toEqual(
    Array.from({ length: 50 }, (_, at) => `realtime:bob t${at === 0 ? 1 : ((at + 1) % 2) + 1} ${at + 1}`),
  );
});

test("a transaction is one question, and none is asked before it has been read to its end", async () => {
  const sent: string[] = [];
  const { delivery, asked } = start(async () => undefined, [subscriber("ann", sent)]);
  void delivery.push(insert(0, 1));
  void delivery.push(insert(1, 2));
  await delivery.idle();
  expect(asked).toEqual([]);
  delivery.commit();
  await delivery.idle();
  expect(asked).toHaveLength(1);
  expect(sent).toEqual(["realtime:ann t1 1", "realtime:ann t2 2"]);
});

test("a batch that cannot be checked is a gap, said and announced, and the next one is delivered", async () => {
  let isBroken = true;
  const sent: string[] = [];
  const answer = async () => {
    if (!isBroken) return;
    isBroken = false;
    throw new Error("connection lost");
  };
  const { delivery, log, gaps } = start(answer, [subscriber("ann", sent)]);
  void delivery.push(insert(0, 1));
  delivery.commit();
  await delivery.idle();
  void delivery.push(insert(0, 2));
  delivery.commit();
  await delivery.idle();
  expect(log).toEqual(["realtime: 1 changes could not be checked and were dropped: connection lost"]);
  expect(gaps()).toBe(1);
  expect(sent).toEqual(["realtime:ann t1 2"]);
});

test("a long queue holds the log reader back until it is worked off", async () => {
  const held = Promise.withResolvers<void>();
  const { delivery } = start(() => held.promise, [subscriber("ann", [])]);
  const waits = Array.from({ length: 4_500 }, (_, id) => delivery.push(insert(0, id)));
  expect(waits.findIndex((wait) => wait !== undefined)).toBeGreaterThanOrEqual(3_999);
  expect(waits.at(-1)).toBeInstanceOf(Promise);
  held.resolve();
  await expect(waits.at(-1)).resolves.toBeUndefined();
});

test("changes nobody subscribed to are not even queued", async () => {
  const { delivery, asked } = start(async () => undefined, []);
  expect(delivery.push(insert(0, 1))).toBeUndefined();
  delivery.commit();
  await delivery.idle();
  expect(asked).toEqual([]);
});
