import { createBrowserClient } from "@supabase/ssr";
import type { Client } from "./call.ts";
import type { PublicConfig } from "./config.ts";
import { REQUEST_LIMIT_MS, timedFetch } from "./timed-fetch.ts";

// One client per browser: two would refresh the session against each other and sign the person out.
const clients = new Map<string, Client>();

/** Half-open connections are found after one to two of these; it is also how often the token is renewed. */
const HEARTBEAT_MS = 8_000;

/** The browser's one Supabase client for this project; the session lives in cookies the server can read. */
export function browserClient(config: PublicConfig): Client {
  const known = clients.get(config.url);
  if (known) return known;
  const made = createBrowserClient(config.url, config.publishableKey, {
    isSingleton: false,
    global: { fetch: timedFetch(REQUEST_LIMIT_MS) },
    // The heartbeat runs in a worker where there is one: a hidden page's own timers fire once a minute.
    realtime: { heartbeatIntervalMs: HEARTBEAT_MS, worker: typeof Worker !== "undefined" },
  });
  clients.set(config.url, made);
  return made;
}
