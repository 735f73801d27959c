import { createClient } from "@supabase/supabase-js";
import { describe, expect, inject, test } from "vitest";
import { secretClient, signedInPerson, sql, tabClient } from "./test-person.ts";

const tokenOf = async (tab: ReturnType<typeof tabClient>): Promise<string> => {
  const { data } = await tab.auth.getSession();
  return data.session?.access_token ?? "";
};

describe("getUser", () => {
  test("gives the account as the database has it now", async () => {
    const { person, tab } = await signedInPerson();
    await secretClient().auth.admin.updateUserById(person.id, { user_metadata: { full_name: "Grace" } });
    const { data } = await tab.auth.getUser();
    expect(data.user).toMatchObject({
      id: person.id,
      email: person.email,
      user_metadata: { full_name: "Grace" },
    });
    expect(data.user).not.toHaveProperty("encrypted_password");
  });

  test("refuses a forged token, an API key and nothing", async () => {
    const { tab } = await signedInPerson();
    const token = await tokenOf(tab);
    const forged = `${token.slice(0, -4)}AAAA`;
    expect((await tabClient().auth.getUser(forged)).error).toMatchObject({ code: "bad_jwt", status: 403 });
    expect((await tabClient().auth.getUser(inject("stack").secretKey)).error).not.toBeNull();
    const { apiUrl, publishableKey } = inject("stack");
    const bare = await fetch(`${apiUrl}/auth/v1/user`, {
      headers: { apikey: publishableKey },
      signal: AbortSignal.timeout(5000),
    });
    expect([bare.status, (await bare.json()).code]).toEqual([401, "no_authorization"]);
  });

  test("refuses a token that says it is not signed", async () => {
    const { person } = await signedInPerson();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const [session] = await sql("select id from auth.sessions where user_id = $1", [person.id]);
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const claims = { sub: person.id, role: "authenticated", session_id: session?.["id"], exp };
    const unsigned = `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
    expect((await tabClient().auth.getUser(unsigned)).error?.code).toBe("bad_jwt");
  });

  test("a deleted person's token is worth nothing", async () => {
    const { person, tab } = await signedInPerson();
    const token = await tokenOf(tab);
    await secretClient().auth.admin.deleteUser(person.id);
    expect((await tabClient().auth.getUser(token)).error).toMatchObject({
      code: "user_not_found",
      status: 403,
    });
  });
});

describe("getClaims", () => {
  test("verifies with the published key, without asking for the user", async () => {
    const { person, tab } = await signedInPerson();
    const asked: string[] = [];
    const { apiUrl, publishableKey } = inject("stack");
    const reader = createClient(apiUrl, publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      global: {
        fetch: (input, init) => {
          asked.push(new URL(String(input)).pathname);
          return fetch(input, init);
        },
      },
    });
    const { data, error } = await reader.auth.getClaims(await tokenOf(tab));
    expect(error).toBeNull();
    expect(data?.claims).toMatchObject({ sub: person.id, role: "authenticated" });
    expect(data?.header.alg).toBe("ES256");
    expect(asked).toEqual(["/auth/v1/.well-known/jwks.json"]);
  });

  test("does not believe a changed token", async () => {
    const { tab } = await signedInPerson();
    const [header, payload, signature] = (await tokenOf(tab)).split(".");
    const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
    const changed = Buffer.from(
      JSON.stringify({ ...claims, sub: "00000000-0000-0000-0000-000000000001" }),
    ).toString("base64url");
    const { data, error } = await tabClient().auth.getClaims(`${header}.${changed}.${signature}`);
    expect(data).toBeNull();
    expect(error).not.toBeNull();
  });

  test("publishes no private part of the key", async () => {
    const response = await fetch(`${inject("stack").apiUrl}/auth/v1/.well-known/jwks.json`, {
      signal: AbortSignal.timeout(5000),
    });
    const { keys } = await response.json();
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: "EC", crv: "P-256", alg: "ES256" });
    expect(keys[0]).not.toHaveProperty("d");
  });
});

describe("sign-out", () => {
  async function twoTabs() {
    const { person, tab } = await signedInPerson();
    const other = tabClient();
    await other.auth.signInWithPassword(person);
    return { tab, other, tokens: { tab: await tokenOf(tab), other: await tokenOf(other) } };
  }
  const isOpen = async (token: string): Promise<boolean> =>
    (await tabClient().auth.getUser(token)).error === null;

  test.each([
    ["global", { tab: false, other: false }],
    ["local", { tab: false, other: true }],
    ["others", { tab: true, other: false }],
  ] as const)("%s ends the sessions it names", async (scope, open) => {
    const { tab, tokens } = await twoTabs();
    expect((await tab.auth.signOut({ scope })).error).toBeNull();
    expect({ tab: await isOpen(tokens.tab), other: await isOpen(tokens.other) }).toEqual(open);
    expect((await tab.auth.getSession()).data.session === null).toBe(scope !== "others");
  });

  test("a signed-out session cannot be refreshed, and its token is refused with session_not_found", async () => {
    const { tab, refreshToken } = await signedInPerson();
    const token = await tokenOf(tab);
    await tab.auth.signOut();
    expect((await tabClient().auth.refreshSession({ refresh_token: refreshToken })).error?.code).toBe(
      "refresh_token_not_found",
    );
    const { apiUrl, publishableKey } = inject("stack");
    const response = await fetch(`${apiUrl}/auth/v1/user`, {
      headers: { apikey: publishableKey, authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5000),
    });
    expect([response.status, (await response.json()).code]).toEqual([403, "session_not_found"]);
  });

  test("signing out twice is no error", async () => {
    const { tab, other } = await twoTabs();
    expect((await other.auth.signOut({ scope: "global" })).error).toBeNull();
    expect((await tab.auth.signOut()).error).toBeNull();
  });
});

describe("updateUser", () => {
  test("changes the password, keeps this session and ends the others", async () => {
    const { person, tab } = await signedInPerson();
    const other = tabClient();
    await other.auth.signInWithPassword(person);
    expect((await tab.auth.updateUser({ password: "battery staple" })).error).toBeNull();
    expect((await tab.auth.getUser()).error).toBeNull();
    expect((await other.auth.getUser()).data.user).toBeNull();
    expect((await tabClient().auth.signInWithPassword(person)).error?.code).toBe("invalid_credentials");
    expect(
      (await tabClient().auth.signInWithPassword({ ...person, password: "battery staple" })).error,
    ).toBeNull();
  });

  test("refuses the same, a short and an endless password", async () => {
    const { person, tab } = await signedInPerson();
    const codeFor = async (password: string) => (await tab.auth.updateUser({ password })).error;
    expect(await codeFor(person.password)).toMatchObject({ code: "same_password", status: 422 });
    expect(await codeFor("short")).toMatchObject({ code: "weak_password", status: 422, reasons: ["length"] });
    expect(await codeFor("x".repeat(73))).toMatchObject({ code: "validation_failed", status: 400 });
  });

  test("merges own metadata, and a null removes a key", async () => {
    const { tab } = await signedInPerson();
    await tab.auth.updateUser({ data: { full_name: "Ada", theme: "dark" } });
    const { data } = await tab.auth.updateUser({ data: { theme: null } });
    expect(data.user?.user_metadata).toEqual({ full_name: "Ada" });
  });

  test("a person cannot raise the own role or app metadata", async () => {
    const { person, tab } = await signedInPerson();
    const { apiUrl, publishableKey } = inject("stack");
    const token = await tokenOf(tab);
    for (const body of [{ role: "service_role" }, { app_metadata: { admin: true } }]) {
      const response = await fetch(`${apiUrl}/auth/v1/user`, {
        method: "PUT",
        headers: {
          apikey: publishableKey,
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(5000),
      });
      expect([response.status, (await response.json()).code]).toEqual([403, "not_admin"]);
    }
    const [row] = await sql(
      "select role, raw_app_meta_data ? 'admin' as is_raised from auth.users where id = $1",
      [person.id],
    );
    expect(row).toEqual({ role: "authenticated", is_raised: false });
  });

  test("changes the e-mail, unless someone has it", async () => {
    const { tab } = await signedInPerson();
    const { person: someone } = await signedInPerson();
    expect((await tab.auth.updateUser({ email: someone.email.toUpperCase() })).error).toMatchObject({
      code: "email_exists",
      status: 422,
    });
    const free = `moved-${someone.email}`;
    expect((await tab.auth.updateUser({ email: free })).data.user?.email).toBe(free);
  });
});
