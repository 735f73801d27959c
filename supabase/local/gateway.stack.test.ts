/** What a client meets at the gateway of the shared stack: keys, CORS, health and what is not served. */
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";

const name = `gateway_${randomUUID().replaceAll("-", "")}`;
const { apiUrl, dbUrl, publishableKey, secretKey } = inject("stack");
const whoAmI = `/rest/v1/rpc/${name}`;

async function sql(text: string): Promise<void> {
  const client = new Client({ connectionString: dbUrl });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

const call = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${apiUrl}${path}`, { headers, signal: AbortSignal.timeout(10_000), ...init });

beforeAll(async () => {
  await sql(`create function public.${name}() returns text language sql stable as 'select current_user::text';
    notify pgrst, 'reload schema'`);
  await vi.waitFor(async () => expect((await call(whoAmI, { apikey: secretKey })).status).toBe(200), 10_000);
});
afterAll(() => sql(`drop function public.${name}(); notify pgrst, 'reload schema'`));

async function personToken(): Promise<string> {
  const email = `${randomUUID()}@gateway.test`;
  const password = "a-long-password";
  const json = {
    apikey: secretKey,
    authorization: `Bearer ${secretKey}`,
    "content-type": "application/json",
  };
  const body = JSON.stringify({ email, password, email_confirm: true });
  expect((await call("/auth/v1/admin/users", json, { method: "POST", body })).status).toBe(200);
  const signIn = await call(
    "/auth/v1/token?grant_type=password",
    { apikey: publishableKey, "content-type": "application/json" },
    { method: "POST", body: JSON.stringify({ email, password }) },
  );
  return (await signIn.json()).access_token;
}

describe("API keys", () => {
  test.each([
    ["the publishable key", { apikey: publishableKey }, "anon"],
    ["the secret key", { apikey: secretKey }, "service_role"],
    [
      "the publishable key repeated",
      { apikey: publishableKey, authorization: `Bearer ${publishableKey}` },
      "anon",
    ],
    ["the secret key repeated", { apikey: secretKey, authorization: `Bearer ${secretKey}` }, "service_role"],
  ])("%s are taken for their role", async (_name, headers, role) => {
    const answer = await call(whoAmI, headers);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toBe(role);
  });

  test("in the query is taken as well, and not as a filter", async () => {
    expect(await (await call(`${whoAmI}?apikey=${secretKey}`)).json()).toBe("service_role");
  });

  test("with a person's token is that person's role", async () => {
    const authorization = `Bearer ${await personToken()}`;
    expect(await (await call(whoAmI, { apikey: publishableKey, authorization })).json()).toBe(
      "authenticated",
    );
  });

  test.each([
    ["nothing", "/rest/v1/machines", {}, "No API key found in request"],
    ["nothing", "/auth/v1/user", {}, "No API key found in request"],
    ["a foreign key", "/rest/v1/machines", { apikey: "sb_publishable_of_another" }, "Invalid API key"],
    [
      "the secret key as a person's token",
      "/rest/v1/machines",
      { apikey: publishableKey, authorization: `Bearer ${secretKey}` },
      "Invalid Authorization header",
    ],
  ])("let nobody in with %s at %s", async (_name, path, headers, message) => {
    const answer = await call(path, headers);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "invalid_api_key", message, hint: expect.any(String) });
  });

  test("do not excuse a forged token", async () => {
    const [head, body] = (await personToken()).split(".");
    const forged = `${head}.${Buffer.from(JSON.stringify({ role: "service_role" })).toString("base64url")}.${body}`;
    expect((await call(whoAmI, { apikey: publishableKey, authorization: `Bearer ${forged}` })).status).toBe(
      401,
    );
  });

  test("are not needed for the public signing key", async () => {
    const answer = await call("/auth/v1/.well-known/jwks.json");
    expect(answer.status).toBe(200);
    expect((await answer.json()).keys[0]).toMatchObject({ kty: "EC", crv: "P-256" });
  });
});

describe("CORS", () => {
  const wanted = "authorization,apikey,content-profile,x-client-info,x-anything";

  test.each(["/rest/v1/machines", "/auth/v1/token?grant_type=password"])(
    "echoes the headers a page wants to send to %s, since * does not cover Authorization",
    async (path) => {
      const answer = await call(
        path,
        {
          origin: "http://localhost:3000",
          "access-control-request-method": "POST",
          "access-control-request-headers": wanted,
        },
        { method: "OPTIONS" },
      );
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-headers")).toBe(wanted);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.get("access-control-allow-methods")).toContain("PATCH");
    },
  );

  test.each([
    ["an answer", { apikey: secretKey }],
    ["a refusal", {}],
  ])("lets the page read %s, said once", async (_name, headers) => {
    const answer = await call("/rest/v1/machines?limit=0", { ...headers, origin: "http://localhost:3000" });
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-expose-headers")).toContain("Content-Range");
  });
});

describe("the rest", () => {
  test("health needs no key", async () => {
    const answer = await call("/health");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: "ok", stack: "pulseboard embedded development stack" });
  });

  test("a count comes through a HEAD request", async () => {
    const answer = await call(
      "/rest/v1/machines?select=id",
      { apikey: secretKey, prefer: "count=exact" },
      { method: "HEAD" },
    );
    expect(answer.headers.get("content-range")).toMatch(/^(\*|\d+-\d+)\/\d+$/);
  });

  test.each(["/", "/storage/v1/object", "/rest/v2/machines", "/rest/v1x"])(
    "%s is not served",
    async (path) => {
      const answer = await call(path, { apikey: secretKey });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: "not_found" });
    },
  );

  test("a websocket elsewhere is refused", async () => {
    const socket = new WebSocket(`${apiUrl.replace("http", "ws")}/rest/v1/`);
    await new Promise<void>((resolve, reject) => {
      socket.onerror = () => resolve();
      socket.onopen = () => reject(new Error("it was accepted"));
    });
  });
});
