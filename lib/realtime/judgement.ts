import type { FeedState } from "#lib/model/feed.ts";
import type { LinkStage } from "./channel-link.ts";

type Evidence = {
  links: readonly { stage: LinkStage; reason: string | null }[];
  /** A catch-up began after the last doubt, and was merged. */
  isSettled: boolean;
  isSignedOut: boolean;
  /** The server confirmed the subscription, but changes that happened did not arrive. */
  isMute: boolean;
  isOnline: boolean;
  /** Why the last catch-up failed; null when it did not. */
  readFailure: string | null;
  /** What went wrong since the feed was last live; null while nothing has. */
  trouble: string | null;
};

/** What a server that confirms and then says nothing is called. */
export const MUTE = "The server sends no changes, although it confirmed the subscription.";

/** On its way to being live. */
export const isSettling = (state: FeedState): boolean =>
  state === "connecting" || state === "joining" || state === "confirming" || state === "syncing";

/** The state of a feed and, unless it is live, the sentence that says why. */
export function judge(seen: Evidence): [FeedState, string | null] {
  if (seen.isSignedOut) return ["offline", "You are signed out. Sign in again."];
  const isReady = seen.links.length > 0 && seen.links.every((link) => link.stage === "ready");
  if (isReady && seen.isSettled && seen.readFailure === null && !seen.isMute) return ["live", null];
  // A computer without a network still reaches a server that runs on it.
  if (!seen.isOnline && !seen.isSettled) return ["offline", "This computer is offline."];
  if (seen.trouble !== null) return troubled(seen, seen.trouble, isReady);
  if (seen.links.some((link) => link.stage === "authorising")) return ["connecting", "Connecting."];
  if (seen.links.some((link) => link.stage === "joining")) return ["joining", "Joining the live channel."];
  if (!isReady) return ["confirming", "Waiting for the server to confirm the subscription."];
  return ["syncing", "Reading what happened meanwhile."];
}

/** With reading still possible the page stays true, only later; without, nothing new can be known. */
function troubled(seen: Evidence, trouble: string, isReady: boolean): [FeedState, string] {
  if (seen.readFailure !== null) return [isReady ? "degraded" : "offline", seen.readFailure];
  if (seen.isMute) return ["degraded", MUTE];
  return ["degraded", seen.links.find((link) => link.reason !== null)?.reason ?? trouble];
}
