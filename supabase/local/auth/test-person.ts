/** People and clients for the tests of this folder; each test makes its own, so tests never meet. */
import { randomUUID } from "node:crypto";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { Client } from "pg";
import { inject, vi } from "vitest";

export type Person = { id: string; email: string; password: string };

/** A client as a browser tab has it: the publishable key and its own memory for the session. */
export function tabClient(storage = memoryStorage()): SupabaseClient {
  const { apiUrl, publishableKey } = inject("stack");
  return createClient(apiUrl, publishableKey, { auth: { autoRefreshToken: false, storage } });
}

/** A client with the secret key. */
export function secretClient(): SupabaseClient {
  const { apiUrl, secretKey } = inject("stack");
  return createClient(apiUrl, secretKey, { auth: { autoRefreshToken: false, persistSession: false } });
}

export function memoryStorage(): {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
} {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** Creates a person through the admin API. */
export async function createPerson(): Promise<Person> {
  const email = `person-${randomUUID()}@pulseboard.test`;
  const password = "correct horse";
  const { data, error } = await secretClient().auth.admin.createUser({
    email,
    password,
    email_confirm: true,
  });
  if (error) throw error;
  return { id: data.user.id, email, password };
}

/** Creates a person and a tab signed in as that person. */
export async function signedInPerson(): Promise<{
  person: Person;
  tab: SupabaseClient;
  refreshToken: string;
}> {
  const person = await createPerson();
  const tab = tabClient();
  const { data, error } = await tab.auth.signInWithPassword(person);
  if (error) throw error;
  return { person, tab, refreshToken: data.session.refresh_token };
}

/** One statement on the database itself. */
export async function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: inject("stack").dbUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text, values);
    return rows;
  } finally {
    await client.end();
  }
}

/**
 * Waits until the REST API knows the schema as it is now. Some of what it is asked it answers before that; a function is known
 * only then, and this one is newer than all that is waited for.
 */
export async function untilSchemaIsRead(): Promise<void> {
  const name = `schema_is_read_${randomUUID().replaceAll("-", "")}`;
  await sql(
    `create function public.${name}() returns integer language sql as 'select 1'; notify pgrst, 'reload schema'`,
  );
  try {
    await untilAnswered(() => secretClient().rpc(name));
  } finally {
    await sql(`drop function public.${name}()`);
  }
}

/** Asks until there is an answer that is no error; a question about a new function has one once the API has read the schema. */
export async function untilAnswered(ask: () => PromiseLike<{ error: Error | null }>): Promise<void> {
  await vi.waitFor(async () => {
    const { error } = await ask();
    if (error) throw error;
  }, 20_000);
}
