import type { FeedStatus, FeedTrouble } from "#lib/model/feed.ts";
import { isLeaseHeld, type Lease } from "#lib/model/lease.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed, epochMs, SECOND } from "#lib/time.ts";
import { LEASE_PERIOD, staleness } from "./staleness.ts";

// How far what a page shows can be trusted. What is not known to have changed is not claimed to be the present: a
// controller is called silent only when the page itself has heard of the database after the controller should have
// spoken. Guarded by page-news.test.ts.

export type PageNews = {
  /** `reading`: changes do not arrive by themselves, the page asks for them. `behind`: what is shown is the past. */
  state: "live" | "reading" | "behind";
  /** The latest moment this page knows anything about, by the server's clock. */
  knownAt: EpochMs;
  ageMs: DurationMs;
};

/** A feed that is back within this time was not lost worth a word; ages say it all the while. */
const BLINK_MS = 2 * SECOND;
/** A live page reads everything anew at least this often, whether or not anything changes. */
const READ_PERIOD = durationMs(10 * SECOND);

/** When this page last heard anything of the database. */
const knownAt = (feed: Pick<FeedStatus, "lastEventAt" | "lastCatchUpAt">): EpochMs =>
  epochMs(Math.max(feed.lastEventAt ?? 0, feed.lastCatchUpAt ?? 0));

/** True while the feed is lost too shortly to be announced. */
export const isBlink = ({ lostAt }: Pick<FeedStatus, "lostAt">, now: EpochMs): boolean =>
  lostAt !== null && elapsed(lostAt, now) < BLINK_MS;

/** What a page may claim at server time `now`. `leases`: of the controllers whose heartbeat it should hear. */
export function pageNews(feed: FeedStatus, leases: readonly (Lease | null)[], now: EpochMs): PageNews {
  const known = knownAt(feed);
  const ageMs = durationMs(Math.max(0, elapsed(known, now)));
  // A live page without a controller hears nothing between two reads; that is no silence.
  const isBeating = feed.state !== "live" || leases.some((lease) => isLeaseHeld(lease, known));
  const isOld = staleness(ageMs, isBeating ? LEASE_PERIOD : READ_PERIOD).level !== "fresh";
  return { state: stateOf(feed, isOld, now), knownAt: known, ageMs };
}

function stateOf(feed: FeedStatus, isOld: boolean, now: EpochMs): PageNews["state"] {
  if (isOld) return "behind";
  if (isBlink(feed, now)) return "live";
  if (feed.state === "offline") return "behind";
  return feed.state === "degraded" ? "reading" : "live";
}

const TROUBLES: Record<FeedTrouble, string> = {
  "signed-out": "You are signed out; sign in again.",
  "computer-offline": "This computer has no network connection.",
  "server-silent": "The server does not answer.",
  "read-refused": "The server no longer lets this page be read.",
  "channel-lost": "Changes no longer arrive by themselves.",
};

/** Why a feed is not live, in words for anybody; null when nothing is wrong with it. */
export const feedTroubleText = (trouble: FeedTrouble | null): string | null =>
  trouble === null ? null : TROUBLES[trouble];
