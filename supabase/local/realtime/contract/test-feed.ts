/** Throw-away published tables and listening clients for the tests of this folder. */
import { randomUUID } from "node:crypto";
import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { Client } from "pg";
import { inject } from "vitest";

export type Heard = {
  /** Position of the binding the event came for. */
  binding: number;
  eventType: "INSERT" | "UPDATE" | "DELETE";
  table: string;
  commit_timestamp: string;
  new: Record<string, unknown>;
  old: Record<string, unknown>;
  errors: string[] | null;
};

export type SystemMessage = { extension: string; status: string; message: string; channel: string };

export type Binding = { event: string; schema?: string; table?: string; filter?: string; select?: string[] };

export type Listener = {
  channel: RealtimeChannel;
  heard: Heard[];
  system: SystemMessage[];
  /** Every status the channel reported, with the reason when there was one. */
  statuses: string[];
  /** Resolves when that many events were heard. */
  until(count: number): Promise<Heard[]>;
  /** Resolves when the condition holds; looked at after everything that arrives. */
  when(condition: () => boolean): Promise<void>;
};

const PATIENCE_MS = 15_000;
const made = new WeakMap<Client, string[]>();

/** A connection to the database of the test stack, as its owner. */
export async function connect(dbUrl = inject("stack").dbUrl): Promise<Client> {
  const client = new Client({ connectionString: dbUrl });
  await client.connect();
  return client;
}

/**
 * Creates a published table in public that the API roles may select from; `columns` is SQL. Row security is on
 * when there are policies (`for select …`).
 */
export async function createTable(db: Client, columns: string, policies: string[] = []): Promise<string> {
  const name = `rt_${randomUUID().slice(0, 8)}`;
  await db.query(`create table ${name} (${columns})`);
  made.set(db, [...(made.get(db) ?? []), name]);
  if (policies.length > 0) await db.query(`alter table ${name} enable row level security`);
  for (const [index, policy] of policies.entries()) {
    await db.query(`create policy policy_${index} on ${name} ${policy}`);
  }
  await db.query(`revoke all on ${name} from anon, authenticated`);
  await db.query(`grant select on ${name} to anon, authenticated, service_role`);
  await db.query(`alter publication supabase_realtime add table ${name}`);
  await db.query("notify pgrst, 'reload schema'");
  return name;
}

/** Drops every table made over this connection. */
export async function dropTables(db: Client): Promise<void> {
  for (const name of made.get(db) ?? []) await db.query(`drop table if exists ${name}`);
  made.delete(db);
}

/** Opens a channel and returns at once; `when` tells how it goes. */
export function open(
  client: SupabaseClient,
  bindings: Binding[],
  options: { wait?: boolean; timeout?: number } = {},
): Listener {
  const config = { config: { postgres_changes_options: options } };
  const channel = client.channel(`test-${randomUUID()}`, config);
  const arrivals = new EventTarget();
  const arrived = () => arrivals.dispatchEvent(new Event("arrival"));
  const listener: Listener = {
    channel,
    heard: [],
    system: [],
    statuses: [],
    until: async (count) => {
      await listener.when(() => listener.heard.length >= count);
      return listener.heard;
    },
    when: (condition) => waitUntil(arrivals, condition, () => describe(listener)),
  };
  channel.on("system", {}, (message: SystemMessage) => {
    listener.system.push(message);
    arrived();
  });
  for (const [binding, filter] of bindings.entries()) {
    channel.on("postgres_changes" as never, filter as never, (payload: Omit<Heard, "binding">) => {
      listener.heard.push({ ...payload, binding });
      arrived();
    });
  }
  channel.subscribe((status, error) => {
    listener.statuses.push(error === undefined ? status : `${status}: ${error.message}`);
    arrived();
  });
  return listener;
}

/** Opens a channel and resolves when it receives changes. */
export async function listen(client: SupabaseClient, bindings: Binding[]): Promise<Listener> {
  const listener = open(client, bindings, { wait: true });
  await listener.when(() => listener.statuses.length > 0);
  if (listener.statuses[0] !== "SUBSCRIBED") throw new Error(`not subscribed: ${describe(listener)}`);
  return listener;
}

/**
 * Shows that something was *not* sent without waiting for time to pass: events of one socket arrive in commit order,
 * so when the fence row is heard, everything committed before it has been heard or will never be.
 */
export async function createFence(db: Client, clients: SupabaseClient[]): Promise<() => Promise<void>> {
  const table = await createTable(db, "id bigint generated always as identity primary key");
  const listeners = await Promise.all(
    clients.map((client) => listen(client, [{ event: "INSERT", schema: "public", table }])),
  );
  let passed = 0;
  return async () => {
    passed += 1;
    await db.query(`insert into ${table} default values`);
    await Promise.all(listeners.map((listener) => listener.until(passed)));
  };
}

function waitUntil(arrivals: EventTarget, condition: () => boolean, seen: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      arrivals.removeEventListener("arrival", check);
      settle();
    };
    const check = () => condition() && finish(resolve);
    const timer = setTimeout(
      () => finish(() => reject(new Error(`waited ${PATIENCE_MS} ms in vain; ${seen()}`))),
      PATIENCE_MS,
    );
    arrivals.addEventListener("arrival", check);
    check();
  });
}

function describe({ heard, system, statuses }: Listener): string {
  return `heard ${heard.length} events, statuses ${JSON.stringify(statuses)}, system ${JSON.stringify(system)}`;
}
