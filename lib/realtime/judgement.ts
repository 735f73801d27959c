import type { FeedState, FeedTrouble } from "#lib/model/feed.ts";
import { ReadFault } from "#lib/supabase/call.ts";
import type { LinkStage } from "./channel-link.ts";

/** Something that went wrong: what it means to a person, and what was said. */
export type Failure = { trouble: FeedTrouble; reason: string };

type Evidence = {
  links: readonly { stage: LinkStage; reason: string | null }[];
  /** A catch-up began after the last doubt, and was merged. */
  isSettled: boolean;
  isSignedOut: boolean;
  /** The server confirmed the subscription, but changes that happened did not arrive. */
  isMute: boolean;
  isOnline: boolean;
  /** Why the last catch-up failed; null when it did not. */
  readFailure: Failure | null;
  /** What went wrong since the feed was last live; null while nothing has. */
  failure: Failure | null;
};

/** `trouble`: null while live or on its way there; `reason`: in the words of whoever gave it. */
export type Judgement = { state: FeedState; trouble: FeedTrouble | null; reason: string | null };

/** What a server that confirms and then says nothing is called. */
export const MUTE = "The server sends no changes, although it confirmed the subscription.";

/** On its way to being live. */
export const isSettling = (state: FeedState): boolean =>
  state === "connecting" || state === "joining" || state === "confirming" || state === "syncing";

/** The state of a feed and, unless it is live, why. */
export function judge(seen: Evidence): Judgement {
  if (seen.isSignedOut) return { state: "offline", trouble: "signed-out", reason: null };
  const isReady = seen.links.length > 0 && seen.links.every((link) => link.stage === "ready");
  if (isReady && seen.isSettled && seen.readFailure === null && !seen.isMute)
    return { state: "live", trouble: null, reason: null };
  // A computer without a network still reaches a server that runs on it.
  if (!seen.isOnline && !seen.isSettled)
    return { state: "offline", trouble: "computer-offline", reason: null };
  if (seen.failure !== null) return failed(seen, seen.failure, isReady);
  if (seen.links.some((link) => link.stage === "authorising")) return comingUp("connecting", "Connecting.");
  if (seen.links.some((link) => link.stage === "joining"))
    return comingUp("joining", "Joining the live channel.");
  if (!isReady) return comingUp("confirming", "Waiting for the server to confirm the subscription.");
  return comingUp("syncing", "Reading what happened meanwhile.");
}

const comingUp = (state: FeedState, reason: string): Judgement => ({ state, trouble: null, reason });

/** With reading still possible the page stays true, only later; without, nothing new can be known. */
function failed(seen: Evidence, failure: Failure, isReady: boolean): Judgement {
  if (seen.readFailure !== null) return { state: isReady ? "degraded" : "offline", ...seen.readFailure };
  const said = seen.links.find((link) => link.reason !== null)?.reason ?? failure.reason;
  return { state: "degraded", trouble: "channel-lost", reason: seen.isMute ? MUTE : said };
}

/** What a read that did not succeed means: a refusal is an answer, everything else is none. */
export function readFailure(fault: unknown): Failure {
  const reason = fault instanceof Error ? fault.message : String(fault);
  const status = fault instanceof ReadFault ? fault.refusal.status : 0;
  return { trouble: status >= 400 && status < 500 ? "read-refused" : "server-silent", reason };
}

/** The live channel is of no use, for this reason. */
export const channelFailure = (reason: string): Failure => ({ trouble: "channel-lost", reason });
