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

/** All moments are server time as this browser estimates it. */
export type FeedStatus = {
  state: FeedState;
  since: EpochMs;
  lastEventAt: EpochMs | null;
  lastCatchUpAt: EpochMs | null;
  gapsHealed: number;
  /** Server clock minus browser clock, estimated from the catch-up with the shortest round trip. */
  clockOffsetMs: DurationMs;
  /** A sentence when not live. */
  reason: string | null;
};
