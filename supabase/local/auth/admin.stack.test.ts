import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createPerson, secretClient, signedInPerson, sql, tabClient } from "./test-person.ts";

const { admin } = secretClient().auth;

describe("admin", () => {
  test("creates, gets, changes and deletes a person", async () => {
    const email = `Ada-${randomUUID()}@Pulseboard.test`;
    const id = randomUUID();
    const created = await admin.createUser({
      id,
      email,
      password: "correct horse",
      email_confirm: true,
      user_metadata: { full_name: "Ada" },
    });
    expect(created.error).toBeNull();
    expect(created.data.user).toMatchObject({
      id,
      email: email.toLowerCase(),
      user_metadata: { full_name: "Ada" },
      app_metadata: { provider: "email", providers: ["email"] },
    });
    expect(created.data.user?.email_confirmed_at).toEqual(expect.any(String));
    expect((await admin.getUserById(id)).data.user?.id).toBe(id);
    const changed = await admin.updateUserById(id, {
      app_metadata: { lab: "north" },
      password: "battery staple",
    });
    expect(changed.data.user?.app_metadata).toMatchObject({ provider: "email", lab: "north" });
    expect(
      (await tabClient().auth.signInWithPassword({ email, password: "battery staple" })).error,
    ).toBeNull();
    expect((await admin.deleteUser(id)).error).toBeNull();
    expect((await admin.getUserById(id)).error).toMatchObject({ code: "user_not_found", status: 404 });
    expect((await admin.deleteUser(id)).error).toMatchObject({ code: "user_not_found", status: 404 });
  });

  test("keeps the password only as a bcrypt hash", async () => {
    const person = await createPerson();
    const [row] = await sql("select encrypted_password as hash from auth.users where id = $1", [person.id]);
    expect(row?.["hash"]).toMatch(/^\$2a\$10\$.{53}$/);
  });

  test("a person created without confirmation cannot sign in", async () => {
    const email = `late-${randomUUID()}@pulseboard.test`;
    await admin.createUser({ email, password: "correct horse" });
    expect(
      (await tabClient().auth.signInWithPassword({ email, password: "correct horse" })).error?.code,
    ).toBe("email_not_confirmed");
  });

  test("refuses an address that exists, also when two ask at once", async () => {
    const person = await createPerson();
    expect((await admin.createUser({ email: person.email.toUpperCase() })).error).toMatchObject({
      code: "email_exists",
      status: 422,
    });
    const email = `race-${randomUUID()}@pulseboard.test`;
    const results = await Promise.all([admin.createUser({ email }), admin.createUser({ email })]);
    expect(results.map((result) => result.error?.code ?? "created").sort()).toEqual([
      "created",
      "email_exists",
    ]);
  });

  test("refuses what it cannot use", async () => {
    expect((await admin.createUser({ password: "correct horse" })).error?.code).toBe("validation_failed");
    expect((await admin.createUser({ email: "a@pulseboard.test", password: "short" })).error?.code).toBe(
      "weak_password",
    );
    const person = await createPerson();
    expect((await admin.updateUserById(person.id, { ban_duration: "soon" })).error?.code).toBe(
      "validation_failed",
    );
  });

  test("lists people in pages", async () => {
    const people = [await createPerson(), await createPerson(), await createPerson()];
    const seen = new Set<string>();
    let page: number | null = 1;
    let total = 0;
    while (page !== null) {
      const { data, error } = await admin.listUsers({ page, perPage: 200 });
      if (error) throw error;
      for (const user of data.users) seen.add(user.id);
      total = data.total;
      page = data.nextPage;
    }
    expect(total).toBeGreaterThanOrEqual(3);
    for (const person of people) expect(seen).toContain(person.id);
    const { data } = await admin.listUsers({ page: 1, perPage: 2 });
    expect(data.users).toHaveLength(2);
    expect(data).toMatchObject({ nextPage: 2 });
  });

  test("a soft-deleted person keeps the row, loses name and sessions", async () => {
    const { person, tab } = await signedInPerson();
    expect((await admin.deleteUser(person.id, true)).error).toBeNull();
    expect((await tab.auth.getUser()).data.user).toBeNull();
    expect((await tabClient().auth.signInWithPassword(person)).error?.code).toBe("invalid_credentials");
    const [row] = await sql(
      "select email = $2 as is_named, deleted_at is not null as is_deleted from auth.users where id = $1",
      [person.id, person.email],
    );
    expect(row).toEqual({ is_named: false, is_deleted: true });
  });

  test("refuses to delete a person other records need", async () => {
    const person = await createPerson();
    const table = `needs_${randomUUID().replaceAll("-", "")}`;
    await sql(`create table public.${table} (user_id uuid references auth.users)`);
    await sql(`insert into public.${table} values ($1)`, [person.id]);
    expect((await admin.deleteUser(person.id)).error).toMatchObject({ code: "conflict", status: 409 });
    await sql(`drop table public.${table}`);
  });

  test("is closed to people and to the publishable key", async () => {
    const { tab } = await signedInPerson();
    const { data } = await tab.auth.getSession();
    expect((await tabClient().auth.admin.listUsers()).error).toMatchObject({
      code: "not_admin",
      status: 403,
    });
    const asPerson = tabClient();
    await asPerson.auth.setSession({
      access_token: data.session?.access_token ?? "",
      refresh_token: "unused",
    });
    expect((await asPerson.auth.admin.listUsers()).error?.status).toBe(403);
    expect((await asPerson.auth.admin.createUser({ email: "x@pulseboard.test" })).error?.code).toBe(
      "not_admin",
    );
  });
});
