/** The database before the first migration is what a hosted project gives: who may do what, and where things are. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { migrate } from "#supabase/runner/migrate.ts";
import { seed } from "./postgres/prepare.ts";
import { startStack } from "./stack.ts";

let client: Client;

beforeEach(async () => {
  client = new Client({ connectionString: inject("stack").dbUrl });
  await client.connect();
  await client.query("begin");
});
afterEach(async () => {
  await client.query("rollback");
  await client.end();
});

const rows = async (sql: string) => (await client.query(sql)).rows;

describe("the bootstrap", () => {
  test("gives the roles their attributes", async () => {
    expect(
      await rows(`select rolname as role, rolcanlogin as login, rolbypassrls as bypass, rolinherit as inherit from pg_roles
        where rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'postgres') order by 1`),
    ).toEqual([
      { role: "anon", login: false, bypass: false, inherit: false },
      { role: "authenticated", login: false, bypass: false, inherit: false },
      { role: "authenticator", login: true, bypass: false, inherit: false },
      { role: "postgres", login: true, bypass: true, inherit: true },
      { role: "service_role", login: false, bypass: true, inherit: false },
    ]);
  });

  test("can be repeated on a database that has it", async () => {
    await client.query("set local role supabase_admin");
    await client.query(await readFile(new URL("./bootstrap.sql", import.meta.url), "utf8"));
    expect(
      await rows(
        "select count(*)::int as publications from pg_publication where pubname = 'supabase_realtime'",
      ),
    ).toEqual([{ publications: 1 }]);
  });

  test.each(["anon", "authenticated", "service_role"])(
    "opens what migrations make in public to %s",
    async (role) => {
      await client.query(
        `create table public.made (id serial); create function public.made() returns int language sql as 'select 1'`,
      );
      await client.query(`set local role ${role}`);
      await client.query("insert into public.made default values");
      expect(await rows("select id, public.made() from public.made")).toEqual([{ id: 1, made: 1 }]);
    },
  );

  test.each(["anon", "authenticated", "service_role"])("keeps the accounts from %s", async (role) => {
    await client.query(`set local role ${role}`);
    await expect(client.query("select encrypted_password from auth.users")).rejects.toThrow(
      "permission denied",
    );
  });

  test("reads the person from the claims of the request", async () => {
    const sub = randomUUID();
    const who =
      "select auth.uid() as uid, auth.role() as role, auth.email() as email, auth.jwt() ->> 'sub' as sub";
    expect(await rows(who)).toEqual([{ uid: null, role: null, email: null, sub: null }]);
    await client.query("select set_config('request.jwt.claims', $1, true)", [
      JSON.stringify({ sub, role: "authenticated", email: "a@b.test" }),
    ]);
    await client.query("set local role authenticated");
    expect(await rows(who)).toEqual([{ uid: sub, role: "authenticated", email: "a@b.test", sub }]);
  });

  test("has pgcrypto in schema extensions, found without naming it", async () => {
    expect(
      await rows("select crypt('secret', crypt('secret', gen_salt('bf'))) is not null as works"),
    ).toEqual([{ works: true }]);
    expect(
      await rows(
        "select nspname from pg_extension e join pg_namespace n on n.oid = extnamespace where extname = 'pgcrypto'",
      ),
    ).toEqual([{ nspname: "extensions" }]);
  });

  test("limits how long people's statements may run, as hosted", async () => {
    expect(
      await rows(`select rolname as role, setting from pg_roles, unnest(rolconfig) as setting
        where rolname in ('anon', 'authenticated') and setting like 'statement_timeout=%' order by 1`),
    ).toEqual([
      { role: "anon", setting: "statement_timeout=3s" },
      { role: "authenticated", setting: "statement_timeout=8s" },
    ]);
  });
});

describe("a fresh database", () => {
  test("takes migrations and demo data once, from a role that is no superuser, as on a hosted project", {
    timeout: 90_000,
  }, async () => {
    const stack = await startStack({ ephemeral: true, migrate: false, seed: false });
    const admin = new Client({ connectionString: stack.dbUrl });
    try {
      await admin.connect();
      await admin.query("alter role postgres nosuperuser");
      expect((await migrate(stack.dbUrl)).applied.length).toBeGreaterThan(0);
      expect(await migrate(stack.dbUrl)).toEqual({ applied: [] });
      const file = new URL("../seed.sql", import.meta.url);
      const turns: string[] = [];
      expect(await seed(stack.dbUrl, file, () => turns.push("first"))).toBe(true);
      expect(await seed(stack.dbUrl, file, () => turns.push("second"))).toBe(true);
      expect(turns).toEqual(["first"]);
      const signedIn = await fetch(`${stack.apiUrl}/auth/v1/token?grant_type=password`, {
        method: "POST",
        headers: { apikey: stack.publishableKey, "content-type": "application/json" },
        body: JSON.stringify({ email: "operator@pulseboard.local", password: "pulseboard" }),
      });
      expect(signedIn.status).toBe(200);
    } finally {
      await admin.end();
      await stack.stop();
    }
  });
});
