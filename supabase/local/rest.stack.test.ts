/** What Pulseboard relies on in the REST API, driven by the unmodified client. Every test has tables of its own. */
import { randomUUID } from "node:crypto";
import type { SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createPerson,
  secretClient,
  signedInPerson,
  sql,
  tabClient,
  untilSchemaIsRead,
} from "./auth/test-person.ts";

const suffix = randomUUID().slice(0, 8);
const machines = `rest_machines_${suffix}`;
const runs = `rest_runs_${suffix}`;

beforeAll(async () => {
  await sql(`
    create table public.${machines} (id int primary key, name text not null unique, is_on boolean, tags text[], seen_at timestamptz);
    create table public.${runs} (
      id int primary key, machine_id int references public.${machines}(id), status text, mass numeric, big bigint, note jsonb);
    insert into public.${machines} values
      (1, 'alpha', true, '{hot,new}', '2026-01-02T03:04:05.678901Z'), (2, 'beta', false, '{}', null), (3, 'gamma', null, null, null);
    insert into public.${runs} values (10, 1, 'running', 1.5, 9007199254740991, '{"a": [1]}'), (11, 1, 'completed', 2, 1, null),
      (12, 2, 'failed', null, 1, null), (13, null, 'running', null, 1, null);
    grant all on public.${machines}, public.${runs} to service_role;`);
  await untilSchemaIsRead();
});
afterAll(() => sql(`drop table public.${runs}, public.${machines}`));

const db = (): SupabaseClient => secretClient();
const ids = (rows: { id: unknown }[] | null): unknown[] => (rows ?? []).map((row) => row.id);

describe("select", () => {
  test("gives every type in the form the row mappers expect", async () => {
    const { data } = await db().from(machines).select().eq("id", 1).single();
    expect(data).toEqual({
      id: 1,
      name: "alpha",
      is_on: true,
      tags: ["hot", "new"],
      seen_at: "2026-01-02T03:04:05.678901+00:00",
    });
    const run = await db().from(runs).select("mass, big, note").eq("id", 10).single();
    expect(run.data).toEqual({ mass: 1.5, big: 9007199254740991, note: { a: [1] } });
  });

  test.each<
    [
      string,
      (from: ReturnType<SupabaseClient["from"]>) => PromiseLike<{ data: { id: unknown }[] | null }>,
      number[],
    ]
  >([
    ["eq", (from) => from.select("id").eq("status", "running").order("id"), [10, 13]],
    [
      "neq and is",
      (from) => from.select("id").neq("status", "running").not("machine_id", "is", null).order("id"),
      [11, 12],
    ],
    ["in", (from) => from.select("id").in("status", ["failed", "completed"]).order("id"), [11, 12]],
    [
      "or",
      (from) =>
        from.select("id").or("status.eq.failed,and(status.eq.running,machine_id.is.null)").order("id"),
      [12, 13],
    ],
    ["gt and lte", (from) => from.select("id").gt("id", 10).lte("id", 12).order("id"), [11, 12]],
    ["ilike", (from) => from.select("id").ilike("status", "%LET%"), [11]],
    ["a jsonb path", (from) => from.select("id").eq("note->a->0", 1), [10]],
    [
      "order descending with nulls last",
      (from) => from.select("id").order("mass", { ascending: false, nullsFirst: false }).order("id"),
      [11, 10, 12, 13],
    ],
    ["limit", (from) => from.select("id").order("id").limit(2), [10, 11]],
    ["range", (from) => from.select("id").order("id").range(1, 2), [11, 12]],
  ])("filters and orders with %s", async (_what, ask, expected) => {
    const { data } = await ask(db().from(runs));
    expect(ids(data)).toEqual(expected);
  });

  test("contains and overlaps on arrays", async () => {
    expect(ids((await db().from(machines).select("id").contains("tags", ["hot"])).data)).toEqual([1]);
    expect(ids((await db().from(machines).select("id").overlaps("tags", ["new", "old"])).data)).toEqual([1]);
  });

  test("embeds to-one and to-many", async () => {
    const one = await db().from(runs).select(`id, machine:${machines}(name)`).order("id");
    expect(one.data?.at(0)).toEqual({ id: 10, machine: { name: "alpha" } });
    expect(one.data?.at(3)).toEqual({ id: 13, machine: null });
    const many = await db()
      .from(machines)
      .select(`id, runs:${runs}(id)`)
      .order("id")
      .overrideTypes<{ id: number; runs: { id: number }[] }[], { merge: false }>();
    expect(many.data?.map((row) => ids(row.runs))).toEqual([[10, 11], [12], []]);
  });

  test("filters by an embedded row, with !inner dropping what has none", async () => {
    const inner = await db()
      .from(runs)
      .select(`id, ${machines}!inner(name)`)
      .eq(`${machines}.name`, "alpha")
      .order("id")
      .overrideTypes<{ id: number }[], { merge: false }>();
    expect(ids(inner.data)).toEqual([10, 11]);
    const outer = await db()
      .from(runs)
      .select(`id, ${machines}(name)`)
      .eq(`${machines}.name`, "alpha")
      .order("id")
      .overrideTypes<{ id: number }[], { merge: false }>();
    expect(ids(outer.data)).toEqual([10, 11, 12, 13]);
  });

  test("counts exactly, with rows, with a range and with none", async () => {
    const page = await db().from(runs).select("id", { count: "exact" }).order("id").range(0, 1);
    expect([ids(page.data), page.count, page.status]).toEqual([[10, 11], 4, 206]);
    const head = await db().from(runs).select("*", { count: "exact", head: true });
    expect([head.data, head.count]).toEqual([null, 4]);
  });

  test("a range that begins after the end is refused with 416", async () => {
    const { status, error } = await db().from(runs).select("id", { count: "exact" }).range(10, 20);
    expect([status, error?.code]).toEqual([416, "PGRST103"]);
  });

  test("single and maybeSingle", async () => {
    const none = await db().from(runs).select().eq("id", 99).single();
    expect([none.status, none.error?.code]).toEqual([406, "PGRST116"]);
    const many = await db().from(runs).select().single();
    expect([many.status, many.error?.code]).toEqual([406, "PGRST116"]);
    expect(await db().from(runs).select("id").eq("id", 99).maybeSingle()).toMatchObject({
      data: null,
      error: null,
    });
    expect((await db().from(runs).select("id").eq("id", 10).maybeSingle()).data).toEqual({ id: 10 });
    expect((await db().from(runs).select().maybeSingle()).error?.code).toBe("PGRST116");
  });

  test("names an unknown table, column and relationship by status", async () => {
    expect((await db().from(`no_${suffix}`).select()).status).toBe(404);
    expect((await db().from(runs).select("nothing")).status).toBe(400);
    expect((await db().from(runs).select("id, profiles(id)")).status).toBe(400);
  });

  test("gives up when its signal is aborted", async () => {
    const controller = new AbortController();
    controller.abort();
    const { data, error } = await db().from(runs).select().abortSignal(controller.signal);
    expect(data).toBeNull();
    expect(error?.message).toMatch(/abort/i);
  });
});

describe("write", () => {
  test("inserts one and many, gives back what was written", async () => {
    const one = await db().from(machines).insert({ id: 20, name: "delta" }).select().single();
    expect([one.status, one.data?.name, one.data?.is_on]).toEqual([201, "delta", null]);
    const many = await db()
      .from(machines)
      .insert([
        { id: 21, name: "eta" },
        { id: 22, name: "iota" },
      ]);
    expect([many.status, many.data]).toEqual([201, null]);
    await db().from(machines).delete().gte("id", 20);
  });

  test("upserts on a key and on another unique column, and can leave what is there", async () => {
    const table = db().from(machines);
    await table.upsert([{ id: 30, name: "mu" }]);
    const renamed = await table.upsert({ id: 30, name: "nu" }).select().single();
    expect(renamed.data?.name).toBe("nu");
    const other = await table
      .upsert({ id: 30, name: "nu", is_on: true }, { onConflict: "name" })
      .select()
      .single();
    expect(other.data?.is_on).toBe(true);
    const left = await table.upsert({ id: 30, name: "xi" }, { ignoreDuplicates: true }).select();
    expect(left.data).toEqual([]);
    await table.delete().eq("id", 30);
  });

  test("updates and deletes only what the filter names", async () => {
    await db()
      .from(machines)
      .insert([
        { id: 40, name: "pi" },
        { id: 41, name: "rho" },
      ]);
    const updated = await db().from(machines).update({ is_on: true }).eq("id", 40).select("id, is_on");
    expect(updated.data).toEqual([{ id: 40, is_on: true }]);
    const nothing = await db().from(machines).update({ is_on: true }).eq("id", 404).select();
    expect([nothing.status, nothing.data]).toEqual([200, []]);
    const deleted = await db().from(machines).delete({ count: "exact" }).gte("id", 40);
    expect([deleted.status, deleted.count]).toEqual([204, 2]);
  });

  test("several rows in one request are one transaction", async () => {
    const { error } = await db()
      .from(machines)
      .insert([
        { id: 50, name: "sigma" },
        { id: 50, name: "tau" },
      ]);
    expect(error?.code).toBe("23505");
    expect((await db().from(machines).select().eq("id", 50)).data).toEqual([]);
  });

  test.each<[string, number, string, Record<string, unknown>]>([
    ["a duplicate", 409, "23505", { id: 1, name: "again" }],
    ["a missing value", 400, "23502", { id: 60 }],
    ["a wrong type", 400, "22P02", { id: "sixty", name: "upsilon" }],
    ["an unknown column", 400, "PGRST204", { id: 60, name: "phi", nothing: 1 }],
  ])("refuses %s with %i %s", async (_what, status, code, row) => {
    const refused = await db().from(machines).insert(row);
    expect([refused.status, refused.error?.code]).toEqual([status, code]);
  });

  test("refuses a row that refers to none with 409 23503", async () => {
    const refused = await db().from(runs).insert({ id: 70, machine_id: 404 });
    expect([refused.status, refused.error?.code]).toEqual([409, "23503"]);
  });
});

describe("row security", () => {
  const notes = `rest_notes_${suffix}`;
  beforeAll(async () => {
    await sql(`
      create table public.${notes} (id int primary key, owner uuid not null default auth.uid(), body text, secret text);
      alter table public.${notes} enable row level security;
      revoke all on public.${notes} from anon, authenticated;
      grant select (id, owner, body), insert (id, owner, body), update (body), delete on public.${notes} to authenticated;
      create policy "own notes" on public.${notes} for all to authenticated
        using (owner = (select auth.uid())) with check (owner = (select auth.uid()));`);
    await untilSchemaIsRead();
  });
  afterAll(() => sql(`drop table public.${notes}`));

  test("a person sees, changes and removes own rows only", async () => {
    const [{ tab: ada }, { tab: bob }] = [await signedInPerson(), await signedInPerson()];
    expect((await ada.from(notes).insert({ id: 1, body: "mine" })).status).toBe(201);
    expect((await bob.from(notes).select("id")).data).toEqual([]);
    expect((await bob.from(notes).update({ body: "his" }).eq("id", 1).select("id")).data).toEqual([]);
    expect((await bob.from(notes).delete({ count: "exact" }).eq("id", 1)).count).toBe(0);
    expect((await ada.from(notes).select("body")).data).toEqual([{ body: "mine" }]);
  });

  test("a row for someone else is refused with 403 42501", async () => {
    const [{ tab }, someone] = [await signedInPerson(), await createPerson()];
    const refused = await tab.from(notes).insert({ id: 2, owner: someone.id, body: "forged" });
    expect([refused.status, refused.error?.code]).toEqual([403, "42501"]);
    expect(await sql(`select id from public.${notes} where id = 2`)).toEqual([]);
  });

  test("a column without a grant is refused with 403 42501", async () => {
    const { tab } = await signedInPerson();
    const refused = await tab.from(notes).select("secret");
    expect([refused.status, refused.error?.code]).toEqual([403, "42501"]);
  });

  test("nobody signed in is refused with 401 42501, the secret key sees everything", async () => {
    const refused = await tabClient().from(notes).select("id");
    expect([refused.status, refused.error?.code]).toEqual([401, "42501"]);
    const { tab, person } = await signedInPerson();
    await tab.from(notes).insert({ id: 3, body: "seen" });
    const seen = await secretClient().from(notes).select("owner").eq("id", 3).single();
    expect(seen.data?.owner).toBe(person.id);
  });
});
