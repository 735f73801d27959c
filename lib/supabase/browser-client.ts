import { PostgrestClient } from "@supabase/postgrest-js";
import { RealtimeClient } from "@supabase/realtime-js";
import { type BrowserSession, openBrowserSession } from "./browser-session.ts";
import type { Client } from "./call.ts";
import type { PublicConfig } from "./config.ts";
import type { Database } from "./database.types.ts";
import { REQUEST_LIMIT_MS, timedFetch } from "./timed-fetch.ts";

// The two parts of supabase-js that a page needs, put together as supabase-js does it. The whole of it would bring along
// sign-in, file storage and functions, which nothing here uses: as much script again as both parts.

// One client per browser: each would open a socket of its own.
const clients = new Map<string, Client>();

/** Half-open connections are found after one to two of these; it is also how often the token is renewed. */
const HEARTBEAT_MS = 8_000;

/** The browser's one Supabase client for this project. */
export function browserClient(config: PublicConfig): Client {
  const known = clients.get(config.url);
  if (known) return known;
  const made = clientWith(openBrowserSession(), config);
  clients.set(config.url, made);
  return made;
}

function clientWith(session: BrowserSession, { url, publishableKey }: PublicConfig): Client {
  const rest = new PostgrestClient<Database>(`${url}/rest/v1`, {
    fetch: signedFetch(session, publishableKey, timedFetch(REQUEST_LIMIT_MS)),
  });
  const realtime = new RealtimeClient(`${url.replace(/^http/, "ws")}/realtime/v1`, {
    params: { apikey: publishableKey },
    accessToken: () => session.token(),
    heartbeatIntervalMs: HEARTBEAT_MS,
    // The heartbeat runs in a worker where there is one: a hidden page's own timers fire once a minute.
    worker: typeof Worker !== "undefined",
  });
  return {
    from: rest.from.bind(rest),
    rpc: rest.rpc.bind(rest),
    auth: session,
    realtime,
    channel: (topic, options) => realtime.channel(topic, options),
    getChannels: () => realtime.getChannels(),
    removeChannel: (channel) => realtime.removeChannel(channel),
  };
}

/**
 * Sends a request with the person's token. One that is refused for its token is sent once more with a new one: nothing
 * has happened then, so nothing can happen twice.
 */
export const signedFetch =
  (
    session: Pick<BrowserSession, "getSession" | "tokenAfter">,
    publishableKey: string,
    send: typeof fetch,
  ): typeof fetch =>
  async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("apikey", publishableKey);
    const sendAs = (token: string): Promise<Response> => {
      headers.set("authorization", `Bearer ${token}`);
      return send(input, { ...init, headers });
    };
    const { data, error } = await session.getSession();
    if (error) throw new TypeError("The session could not be learned.");
    // Nobody may read anything without being somebody, so there is no point in asking.
    if (data.session === null) return Response.json({ code: "signed_out" }, { status: 401 });
    const token = data.session.access_token;
    const answer = await sendAs(token);
    if (answer.status !== 401) return answer;
    const next = await session.tokenAfter(token);
    return next === null ? answer : await sendAs(next);
  };
