import type { DurationBox } from "#components/charts/duration-box.ts";
import { durationMs } from "#lib/time.ts";
import { exactDuration } from "#lib/view/exact-duration.ts";

interface NamedBox {
  readonly name: string;
  readonly box: DurationBox;
}

interface DurationBoxesProps {
  readonly boxes: readonly NamedBox[];
  readonly plannedMs: number | null;
}

const WIDTH = 200;
const ROW = 16;

/** Spreads under one another on one scale: thin from least to most, thick where 9 of 10 lie, the median as a stroke. */
export function DurationBoxes({ boxes, plannedMs }: DurationBoxesProps) {
  const ends = boxes.flatMap(({ box }) => [box.least, box.most]).concat(plannedMs ?? []);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (ms: number) => 3 + ((ms - low) / Math.max(high - low, 1e-6)) * (WIDTH - 6);
  return (
    <dl className="mt-3 grid grid-cols-[max-content_minmax(0,1fr)] items-center gap-x-3 gap-y-1.5 text-2xs">
      {boxes.map(({ name, box }) => (
        <div key={name} className="contents">
          <dt className="text-ink-muted">{name}</dt>
          <dd className="grid gap-0.5">
            <svg
              aria-hidden="true"
              viewBox={`0 0 ${WIDTH} ${ROW}`}
              preserveAspectRatio="none"
              className="h-4 w-full overflow-visible"
            >
              {plannedMs === null ? null : (
                <line
                  x1={x(plannedMs)}
                  x2={x(plannedMs)}
                  y2={ROW}
                  className="stroke-ink-faint [vector-effect:non-scaling-stroke]"
                  strokeDasharray="3 2"
                />
              )}
              <line
                x1={x(box.least)}
                x2={x(box.most)}
                y1={ROW / 2}
                y2={ROW / 2}
                className="stroke-mark-soft [vector-effect:non-scaling-stroke]"
              />
              <rect
                x={x(box.p05)}
                width={Math.max(1, x(box.p95) - x(box.p05))}
                y={ROW / 4}
                height={ROW / 2}
                className="fill-mark-soft"
              />
              <line
                x1={x(box.median)}
                x2={x(box.median)}
                y1={1}
                y2={ROW - 1}
                className="stroke-ink stroke-2 [vector-effect:non-scaling-stroke]"
              />
            </svg>
            <span className="tabular-nums text-ink-muted">{boxText(box)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** "median 100 ms, 9 of 10 from 99 ms to 103 ms" */
export const boxText = ({ median, p05, p95 }: DurationBox): string =>
  `median ${figure(median)}, 9 of 10 from ${figure(p05)} to ${figure(p95)}`;

const figure = (ms: number): string => exactDuration(durationMs(ms));
