import "server-only";
import { createServerClient } from "@supabase/ssr";
import { cookies } from "next/headers";
import { cache } from "react";
import type { ServerClient } from "./call.ts";
import { readConfig, type ServerConfig } from "./config.ts";
import { SESSION_COOKIE } from "./session.ts";
import { REQUEST_LIMIT_MS, timedFetch } from "./timed-fetch.ts";

export const serverConfig = (): ServerConfig => readConfig(process.env);

/** The Supabase client of this request, speaking with the signed-in person's own token. One per request. */
export const serverClient = cache(async (): Promise<ServerClient> => {
  const config = serverConfig();
  const jar = await cookies();
  return createServerClient(config.url, config.publishableKey, {
    cookieOptions: SESSION_COOKIE,
    global: { fetch: timedFetch(REQUEST_LIMIT_MS) },
    cookies: {
      getAll: () => jar.getAll(),
      setAll: (changes) => {
        for (const { name, value, options } of changes) {
          try {
            jar.set(name, value, options);
          } catch (fault) {
            // A server component may not set cookies; proxy.ts renews the session before every page instead.
            if (!(fault instanceof Error)) throw fault;
            return;
          }
        }
      },
    },
  });
});
