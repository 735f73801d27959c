import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { sparkBars, worstOf } from "#lib/view/sparkline.ts";

const [BAR, GAP, HEIGHT] = [2, 1, 16];

/** Where in a run its steps left their plan, and how far: a bar for each part of the run. */
export function Sparkline({ parts }: { readonly parts: readonly (number | null)[] }) {
  const worst = worstOf(parts);
  if (worst === null) return null;
  const width = parts.length * (BAR + GAP) - GAP;
  return (
    <svg
      role="img"
      aria-label={`farthest off ${formatDuration(durationMs(worst))}`}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      style={{ width, height: HEIGHT }}
      className="shrink-0"
    >
      <path d={`M0 ${HEIGHT - 0.5}H${width}`} stroke="var(--line)" />
      {sparkBars(parts).map(({ part, height, isBeyond }) => (
        <rect
          key={part}
          x={part * (BAR + GAP)}
          y={HEIGHT * (1 - height)}
          width={BAR}
          height={height * HEIGHT}
          fill={isBeyond ? "var(--mark)" : "var(--mark-soft)"}
        />
      ))}
    </svg>
  );
}
