import { DAY, type EpochMs, elapsed } from "#lib/time.ts";
import { formatAge, formatClock } from "#lib/time-format.ts";

interface WhenProps {
  readonly at: EpochMs;
  readonly now: EpochMs;
  readonly zone: string;
}

/** A moment with its age; the day is said once it is not today's any more. */
export function When({ at, now, zone }: WhenProps) {
  const isOld = elapsed(at, now) > DAY || formatClock(at, zone, "date") !== formatClock(now, zone, "date");
  return (
    <time dateTime={new Date(at).toISOString()} className="whitespace-nowrap tabular-nums">
      {formatClock(at, zone, isOld ? "date-time" : "time")}
      <span className="ml-2 text-xs text-ink-faint">{formatAge(elapsed(at, now))}</span>
    </time>
  );
}
