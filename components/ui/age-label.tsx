import { joinClasses } from "#components/ui/join-classes.ts";
import type { DurationMs } from "#lib/time.ts";
import { formatAge } from "#lib/time-format.ts";

interface AgeLabelProps {
  /** Null when nothing has been received yet. */
  readonly age: DurationMs | null;
  /** Older than this is stale (hatched); older than ten times this is no data at all. */
  readonly limit: DurationMs;
  readonly className?: string;
}

/** How old a value is, so that an old one can never pass for the present. */
export function AgeLabel({ age, limit, className }: AgeLabelProps) {
  const isGone = age === null || age > limit * 10;
  const isStale = age === null || age > limit;
  return (
    <span
      className={joinClasses(
        "whitespace-nowrap rounded-sm text-xs tabular-nums",
        isStale ? "hatched px-1 font-medium text-ink" : "text-ink-faint",
        className,
      )}
    >
      {age === null ? "no data" : isGone ? `no data, last ${formatAge(age)}` : formatAge(age)}
    </span>
  );
}
