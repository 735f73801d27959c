import { type EpochMs, epochMs } from "#lib/time.ts";
import { personOf } from "./browser-session.ts";
import type { Client } from "./call.ts";

// The only file that makes channels. A channel is one subscription of one scope; it is never re-used: when it has
// closed, a new one is opened. What it reports is raw: supervision belongs to lib/realtime.

export const feedTables = [
  "machines",
  "machine_state",
  "machine_leases",
  "machine_commands",
  "process_executions",
  "process_execution_state",
  "step_execution_history",
  "projects",
  "subtasks",
  "steps",
] as const;
export type FeedTable = (typeof feedTables)[number];

/** Which rows to hear of; `filter` as Realtime has it: `column=eq.value`. */
export type FeedScope = { name: string; bindings: readonly { table: FeedTable; filter?: string }[] };

export type FeedChange = {
  table: FeedTable;
  kind: "INSERT" | "UPDATE" | "DELETE";
  row: unknown;
  /** The row was too large to be sent whole; only a read tells what it holds. */
  isTruncated: boolean;
};

export type FeedListener = {
  /** The channel has joined. Says nothing about changes arriving; comes again after every rejoin. */
  subscribed(): void;
  /** The channel was lost with its socket, or none could be had. Unless it is closed, the library tries for ever. */
  failed(reason: string): void;
  /** The server would not have the join; as above. */
  refused(reason: string): void;
  /** The channel is gone for good. */
  closed(): void;
  /** Another tab takes the channel over; it tells again when it has joined. */
  moved?(): void;
  /** The server's own word on whether changes flow. */
  system(isOk: boolean, reason: string): void;
  change(change: FeedChange): void;
};

/** `isDead`: it does not bring what it should, so nobody who shares it is to be left with it. */
export type OpenFeed = { close(isDead?: boolean): void };
export type Authorised = "ok" | "signed-out" | "unreachable";

export type FeedTransport = {
  /**
   * Makes sure the socket's token is this person's and fresh at server time `now`: the computer's clock may be wrong
   * about that. To be awaited before the first join.
   */
  authorise(isRefreshForced: boolean, now: EpochMs): Promise<Authorised>;
  open(scope: FeedScope, listener: FeedListener): OpenFeed;
  /** Drops the connection, which may be dead without knowing it; the next join makes another. */
  reset(): void;
  /** Calls back when the person signs out, here or in another tab. */
  onSignedOut(listener: () => void): () => void;
};

/** A transport with a connection of its own. */
export type LocalTransport = FeedTransport & {
  /** Who is signed in, known once `authorise` has answered "ok". */
  readonly personId: string | null;
  /** When the server last said anything over the connection, by the computer's clock; null: never. */
  readonly heardAt: EpochMs | null;
};

type Known = { personId: string | null; heardAt: EpochMs | null };

let opened = 0;

/** Realtime over the browser's Supabase client. */
export function supabaseTransport(client: Client): LocalTransport {
  const known: Known = { personId: null, heardAt: null };
  const heard = (): void => {
    known.heardAt = epochMs(Date.now());
  };
  client.realtime.onHeartbeat((status) => status === "ok" && heard());
  return {
    get personId() {
      return known.personId;
    },
    get heardAt() {
      return known.heardAt;
    },
    authorise: (isRefreshForced, now) => authorise(client, isRefreshForced, now, known),
    open: (scope, listener) => openFeed(client, scope, listener, heard),
    reset: () => reset(client),
    onSignedOut: (listener) => {
      const { data } = client.auth.onAuthStateChange((event) => {
        if (event === "SIGNED_OUT") listener();
      });
      return () => data.subscription.unsubscribe();
    },
  };
}

/** A token that ends sooner than this is as good as ended. */
const EXPIRY_MARGIN_MS = 10_000;

async function authorise(
  client: Client,
  isRefreshForced: boolean,
  now: EpochMs,
  known: Known,
): Promise<Authorised> {
  await resets.get(client);
  let { data, error } = isRefreshForced ? await client.auth.refreshSession() : await client.auth.getSession();
  const expiresAt = (data.session?.expires_at ?? Number.POSITIVE_INFINITY) * 1_000;
  if (!isRefreshForced && expiresAt - EXPIRY_MARGIN_MS < now)
    ({ data, error } = await client.auth.refreshSession());
  if (error && (error.status === undefined || error.status === 0 || error.status >= 500)) {
    return error.code === "session_not_found" || error.name === "AuthSessionMissingError"
      ? "signed-out"
      : "unreachable";
  }
  if (data.session === null) return "signed-out";
  known.personId = personOf(data.session.access_token);
  await client.realtime.setAuth();
  return "ok";
}

// Several feeds of a page ask for it in one breath; only the end of the disconnecting lets a join connect again.
const resets = new WeakMap<Client, Promise<unknown>>();

function reset(client: Client): void {
  if (resets.has(client)) return;
  const done = client.realtime.disconnect().finally(() => {
    resets.delete(client);
    if (client.getChannels().length === 0) forgetConnections(client);
  });
  resets.set(client, done);
}

/**
 * The library keeps what it could not send, and adds handlers with every attempt to connect: a day without Realtime
 * would end in a storm of old joins, and in thousands of calls per message. Without a channel nothing of it is needed.
 */
function forgetConnections({ realtime }: Client): void {
  realtime.sendBuffer.length = 0;
  for (const handlers of Object.values(realtime.stateChangeCallbacks)) handlers.length = 0;
}

function openFeed(client: Client, scope: FeedScope, listener: FeedListener, heard: () => void): OpenFeed {
  opened += 1;
  // Topics are numbered: asking for a topic twice would hand back the old, possibly dead channel.
  const channel = client.channel(`${scope.name}#${opened}`, {
    config: { postgres_changes_options: { wait: true } },
  });
  for (const { table, filter } of scope.bindings) {
    channel.on(
      "postgres_changes",
      { event: "*", schema: "public", table, ...(filter ? { filter } : {}) },
      (payload) => {
        const name = feedTables.find((known) => known === payload.table);
        heard();
        if (name === undefined) return;
        listener.change({
          table: name,
          kind: payload.eventType,
          row: payload.new,
          isTruncated: Array.isArray(payload.errors) && payload.errors.length > 0,
        });
      },
    );
  }
  channel.on("system", {}, (message: { extension?: string; status?: string; message?: string }) => {
    heard();
    if (message.extension === "postgres_changes")
      listener.system(message.status === "ok", message.message ?? "");
    else if (message.status === "error") listener.system(false, message.message ?? "");
  });
  channel.subscribe((status, fault) => {
    if (status === "SUBSCRIBED") listener.subscribed();
    else if (status === "CLOSED") listener.closed();
    else if (client.realtime.isConnected()) listener.refused(fault?.message ?? status);
    else listener.failed(fault?.message ?? status);
  });
  return {
    close: () => {
      client.removeChannel(channel).catch(() => listener.closed());
      if (client.getChannels().length === 0 && !client.realtime.isConnected()) reset(client);
    },
  };
}
