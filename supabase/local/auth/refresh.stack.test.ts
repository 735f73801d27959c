import { describe, expect, inject, test } from "vitest";
import { createPerson, memoryStorage, secretClient, signedInPerson, sql, tabClient } from "./test-person.ts";

/** Lets `seconds` pass for the refresh tokens of a person, instead of waiting for them. */
const letTokensAge = (userId: string, seconds: number) =>
  sql(
    "update auth.refresh_tokens set updated_at = updated_at - make_interval(secs => $2) where user_id = $1",
    [userId, seconds],
  );
const openSessions = async (userId: string): Promise<number> =>
  (await sql("select id from auth.sessions where user_id = $1", [userId])).length;

describe("refresh", () => {
  test("rotates the token and keeps the session", async () => {
    const { person, tab, refreshToken } = await signedInPerson();
    const { data, error } = await tab.auth.refreshSession();
    expect(error).toBeNull();
    expect(data.session?.refresh_token).not.toBe(refreshToken);
    expect(data.user?.id).toBe(person.id);
    expect(await openSessions(person.id)).toBe(1);
    expect((await tab.auth.getUser()).data.user?.id).toBe(person.id);
    expect((await tab.auth.refreshSession()).error).toBeNull();
  });

  test("two tabs that refresh with the same token at the same time both go on, with one successor", async () => {
    const { person, refreshToken } = await signedInPerson();
    const tabs = Array.from({ length: 6 }, () => tabClient());
    const results = await Promise.all(
      tabs.map((tab) => tab.auth.refreshSession({ refresh_token: refreshToken })),
    );
    expect(results.map((result) => result.error)).toEqual(tabs.map(() => null));
    expect(new Set(results.map((result) => result.data.session?.refresh_token)).size).toBe(1);
    const unused = await sql("select id from auth.refresh_tokens where user_id = $1 and not revoked", [
      person.id,
    ]);
    expect(unused).toHaveLength(1);
    for (const tab of tabs) expect((await tab.auth.refreshSession()).error).toBeNull();
  });

  test("a token used again within ten seconds gives its successor", async () => {
    const { person, tab, refreshToken } = await signedInPerson();
    const { data: first } = await tab.auth.refreshSession();
    await letTokensAge(person.id, 9);
    const { data, error } = await tabClient().auth.refreshSession({ refresh_token: refreshToken });
    expect(error).toBeNull();
    expect(data.session?.refresh_token).toBe(first.session?.refresh_token);
  });

  test("a token used again later ends the session for thief and owner", async () => {
    const { person, tab, refreshToken } = await signedInPerson();
    await tab.auth.refreshSession();
    await letTokensAge(person.id, 11);
    const thief = await tabClient().auth.refreshSession({ refresh_token: refreshToken });
    expect(thief.data.session).toBeNull();
    expect(thief.error).toMatchObject({ code: "refresh_token_already_used", status: 400 });
    expect(await openSessions(person.id)).toBe(0);
    expect((await tab.auth.refreshSession()).error).toMatchObject({
      code: "refresh_token_not_found",
      status: 400,
    });
    expect((await tab.auth.getUser()).data.user).toBeNull();
  });

  test("reuse ends only the session it belongs to", async () => {
    const { person, tab, refreshToken } = await signedInPerson();
    const other = tabClient();
    await other.auth.signInWithPassword(person);
    await tab.auth.refreshSession();
    await letTokensAge(person.id, 11);
    await tabClient().auth.refreshSession({ refresh_token: refreshToken });
    expect(await openSessions(person.id)).toBe(1);
    expect((await other.auth.getUser()).data.user?.id).toBe(person.id);
  });

  test("refuses an unknown token and forgets the session of the tab", async () => {
    const storage = memoryStorage();
    const tab = tabClient(storage);
    await tab.auth.signInWithPassword(await createPerson());
    const { error } = await tab.auth.refreshSession({ refresh_token: "never-given-out" });
    expect(error).toMatchObject({ code: "refresh_token_not_found", status: 400 });
  });

  test("refuses a disabled person until the ban ends", async () => {
    const { person, tab, refreshToken } = await signedInPerson();
    const { admin } = secretClient().auth;
    await admin.updateUserById(person.id, { ban_duration: "24h" });
    expect((await tabClient().auth.refreshSession({ refresh_token: refreshToken })).error).toMatchObject({
      code: "user_banned",
      status: 400,
    });
    expect((await tab.auth.getUser()).error?.code).toBe("user_banned");
    await admin.updateUserById(person.id, { ban_duration: "none" });
    expect((await tabClient().auth.refreshSession({ refresh_token: refreshToken })).error).toBeNull();
  });

  test("refuses a session that has run out", async () => {
    const { person, tab } = await signedInPerson();
    await sql("update auth.sessions set not_after = now() where user_id = $1", [person.id]);
    expect((await tab.auth.refreshSession()).error).toMatchObject({ code: "session_expired", status: 400 });
  });

  test("the refreshed token carries what changed since", async () => {
    const { person, tab } = await signedInPerson();
    await secretClient().auth.admin.updateUserById(person.id, { app_metadata: { lab: "south" } });
    const { data } = await tab.auth.refreshSession();
    const { data: verified } = await tab.auth.getClaims(data.session?.access_token);
    expect(verified?.claims["app_metadata"]).toMatchObject({ lab: "south" });
  });
});

test("a token cannot be refreshed without an API key", async () => {
  const { refreshToken } = await signedInPerson();
  const response = await fetch(`${inject("stack").apiUrl}/auth/v1/token?grant_type=refresh_token`, {
    method: "POST",
    body: JSON.stringify({ refresh_token: refreshToken }),
    signal: AbortSignal.timeout(5000),
  });
  expect(response.status).toBe(401);
});
