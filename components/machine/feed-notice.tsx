import { Notice } from "#components/ui/notice.tsx";
import type { FeedStatus } from "#lib/model/feed.ts";
import { type DurationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { formatAge, formatClock } from "#lib/time-format.ts";

interface FeedNoticeProps {
  readonly feed: FeedStatus;
  readonly openedAt: EpochMs;
  readonly now: EpochMs;
  /** Time since anything was confirmed. */
  readonly age: DurationMs;
  readonly isBehind: boolean;
  readonly zone: string;
}

/** A browser clock further off than this is worth a word. */
const SKEW_MS = 1000;
/** By then several answers have narrowed the estimate; one that came slowly proves nothing. */
const SETTLED_MS = 30_000;

/** Whether this page is live, said only when it is not; and a browser clock that would mislead. */
export function FeedNotice({ feed, openedAt, now, age, isBehind, zone }: FeedNoticeProps) {
  const skew = Math.round(feed.clockOffsetMs / 1000);
  return (
    <>
      {isBehind ? (
        <Notice kind="stale">
          <strong className="font-semibold">Not live.</strong> What is shown is {formatAge(age)}.{" "}
          {feed.reason ?? "Reconnecting."} Stop can still be asked for; whether it is carried out depends on
          the controller. In doubt, use the machine's own stop.
        </Notice>
      ) : feed.state === "degraded" ? (
        <Notice kind="plain">
          Changes do not arrive by themselves since {formatClock(feed.since, zone)}; this page reads them
          every 2 s.
        </Notice>
      ) : null}
      {Math.abs(feed.clockOffsetMs) > SKEW_MS && elapsed(openedAt, now) > SETTLED_MS ? (
        <Notice kind="plain">
          This browser's clock is {Math.abs(skew)} s {skew > 0 ? "slow" : "fast"}. Every time on this page is
          the server's.
        </Notice>
      ) : null}
    </>
  );
}
