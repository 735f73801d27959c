/** The cookie flow of @supabase/ssr as a Next.js server runs it: every request makes its own client from its cookies. */
import { createServerClient } from "@supabase/ssr";
import { afterEach, describe, expect, inject, test } from "vitest";
import { startOwnAuth, stopOwnAuths } from "./test-auth.ts";
import { createPerson, sql } from "./test-person.ts";

afterEach(stopOwnAuths);

/** The cookies of one browser. */
class Jar {
  private readonly cookies = new Map<string, string>();
  writes = 0;

  get names(): string[] {
    return [...this.cookies.keys()];
  }

  request(url = inject("stack").apiUrl) {
    return createServerClient(url, inject("stack").publishableKey, {
      cookies: {
        getAll: () => [...this.cookies].map(([name, value]) => ({ name, value })),
        setAll: (changed) => {
          this.writes += 1;
          for (const { name, value, options } of changed) {
            if (value === "" || options.maxAge === 0) this.cookies.delete(name);
            else this.cookies.set(name, value);
          }
        },
      },
    });
  }
}

describe("@supabase/ssr", () => {
  test("a sign-in in one request is known in the next, by claims and by user", async () => {
    const person = await createPerson();
    const jar = new Jar();
    expect((await jar.request().auth.signInWithPassword(person)).error).toBeNull();
    expect(jar.names.every((name) => name.startsWith("sb-"))).toBe(true);
    expect(jar.names.length).toBeGreaterThan(0);
    const next = jar.request();
    const { data, error } = await next.auth.getClaims();
    expect(error).toBeNull();
    expect(data?.claims.sub).toBe(person.id);
    expect((await next.auth.getUser()).data.user?.id).toBe(person.id);
  });

  test("a request without the cookies knows nobody", async () => {
    await new Jar().request().auth.signInWithPassword(await createPerson());
    const stranger = new Jar().request();
    expect((await stranger.auth.getClaims()).data).toBeNull();
    expect((await stranger.auth.getUser()).data.user).toBeNull();
  });

  test("the person's own rows come with the cookies", async () => {
    const person = await createPerson();
    const table = `own_${person.id.replaceAll("-", "")}`;
    await sql(`create table public.${table} (owner uuid default auth.uid());
      alter table public.${table} enable row level security;
      grant select on public.${table} to authenticated;
      create policy "own rows" on public.${table} to authenticated using (owner = (select auth.uid()));
      insert into public.${table} values ('${person.id}'), (gen_random_uuid());
      notify pgrst, 'reload schema';`);
    const jar = new Jar();
    await jar.request().auth.signInWithPassword(person);
    await expect
      .poll(async () => (await jar.request().from(table).select()).data)
      .toEqual([{ owner: person.id }]);
    await sql(`drop table public.${table}`);
  });

  test("requests that find the token run out refresh it at once, together, and keep the person signed in", async () => {
    const url = await startOwnAuth({ lifetimeSeconds: 30 });
    const person = await createPerson();
    const jar = new Jar();
    await jar.request(url).auth.signInWithPassword(person);
    const before = jar.writes;
    const requests = Array.from({ length: 4 }, () => jar.request(url));
    const users = await Promise.all(requests.map((request) => request.auth.getUser()));
    expect(users.map(({ data }) => data.user?.id)).toEqual(requests.map(() => person.id));
    expect(jar.writes).toBeGreaterThan(before);
    expect((await jar.request(url).auth.getUser()).data.user?.id).toBe(person.id);
  });

  test("a sign-out takes the cookies away and ends the session", async () => {
    const person = await createPerson();
    const jar = new Jar();
    await jar.request().auth.signInWithPassword(person);
    expect((await jar.request().auth.signOut()).error).toBeNull();
    expect(jar.names).toEqual([]);
    expect(await sql("select id from auth.sessions where user_id = $1", [person.id])).toEqual([]);
  });
});
