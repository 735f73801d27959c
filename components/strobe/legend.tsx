import type { Measure, ShadedPhase } from "#components/strobe/shade.ts";
import { Shape } from "#components/ui/shape.tsx";

interface LegendProps {
  readonly phases: readonly ShadedPhase[];
  readonly measure: Measure;
  readonly hasFinding: boolean;
}

/** What the shades mean. */
export function Legend({ phases, measure, hasFinding }: LegendProps) {
  const [least, most] = measure === "duration" ? ["shortest", "longest"] : ["lowest", "highest"];
  const hasDeviation = phases.some(({ cells }) => cells.some((cell) => cell.deviations > 0));
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pb-2 text-xs text-ink-muted">
      <span className="inline-flex items-center gap-2">
        {least}
        <span aria-hidden="true" className="h-2.5 w-24 rounded-sm bg-linear-to-r from-mark/10 to-mark/60" />
        {most} of its own column
      </span>
      {hasDeviation ? (
        <span className="inline-flex items-center gap-1.5">
          <Shape name="triangle" className="size-2.5 text-alarm-2" />
          deviation
        </span>
      ) : null}
      {hasFinding ? (
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className="h-3.5 w-0.75 bg-alarm-2" />
          finding
        </span>
      ) : null}
    </p>
  );
}
