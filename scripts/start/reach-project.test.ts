import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { freePort } from "#scripts/start/guards.ts";
import { reachProject } from "#scripts/start/reach-project.ts";

type Reply = [status: number, body: unknown];

let server: Server | undefined;
afterEach(() => server?.close());

/** A project of which only the doors are there; `reply` answers by path and key. */
async function project(reply: (path: string, key: string) => Reply): Promise<string> {
  server = createServer((request, response) => {
    const [status, body] = reply(request.url ?? "", String(request.headers["apikey"]));
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const never = new AbortController().signal;
const remote = (url: string) => ({ url, publishableKey: "public", secretKey: "secret" });
const good = (path: string, key: string): Reply =>
  path.startsWith("/rest/") && key === "public" ? [401, { code: "42501" }] : [200, []];

test("a project that refuses strangers its rows is fine", async () => {
  await expect(reachProject(remote(await project(good)), never)).resolves.toBeUndefined();
});

test.each<[string, (path: string, key: string) => Reply, string]>([
  [
    "a wrong publishable key",
    () => [401, { message: "Invalid API key" }],
    "does not accept the key in SUPABASE_PUBLISHABLE_KEY",
  ],
  [
    "a wrong secret key",
    (path, key) => (key === "secret" ? [401, { message: "Invalid API key" }] : good(path, key)),
    "does not accept the key in SUPABASE_SECRET_KEY",
  ],
  [
    "a publishable key in the place of the secret one",
    (path, key) => good(path, key === "secret" ? "public" : key),
    "does not accept the key in SUPABASE_SECRET_KEY",
  ],
  ["another web site", () => [404, "not here"], "is no Supabase project: its /auth/v1/health answered 404"],
  [
    "a database without our tables",
    (path) => (path.startsWith("/rest/") ? [404, { code: "PGRST205" }] : [200, {}]),
    "has no Pulseboard tables; apply them with: npm run migrate",
  ],
  [
    "a paused project",
    (path) => (path.startsWith("/rest/") ? [540, {}] : [200, {}]),
    "answered 540 to /rest/v1/machines",
  ],
])("%s is named", async (_what, reply, sentence) => {
  await expect(reachProject(remote(await project(reply)), never)).rejects.toThrow(sentence);
});

test("a project that is not there is named with the reason", async () => {
  const url = `http://127.0.0.1:${await freePort(0)}`;
  await expect(reachProject(remote(url), never)).rejects.toThrow(
    `${url} cannot be reached (connection refused); check SUPABASE_URL and the network.`,
  );
});
