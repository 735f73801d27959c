import type { DurationMs, EpochMs } from "#lib/time.ts";

export const feedStates = [
  "offline",
  "connecting",
  "joining",
  "confirming",
  "syncing",
  "live",
  "degraded",
] as const;

/**
 * How far what is shown can be trusted. `live`: the server confirmed the subscription and one catch-up completed
 * after that. `degraded`: changes do not arrive by themselves; the page reads them every 2 s. `offline`: neither works.
 */
export type FeedState = (typeof feedStates)[number];

/** Why a feed is not live, as far as a person can do something about it or must know it. */
export type FeedTrouble =
  | "signed-out"
  | "computer-offline"
  | "server-silent"
  | "read-refused"
  | "channel-lost";

/** All moments are server time as this browser estimates it. */
export type FeedStatus = {
  state: FeedState;
  since: EpochMs;
  lastEventAt: EpochMs | null;
  lastCatchUpAt: EpochMs | null;
  gapsHealed: number;
  /** Server clock minus browser clock, estimated from the catch-up with the shortest round trip. */
  clockOffsetMs: DurationMs;
  /** Since when the feed is not live, whatever it tried meanwhile; null while it is. */
  lostAt: EpochMs | null;
  /** Null while it is live, and while it comes up for the first time. */
  trouble: FeedTrouble | null;
  /** What the link or the server said, word for word: for support. Null while live. */
  reason: string | null;
};
