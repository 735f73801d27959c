import type {
  Authorised,
  FeedListener,
  FeedScope,
  LocalTransport,
  OpenFeed,
} from "#lib/supabase/open-feed.ts";
import type { ServerClock } from "../server-clock.ts";

/** Opens a channel once the session was looked at: another tab's wish may come long after this tab's token was. */
export function openAuthorised(
  local: LocalTransport,
  clock: ServerClock,
  scope: FeedScope,
  listener: FeedListener,
): OpenFeed {
  let feed: OpenFeed | null = null;
  let isClosed = false;
  const open = (answer: Authorised): void => {
    if (isClosed) return;
    if (answer === "ok") feed = local.open(scope, listener);
    else listener.failed("The tab that holds the connection may not open it.");
  };
  local
    .authorise(false, clock.now())
    .then(open)
    .catch((fault: unknown) => listener.failed(fault instanceof Error ? fault.message : String(fault)));
  return {
    close: () => {
      isClosed = true;
      feed?.close();
    },
  };
}
