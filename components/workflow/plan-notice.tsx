import { Notice } from "#components/ui/notice.tsx";
import type { FeedStatus } from "#lib/model/feed.ts";
import { type DurationMs, durationMs } from "#lib/time.ts";
import { formatAge, formatClockWithZone } from "#lib/time-format.ts";
import { staleness } from "#lib/view/staleness.ts";

/** A live page reads everything anew at least this often. */
const READ_PERIOD = durationMs(10_000);

interface PlanNoticeProps {
  readonly feed: FeedStatus;
  /** Time since anything was confirmed. */
  readonly age: DurationMs;
}

/** Whether this page is live, said only when it is not. */
export function PlanNotice({ feed, age }: PlanNoticeProps) {
  if (staleness(age, READ_PERIOD).level !== "fresh") {
    return (
      <Notice kind="stale">
        <strong className="font-semibold">Not live.</strong> What is shown is {formatAge(age)}.{" "}
        {feed.reason ?? "Reconnecting."}
      </Notice>
    );
  }
  if (feed.state !== "degraded") return null;
  return (
    <Notice kind="plain">
      Changes do not arrive by themselves since {formatClockWithZone(feed.since, "UTC", "time")}; this page
      reads them every 2 s.
    </Notice>
  );
}
