import { createServerClient } from "@supabase/ssr";
import { NextRequest } from "next/server";
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { TestBed } from "#executor/test-bed.ts";
import { updateSession } from "./session.ts";

let bed: TestBed;

beforeEach(async () => {
  const { apiUrl, publishableKey } = inject("stack");
  vi.stubEnv("SUPABASE_URL", apiUrl);
  vi.stubEnv("SUPABASE_PUBLISHABLE_KEY", publishableKey);
  bed = await TestBed.open(inject("stack"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await bed.close();
});

type Session = { access_token: string; expires_at: number };

/** The cookies a browser holds after signing in. */
async function signedInCookies(): Promise<Map<string, string>> {
  const { apiUrl, publishableKey } = inject("stack");
  const jar = new Map<string, string>();
  const client = createServerClient(apiUrl, publishableKey, {
    cookies: {
      getAll: () => [...jar].map(([name, value]) => ({ name, value })),
      setAll: (changes) => {
        for (const { name, value } of changes) jar.set(name, value);
      },
    },
  });
  const { error } = await client.auth.signInWithPassword(bed.operatorLogin);
  if (error) throw error;
  return jar;
}

/** The same cookies with something else in the session. */
function rewritten(
  jar: Map<string, string>,
  change: (session: Session) => Partial<Session>,
): Map<string, string> {
  const names = [...jar.keys()].sort();
  const stored = names.map((name) => jar.get(name) ?? "").join("");
  const session = JSON.parse(Buffer.from(stored.replace("base64-", ""), "base64url").toString());
  const text = JSON.stringify({ ...session, ...change(session) });
  return new Map([
    [(names[0] ?? "").replace(/\.0$/, ""), `base64-${Buffer.from(text).toString("base64url")}`],
  ]);
}

function request(jar: Map<string, string>): NextRequest {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  return new NextRequest("http://app.test/machines", { headers: { cookie } });
}

test("a person with a good session passes, and no cookie is touched", async () => {
  const { isSignedIn, response } = await updateSession(request(await signedInCookies()));
  expect(isSignedIn).toBe(true);
  expect(response.cookies.getAll()).toEqual([]);
});

test("a session about to end is renewed: the page and the browser both get the new one", async () => {
  const inFiveSeconds = () => ({ expires_at: Math.floor(Date.now() / 1000) + 5 });
  const asked = request(rewritten(await signedInCookies(), inFiveSeconds));
  const before = asked.cookies.getAll();
  const { isSignedIn, response } = await updateSession(asked);
  expect(isSignedIn).toBe(true);
  expect(response.cookies.getAll().length).toBeGreaterThan(0);
  expect(asked.cookies.getAll()).not.toEqual(before);
  const again = await updateSession(
    request(new Map(response.cookies.getAll().map((c) => [c.name, c.value]))),
  );
  expect(again.isSignedIn).toBe(true);
});

test("nobody, or a forged session, is signed out", async () => {
  expect((await updateSession(request(new Map()))).isSignedIn).toBe(false);
  const jar = rewritten(await signedInCookies(), ({ access_token }) => {
    const [header, , signature] = access_token.split(".");
    const claims = { sub: "00000000-0000-4000-8000-000000000001", role: "service_role", exp: 4_102_444_800 };
    const forged = Buffer.from(JSON.stringify(claims)).toString("base64url");
    return { access_token: `${header}.${forged}.${signature}` };
  });
  expect((await updateSession(request(jar))).isSignedIn).toBe(false);
});
