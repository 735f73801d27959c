import { joinClasses } from "#components/ui/join-classes.ts";
import { formatAge } from "#lib/time-format.ts";
import type { Staleness } from "#lib/view/staleness.ts";

interface AgeLabelProps {
  readonly staleness: Staleness;
  readonly className?: string;
}

/** How old a value is, so that an old one can never pass for the present. */
export function AgeLabel({ staleness: { level, label, ageMs }, className }: AgeLabelProps) {
  return (
    <span
      className={joinClasses(
        "whitespace-nowrap rounded-sm text-xs tabular-nums",
        level === "fresh" ? "text-ink-faint" : "hatched px-1 font-medium text-ink",
        className,
      )}
    >
      {label ?? (ageMs === null ? "" : formatAge(ageMs))}
    </span>
  );
}
