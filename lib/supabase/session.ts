import { createServerClient } from "@supabase/ssr";
import { type NextRequest, NextResponse } from "next/server";
import { readConfig } from "./config.ts";
import { REQUEST_LIMIT_MS, timedFetch } from "./timed-fetch.ts";

/** No script of a page can read the session; it is handed the access token alone (browser-session.ts). */
export const SESSION_COOKIE = { httpOnly: true } as const;

/** Set with the sign-in page and looked for when its form comes back: a browser that keeps no cookies keeps no session. */
export const COOKIE_PROBE = { name: "pulseboard-cookies", path: "/sign-in" } as const;

export type SessionUpdate = {
  /** Carries renewed session cookies; answer with it, or copy its cookies onto your own answer. */
  response: NextResponse;
  isSignedIn: boolean;
};

/** Renews the session cookies before a page is rendered, and says whether somebody is signed in. For proxy.ts. */
export async function updateSession(request: NextRequest): Promise<SessionUpdate> {
  const config = readConfig(process.env);
  let response = NextResponse.next({ request });
  const client = createServerClient(config.url, config.publishableKey, {
    cookieOptions: SESSION_COOKIE,
    global: { fetch: timedFetch(REQUEST_LIMIT_MS) },
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll: (changes) => {
        for (const { name, value } of changes) request.cookies.set(name, value);
        response = NextResponse.next({ request });
        for (const { name, value, options } of changes) response.cookies.set(name, value, options);
      },
    },
  });
  const { data } = await client.auth.getClaims();
  return { response, isSignedIn: data?.claims !== undefined };
}
