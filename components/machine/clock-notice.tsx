import { Notice } from "#components/ui/notice.tsx";
import type { FeedStatus } from "#lib/model/feed.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";

interface ClockNoticeProps {
  readonly feed: FeedStatus;
  readonly openedAt: EpochMs;
  readonly now: EpochMs;
}

/** A browser clock further off than this is worth a word. */
const SKEW_MS = 1000;
/** By then several answers have narrowed the estimate; one that came slowly proves nothing. */
const SETTLED_MS = 30_000;

/** A browser clock that would mislead. */
export function ClockNotice({ feed, openedAt, now }: ClockNoticeProps) {
  const skew = Math.round(feed.clockOffsetMs / 1000);
  if (Math.abs(feed.clockOffsetMs) <= SKEW_MS || elapsed(openedAt, now) <= SETTLED_MS) return null;
  return (
    <Notice kind="plain">
      This browser's clock is {Math.abs(skew)} s {skew > 0 ? "slow" : "fast"}. Every time on this page is the
      server's.
    </Notice>
  );
}
