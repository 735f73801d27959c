import type { Trace } from "#components/machine/trace-points.ts";
import { joinClasses } from "#components/ui/join-classes.ts";

interface TraceNameProps {
  readonly trace: Trace;
  /** The value is the last one received, not the present. */
  readonly isStale: boolean;
}

/** Name, last value with its unit, and the value the recipe wants. */
export function TraceName({ trace, isStale }: TraceNameProps) {
  const last = trace.points.at(-1);
  const unit = trace.unit ?? "";
  return (
    <>
      <span className="block truncate text-xs font-medium leading-4">{trace.label}</span>
      <span
        className={joinClasses(
          "block truncate text-sm font-semibold tabular-nums",
          isStale && "hatched text-ink-faint",
        )}
      >
        {last ? last[1].toFixed(trace.digits) : "–"}{" "}
        <span className="text-xs font-normal text-ink-muted">{unit}</span>
      </span>
      {isStale ? <span className="block text-2xs text-ink-muted">last known</span> : null}
      {trace.setPoint === null || isStale ? null : (
        <span className="block truncate text-2xs text-ink-faint">
          set {trace.setPoint.toFixed(trace.digits)} {unit}
        </span>
      )}
    </>
  );
}
