import type { FeedStatus } from "#lib/model/feed.ts";
import { isLeaseHeld, type Lease } from "#lib/model/lease.ts";
import { type EpochMs, epochMs } from "#lib/time.ts";
import { heldNow } from "#lib/view/device-clock.ts";

/**
 * The latest moment this screen knows anything about: now, while news comes in and the controller renews its lease; else
 * when it last did. Figures and pictures stop there instead of counting on.
 */
export function knownNow(
  now: EpochMs,
  feed: Pick<FeedStatus, "lastEventAt" | "lastCatchUpAt">,
  lease: Lease | null,
): EpochMs {
  const held = heldNow(now, feed);
  if (lease === null || isLeaseHeld(lease, now)) return held;
  return epochMs(Math.min(held, lease.renewedAt));
}
