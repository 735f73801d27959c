import type { Trace } from "#components/machine/trace-points.ts";

/** Name, last value with its unit, and the value the recipe wants. */
export function TraceName({ trace }: { readonly trace: Trace }) {
  const last = trace.points.at(-1);
  const unit = trace.unit ?? "";
  return (
    <>
      <span className="block truncate text-xs font-medium leading-4">{trace.label}</span>
      <span className="block truncate text-sm font-semibold tabular-nums">
        {last ? last[1].toFixed(trace.digits) : "–"}{" "}
        <span className="text-xs font-normal text-ink-muted">{unit}</span>
      </span>
      {trace.setPoint === null ? null : (
        <span className="block truncate text-2xs text-ink-faint">
          set {trace.setPoint.toFixed(trace.digits)} {unit}
        </span>
      )}
    </>
  );
}
