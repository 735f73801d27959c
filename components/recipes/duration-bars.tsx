import type { StepDurations } from "#lib/model/recipe.ts";
import { barsOf } from "#lib/view/duration-bars.ts";

interface DurationBarsProps {
  readonly step: StepDurations;
  readonly figures: NonNullable<StepDurations["figures"]>;
}

const WIDTH = 168;
const HEIGHT = 28;

/** How often each duration was measured, the planned one as a dashed line; the figures stand in the row beside it. */
export function DurationBars({ step, figures }: DurationBarsProps) {
  const { bars, planned } = barsOf(step.bins, figures, step.plannedMs);
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      className="block"
    >
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line)" />
      {bars.map(({ from, to, share }) => (
        <rect
          key={from}
          x={from * WIDTH}
          width={Math.max(1.5, (to - from) * WIDTH - 1)}
          // What was measured once is seen beside what was measured a thousand times.
          y={HEIGHT - 1 - Math.max(1.5, share * (HEIGHT - 4))}
          height={Math.max(1.5, share * (HEIGHT - 4))}
          fill="var(--mark)"
        />
      ))}
      <line
        x1={planned * WIDTH}
        x2={planned * WIDTH}
        y1={0}
        y2={HEIGHT}
        stroke="var(--ink)"
        strokeDasharray="3 2"
      />
    </svg>
  );
}
