import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterEach, describe, expect, inject, test } from "vitest";
import { startOwnAuth, stopOwnAuths } from "./test-auth.ts";
import { createPerson, secretClient, sql, tabClient } from "./test-person.ts";

afterEach(stopOwnAuths);

async function ownAuth(...options: Parameters<typeof startOwnAuth>): Promise<SupabaseClient> {
  const url = await startOwnAuth(...options);
  return createClient(url, "any", { auth: { autoRefreshToken: false, persistSession: false } });
}

describe("sign-in", () => {
  test("gives a session whose token carries the claims of the hosted service", async () => {
    const person = await createPerson();
    await secretClient().auth.admin.updateUserById(person.id, {
      app_metadata: { lab: "north" },
      user_metadata: { full_name: "Ada" },
    });
    const before = Math.floor(Date.now() / 1000);
    const { data, error } = await tabClient().auth.signInWithPassword(person);
    expect(error).toBeNull();
    expect(data.session).toMatchObject({ token_type: "bearer", expires_in: 3600 });
    expect(data.user).toMatchObject({
      id: person.id,
      email: person.email,
      aud: "authenticated",
      role: "authenticated",
    });
    const claims = JSON.parse(
      Buffer.from(data.session?.access_token.split(".")[1] ?? "", "base64url").toString(),
    );
    expect(claims).toMatchObject({
      sub: person.id,
      role: "authenticated",
      aud: "authenticated",
      email: person.email,
      aal: "aal1",
      app_metadata: { provider: "email", lab: "north" },
      user_metadata: { full_name: "Ada" },
    });
    expect(claims.exp - claims.iat).toBe(3600);
    expect(claims.iat).toBeGreaterThanOrEqual(before);
    expect(claims.amr).toEqual([{ method: "password", timestamp: expect.any(Number) }]);
    expect(await sql("select user_id from auth.sessions where id = $1", [claims.session_id])).toEqual([
      { user_id: person.id },
    ]);
    const [row] = await sql("select last_sign_in_at is not null as noted from auth.users where id = $1", [
      person.id,
    ]);
    expect(row).toEqual({ noted: true });
  });

  test("ignores the letter case of the e-mail", async () => {
    const person = await createPerson();
    const { error } = await tabClient().auth.signInWithPassword({
      ...person,
      email: person.email.toUpperCase(),
    });
    expect(error).toBeNull();
  });

  test.each([
    ["a wrong password", (email: string) => ({ email, password: "wrong horse" })],
    ["no password", (email: string) => ({ email, password: "" })],
    ["a password with a NUL", (email: string) => ({ email, password: "correct horse\0" })],
    ["an unknown e-mail", () => ({ email: "nobody@pulseboard.test", password: "correct horse" })],
  ])("refuses %s with the same words", async (_what, attempt) => {
    const person = await createPerson();
    const { data, error } = await tabClient().auth.signInWithPassword(attempt(person.email));
    expect(data.session).toBeNull();
    expect(error).toMatchObject({
      code: "invalid_credentials",
      status: 400,
      message: "Invalid login credentials",
    });
  });

  test("refuses a person without a password, whatever is typed", async () => {
    const person = await createPerson();
    for (const none of ["", null]) {
      await sql("update auth.users set encrypted_password = $2 where id = $1", [person.id, none]);
      const { error } = await tabClient().auth.signInWithPassword(person);
      expect(error?.code).toBe("invalid_credentials");
    }
  });

  test("refuses a disabled and an unconfirmed person, but only to someone who knows the password", async () => {
    const { admin } = secretClient().auth;
    const person = await createPerson();
    await admin.updateUserById(person.id, { ban_duration: "1h" });
    expect((await tabClient().auth.signInWithPassword(person)).error).toMatchObject({
      code: "user_banned",
      status: 400,
    });
    expect(
      (await tabClient().auth.signInWithPassword({ ...person, password: "wrong horse" })).error?.code,
    ).toBe("invalid_credentials");
    await admin.updateUserById(person.id, { ban_duration: "none" });
    expect((await tabClient().auth.signInWithPassword(person)).error).toBeNull();
    await sql("update auth.users set email_confirmed_at = null where id = $1", [person.id]);
    expect((await tabClient().auth.signInWithPassword(person)).error?.code).toBe("email_not_confirmed");
  });

  test("a wrong password stays wrong when the pool reads booleans as text", async () => {
    const person = await createPerson();
    const asText = { getTypeParser: () => (value: string | Buffer) => value };
    const client = await ownAuth({}, { types: asText });
    const { data, error } = await client.auth.signInWithPassword({ ...person, password: "wrong horse" });
    expect(data.session).toBeNull();
    expect(error?.code).toBe("invalid_credentials");
  });

  test("an unknown e-mail costs the database the same password work", async () => {
    const person = await createPerson();
    const least = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 4; round += 1) {
      for (const who of ["known", "unknown"] as const) {
        const email = who === "known" ? person.email : `nobody-${person.email}`;
        const start = performance.now();
        await tabClient().auth.signInWithPassword({ email, password: "wrong horse" });
        least[who] = Math.min(least[who], performance.now() - start);
      }
    }
    // The hash alone is nearly all of the time; without it the answer takes about a twentieth.
    expect(least.unknown / least.known).toBeGreaterThan(0.25);
  });

  test("closes an e-mail after too many wrong passwords until the window has passed", async () => {
    const person = await createPerson();
    let now = Date.now();
    const client = await ownAuth({ now: () => now, wrongPasswords: { limit: 3, windowMs: 60_000 } });
    const attempt = async (password: string) =>
      (await client.auth.signInWithPassword({ ...person, password })).error;
    for (let count = 0; count < 3; count += 1)
      expect((await attempt("wrong horse"))?.code).toBe("invalid_credentials");
    expect(await attempt(person.password)).toMatchObject({ code: "over_request_rate_limit", status: 429 });
    now += 60_001;
    expect(await attempt(person.password)).toBeNull();
  });

  test("a sign-in that succeeds forgets the wrong ones before it", async () => {
    const person = await createPerson();
    const client = await ownAuth({ wrongPasswords: { limit: 2, windowMs: 60_000 } });
    const attempt = async (password: string) =>
      (await client.auth.signInWithPassword({ ...person, password })).error?.code;
    const seen = [];
    for (const password of ["wrong horse", person.password, "wrong horse", person.password])
      seen.push(await attempt(password));
    expect(seen).toEqual(["invalid_credentials", undefined, "invalid_credentials", undefined]);
  });
});

test("refuses to sign anybody up", async () => {
  const { error } = await tabClient().auth.signUp({
    email: "new@pulseboard.test",
    password: "correct horse",
  });
  expect(error).toMatchObject({ code: "signup_disabled", status: 422 });
});

test("a database that does not answer is a fault the client may retry, not a refusal", async () => {
  const lines: string[] = [];
  const client = await ownAuth(
    { log: (line) => lines.push(line) },
    { connectionString: "postgres://x@127.0.0.1:1/x" },
  );
  const { error } = await client.auth.signInWithPassword({
    email: "a@pulseboard.test",
    password: "correct horse",
  });
  expect(error).toMatchObject({ name: "AuthRetryableFetchError", status: 500 });
  expect(lines).toHaveLength(1);
});

describe("a malformed request", () => {
  const post = async (path: string, body: string) => {
    const { apiUrl, publishableKey } = inject("stack");
    const response = await fetch(`${apiUrl}/auth/v1${path}`, {
      method: "POST",
      headers: { apikey: publishableKey, "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(5000),
    });
    return {
      status: response.status,
      version: response.headers.get("x-supabase-api-version"),
      body: await response.json(),
    };
  };

  test.each([
    ["/token?grant_type=password", "{", 400, "bad_json"],
    ["/token?grant_type=password", "[]", 400, "bad_json"],
    ["/token?grant_type=password", '{"email":{"$ne":1},"password":["x"]}', 400, "invalid_credentials"],
    ["/token?grant_type=magic", "{}", 400, "validation_failed"],
    ["/token?grant_type=refresh_token", "{}", 400, "validation_failed"],
    ["/token?grant_type=password", `{"email":"${"x".repeat(70_000)}"}`, 413, "validation_failed"],
    ["/nothing", "{}", 404, "validation_failed"],
  ])("POST %s is refused with a code the client reads (%#)", async (path, body, status, code) => {
    expect(await post(path, body)).toMatchObject({ status, version: "2024-01-01", body: { code } });
  });
});
