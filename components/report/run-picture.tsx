import { endOf, type Lane } from "#components/timeline/lanes.ts";
import { formatOffset, timeScale, timeTicks } from "#components/timeline/time-scale.ts";
import type { LoopLevel } from "#lib/model/timeline.ts";

interface RunPictureProps {
  readonly label: string;
  readonly loops: readonly LoopLevel[];
  readonly lanes: readonly Lane[];
  readonly durationMs: number;
}

/** Units across the picture, whatever its width on paper. */
const ACROSS = 1000;
const ROW = 22;
const LOOP_ROW = 12;
/** No step is invisible. */
const LEAST = 0.8;

/** The whole run by valve and kind of step, in lines that are as sharp on paper as on a screen. */
export function RunPicture({ label, loops, lanes, durationMs }: RunPictureProps) {
  const scale = timeScale({ fromMs: 0, toMs: durationMs }, ACROSS);
  const ticks = timeTicks(scale, ACROSS / 8);
  const top = loops.length * LOOP_ROW;
  const height = top + lanes.length * ROW;
  return (
    <figure className="grid grid-cols-[7rem_minmax(0,1fr)] text-xs">
      <div aria-hidden="true" className="border-r border-line">
        <div className="h-5" />
        {loops.map(({ depth }) => (
          <div key={depth} className="px-4 text-2xs leading-3 text-ink-faint" style={{ height: LOOP_ROW }}>
            {loops.length === 1 ? "Cycle" : `Loop ${depth}`}
          </div>
        ))}
        {lanes.map((lane) => (
          <div key={lane.key} className="flex items-center truncate px-4" style={{ height: ROW }}>
            {lane.label}
          </div>
        ))}
      </div>
      <div className="relative overflow-hidden">
        <div aria-hidden="true" className="relative h-5 text-2xs text-ink-faint tabular-nums">
          {ticks.at.map((ms) => (
            <span key={ms} className="absolute pl-1" style={{ left: `${(scale.x(ms) / ACROSS) * 100}%` }}>
              {formatOffset(ms, ticks.stepMs)}
            </span>
          ))}
        </div>
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${ACROSS} ${height}`}
          preserveAspectRatio="none"
          className="block w-full"
          style={{ height }}
        >
          {ticks.at.map((ms) => (
            <rect key={ms} x={scale.x(ms)} width={0.6} height={height} className="fill-line" />
          ))}
          {loops.map(({ depth, passes }, index) => (
            <g key={depth} className="fill-mark-soft">
              {passes.map((pass) => (
                <rect
                  key={pass.seq}
                  x={scale.x(pass.startMs)}
                  width={Math.max(LEAST, scale.x(Math.min(pass.endMs, durationMs)) - scale.x(pass.startMs))}
                  y={index * LOOP_ROW + 2}
                  height={LOOP_ROW - 4}
                  opacity={pass.fromIteration % 2 === 0 ? 0.3 : 0.6}
                />
              ))}
            </g>
          ))}
          {lanes.map((lane, index) => (
            <LaneRow key={lane.key} lane={lane} y={top + index * ROW} x={scale.x} durationMs={durationMs} />
          ))}
        </svg>
      </div>
    </figure>
  );
}

interface LaneRowProps {
  readonly lane: Lane;
  readonly y: number;
  readonly x: (ms: number) => number;
  readonly durationMs: number;
}

function LaneRow({ lane, y, x, durationMs }: LaneRowProps) {
  return (
    <g>
      <rect x={0} width={ACROSS} y={y + ROW - 0.5} height={0.5} className="fill-line" />
      {lane.spans.map((span) => {
        const width = Math.max(LEAST, x(Math.min(endOf(span), durationMs)) - x(span.startMs));
        return (
          <g key={span.seq}>
            <rect
              x={x(span.startMs)}
              width={width}
              y={y + 6}
              height={ROW - 10}
              className={span.stepType === "valve" ? "fill-mark" : "fill-mark-soft"}
              opacity={span.stepType === "valve" ? 1 : 0.5}
            />
            {span.deviations > 0 ? (
              <rect x={x(span.startMs)} width={2} y={y + 1} height={4} className="fill-alarm-2" />
            ) : null}
          </g>
        );
      })}
    </g>
  );
}
