/** Calls, isolation, time limits, keys and tokens of the REST API, driven by the unmodified client. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@supabase/supabase-js";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { secretClient, signedInPerson, sql, tabClient, untilAnswered } from "./auth/test-person.ts";
import { loadKeys } from "./keys.ts";
import { startStack } from "./stack.ts";

const suffix = randomUUID().slice(0, 8);
const name = (what: string): string => `call_${what}_${suffix}`;

beforeAll(async () => {
  await sql(`
    create table public.${name("rows")} (id int primary key);
    insert into public.${name("rows")} values (1), (2);

    create function public.${name("raise")}() returns jsonb language plpgsql set search_path = '' as $$
    begin
      insert into public.${name("rows")} values (99);
      raise sqlstate 'PT409' using message = 'The run was not started; the machine is processing.',
        hint = 'Wait until it is idle.', detail = 'machine_not_idle';
    end $$;

    create function public.${name("refuse")}(p_status int) returns jsonb language plpgsql set search_path = '' as $$
    begin
      perform pg_catalog.set_config('response.status', p_status::text, true);
      return pg_catalog.jsonb_build_object('ok', false, 'code', 'machine_not_idle', 'message', 'The run was not started.',
        'hint', 'Wait.', 'details', null);
    end $$;

    create function public.${name("isolation")}() returns text language sql stable
      set default_transaction_isolation = 'repeatable read' as $$ select current_setting('transaction_isolation') $$;
    create function public.${name("isolation_write")}() returns text language plpgsql volatile
      set default_transaction_isolation = 'repeatable read' set search_path = '' as
      $$ begin return pg_catalog.current_setting('transaction_isolation'); end $$;
    create function public.${name("isolation_plain")}() returns text language sql stable
      as $$ select current_setting('transaction_isolation') $$;

    create function public.${name("count_twice")}() returns int[] language plpgsql volatile set search_path = '' as $$
    declare v_first int; v_second int;
    begin
      select count(*) into v_first from public.${name("rows")};
      perform pg_catalog.pg_notify('${name("counted")}', '');
      perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtext('${suffix}'));
      select count(*) into v_second from public.${name("rows")};
      return array[v_first, v_second];
    end $$;
    create function public.${name("count_twice_frozen")}() returns int[] language plpgsql volatile
      set search_path = '' set default_transaction_isolation = 'repeatable read' as $$
    declare v_first int; v_second int;
    begin
      select count(*) into v_first from public.${name("rows")};
      perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtext('${suffix}'));
      select count(*) into v_second from public.${name("rows")};
      return array[v_first, v_second];
    end $$;

    create function public.${name("slow")}() returns void language sql volatile
      set statement_timeout = '100ms' as $$ select pg_sleep(20) $$;
    create function public.${name("who")}() returns jsonb language sql stable as $$
      select jsonb_build_object('uid', auth.uid(), 'role', auth.role(), 'user', current_user, 'claims', auth.jwt()) $$;
    create function public.${name("many")}(p_to int) returns setof public.${name("rows")} language sql stable as $$
      select g from generate_series(1, p_to) g $$;
    create function public.${name("secret")}() returns int language sql as $$ select 1 $$;
    revoke execute on function public.${name("secret")}() from public, anon, authenticated;
    grant all on public.${name("rows")} to service_role;
    notify pgrst, 'reload schema';`);
  await untilAnswered(() => secretClient().rpc(name("secret")));
});
afterAll(() =>
  sql(`do $$
    declare v_function regprocedure;
    begin
      for v_function in select oid from pg_proc where proname like 'call\\_%\\_${suffix}' loop
        execute 'drop function ' || v_function;
      end loop;
      drop table public.${name("rows")};
    end $$`),
);

describe("rpc", () => {
  test("a raised refusal has its status, message, hint and details, and undoes what was written", async () => {
    const { status, error, data } = await secretClient().rpc(name("raise"));
    expect(data).toBeNull();
    expect(status).toBe(409);
    expect(error).toMatchObject({
      code: "PT409",
      message: "The run was not started; the machine is processing.",
      hint: "Wait until it is idle.",
      details: "machine_not_idle",
    });
    expect(await sql(`select id from public.${name("rows")} where id = 99`)).toEqual([]);
  });

  test.each([403, 404, 409, 412, 422, 423, 429])(
    "a returned refusal with response.status %i is an error with its words",
    async (status) => {
      const refused = await secretClient().rpc(name("refuse"), { p_status: status });
      expect([refused.status, refused.data]).toEqual([status, null]);
      expect(refused.error).toMatchObject({
        code: "machine_not_idle",
        message: "The run was not started.",
        hint: "Wait.",
      });
    },
  );

  test("set-returning functions take filters, order and limits; GET works too", async () => {
    const rows = await secretClient()
      .rpc(name("many"), { p_to: 9 })
      .gt("id", 3)
      .order("id", { ascending: false })
      .limit(2);
    expect(rows.data).toEqual([{ id: 9 }, { id: 8 }]);
    const got = await secretClient().rpc(name("many"), { p_to: 2 }, { get: true });
    expect(got.data).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("an unknown function is 404, wrong arguments too, a forbidden one 403", async () => {
    expect((await secretClient().rpc(name("nothing"))).status).toBe(404);
    expect((await secretClient().rpc(name("many"), { p_other: 1 })).error?.code).toBe("PGRST202");
    const { tab } = await signedInPerson();
    const refused = await tab.rpc(name("secret"));
    expect([refused.status, refused.error?.code]).toEqual([403, "42501"]);
  });

  test("the function sees who calls", async () => {
    const { person, tab } = await signedInPerson();
    const { data } = await tab.rpc(name("who"));
    expect(data).toMatchObject({
      uid: person.id,
      role: "authenticated",
      user: "authenticated",
      claims: { sub: person.id },
    });
    expect((await tabClient().rpc(name("who"))).data).toMatchObject({
      uid: null,
      role: "anon",
      user: "anon",
    });
    expect((await secretClient().rpc(name("who"))).data).toMatchObject({ uid: null, role: "service_role" });
  });
});

describe("isolation", () => {
  test("the function setting raises the level of the whole call, read or write, POST or GET", async () => {
    const level = async (what: string, get = false) =>
      (await secretClient().rpc(name(what), {}, { get })).data;
    expect(await level("isolation_plain")).toBe("read committed");
    expect(await level("isolation")).toBe("repeatable read");
    expect(await level("isolation", true)).toBe("repeatable read");
    expect(await level("isolation_write")).toBe("repeatable read");
  });

  /** Holds the call between its two counts with a lock, writes a row, and lets it go on. */
  async function countAround(what: string): Promise<unknown> {
    const holder = new Client({ connectionString: inject("stack").dbUrl });
    await holder.connect();
    try {
      await holder.query(`delete from public.${name("rows")} where id > 2`);
      await holder.query("select pg_advisory_lock(hashtext($1))", [suffix]);
      const call = secretClient()
        .rpc(name(what))
        .then(({ data }) => data);
      const isWaiting = async () =>
        (
          await sql(
            "select 1 from pg_locks where locktype = 'advisory' and not granted and objid = (hashtext($1)::bigint & 4294967295)::oid",
            [suffix],
          )
        ).length;
      await expect.poll(isWaiting, { timeout: 5000 }).toBe(1);
      await holder.query(`insert into public.${name("rows")} values (3)`);
      await holder.query("select pg_advisory_unlock(hashtext($1))", [suffix]);
      return await call;
    } finally {
      await holder.end();
    }
  }

  test("a repeatable-read call sees one snapshot, a plain one sees what others commit meanwhile", async () => {
    expect(await countAround("count_twice")).toEqual([2, 3]);
    expect(await countAround("count_twice_frozen")).toEqual([2, 2]);
  });
});

test("a call that takes too long is ended with 57014", async () => {
  const { status, error } = await secretClient().rpc(name("slow"));
  expect([status, error?.code]).toEqual([500, "57014"]);
});

describe("keys and tokens", () => {
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`${inject("stack").apiUrl}/rest/v1/rpc/${name("who")}`, {
      headers,
      signal: AbortSignal.timeout(5000),
    });
    return { status: response.status, body: await response.json() };
  };

  test("a request without or with an unknown API key is refused with 401", async () => {
    expect((await ask({})).status).toBe(401);
    expect((await ask({ apikey: "sb_publishable_not-ours" })).status).toBe(401);
    expect(
      (await ask({ apikey: "sb_secret_not-ours", authorization: "Bearer sb_secret_not-ours" })).status,
    ).toBe(401);
    const stranger = createClient(inject("stack").apiUrl, "sb_publishable_not-ours");
    expect((await stranger.rpc(name("who"))).status).toBe(401);
  });

  test("a person's token beside the publishable key decides the role", async () => {
    const { person, tab } = await signedInPerson();
    const token = (await tab.auth.getSession()).data.session?.access_token ?? "";
    const { publishableKey } = inject("stack");
    expect((await ask({ apikey: publishableKey, authorization: `Bearer ${token}` })).body.uid).toBe(
      person.id,
    );
    expect(
      (await ask({ apikey: publishableKey, authorization: `Bearer ${token.slice(0, -4)}AAAA` })).status,
    ).toBe(401);
  });

  test("FA6 a token signed by another stack is refused with 401", async () => {
    const dir = await mkdtemp(join(tmpdir(), "pulseboard-keys-"));
    const foreign = await (await loadKeys(dir)).signUserToken(
      { role: "service_role", sub: randomUUID() },
      3600,
    );
    await rm(dir, { recursive: true });
    const { publishableKey } = inject("stack");
    expect((await ask({ apikey: publishableKey, authorization: `Bearer ${foreign}` })).status).toBe(401);
  });

  test("FA6 an expired token is refused with 401, by REST and by Auth", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "pulseboard-expiry-"));
    const stack = await startStack({ dataDir, apiPort: 0, dbPort: 0, migrate: false, seed: false });
    try {
      const keys = await loadKeys(dataDir);
      const claims = { role: "authenticated", sub: randomUUID() };
      const statusOf = async (path: string, secondsToLive: number) => {
        const authorization = `Bearer ${await keys.signUserToken(claims, secondsToLive)}`;
        const headers = { apikey: stack.publishableKey, authorization };
        const response = await fetch(`${stack.apiUrl}${path}`, {
          headers,
          signal: AbortSignal.timeout(5000),
        });
        return response.status;
      };
      expect(await statusOf("/rest/v1/", 3600)).toBe(200);
      expect(await statusOf("/rest/v1/", -60)).toBe(401);
      expect(await statusOf("/auth/v1/user", -60)).toBe(403);
    } finally {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
