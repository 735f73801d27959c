"use client";

import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { ChartFrame } from "#components/charts/chart-frame.tsx";
import { axisStyle, cursorStyle, gridStyle } from "#components/charts/chart-style.ts";
import { type DurationDot, type DurationLine, durationReading } from "#components/charts/duration-line.ts";
import { DurationTable } from "#components/charts/duration-table.tsx";
import { countMarks, durationAxis, roundMarks } from "#components/charts/figures.ts";
import { durationMs } from "#lib/time.ts";
import { formatDeviation, formatDuration } from "#lib/time-format.ts";

interface DurationChartProps {
  readonly line: DurationLine;
  /** What the horizontal axis counts: "Cycle" or "Step". */
  readonly xName: string;
  readonly height?: number;
  /** A dot was chosen; go to its step. */
  readonly onSelect?: (seq: number) => void;
}

/** One recipe step over the cycles: planned dashed, measured solid, the spread of each dot as a band, deviations marked. */
export function DurationChart({ line, xName, height = 148, onSelect }: DurationChartProps) {
  const rows = line.dots.map((dot) => ({
    ...dot,
    spread: dot.minMs === null || dot.maxMs === null ? null : [dot.minMs, dot.maxMs],
    deviating: dot.isDeviation ? furthest(dot) : null,
  }));

  const [low, high] = yRange(line);
  const marks = roundMarks(low, high, 4);
  const [first, last] = [rows[0]?.x ?? 0, rows.at(-1)?.x ?? 1];

  return (
    <ChartFrame
      title={line.label}
      reading={durationReading(line)}
      table={<DurationTable line={line} xName={xName} />}
    >
      <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 480, height }}>
        <ComposedChart
          data={rows}
          margin={{ top: 6, right: 8, bottom: 0, left: 0 }}
          accessibilityLayer={false}
          onClick={(state) => {
            const dot = rows[Number(state.activeTooltipIndex)];
            if (dot) onSelect?.(dot.seq);
          }}
        >
          <CartesianGrid {...gridStyle} />
          <XAxis
            {...axisStyle}
            dataKey="x"
            type="number"
            domain={[first, last]}
            ticks={[...countMarks(first, last)]}
            height={20}
          />
          <YAxis
            {...axisStyle}
            axisLine={false}
            width={58}
            domain={[low, high]}
            ticks={[...marks]}
            tickFormatter={durationAxis(low, high, marks.length)}
          />
          <Area
            dataKey="spread"
            stroke="none"
            fill="var(--mark-soft)"
            fillOpacity={0.35}
            isAnimationActive={false}
            connectNulls
          />
          <Line
            dataKey="plannedMs"
            type="stepAfter"
            stroke="var(--ink-faint)"
            strokeDasharray="4 3"
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
          <Line
            dataKey="measuredMs"
            stroke="var(--mark)"
            strokeWidth={1.5}
            dot={rows.length < 3}
            activeDot={{ r: 3, fill: "var(--accent)", stroke: "none" }}
            isAnimationActive={false}
            connectNulls
          />
          <Scatter
            dataKey="deviating"
            fill="var(--alarm-2)"
            shape={DeviationMark}
            isAnimationActive={false}
          />
          <Tooltip
            cursor={cursorStyle}
            isAnimationActive={false}
            content={({ active, payload }) => {
              const dot: DurationDot | undefined = payload?.[0]?.payload;
              return active && dot ? <Reading dot={dot} xName={xName} /> : null;
            }}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

/** The planned duration always in sight, and room so that jitter of a healthy valve does not look like an event. */
function yRange({ plannedMs, dots }: DurationLine): readonly [number, number] {
  const room = Math.max(30, (plannedMs ?? 0) * 0.04);
  const low = Math.min(...dots.map((dot) => dot.minMs ?? plannedMs ?? 0));
  const high = Math.max(...dots.map((dot) => dot.maxMs ?? plannedMs ?? 0));
  const lowest = Math.max(0, Math.min(low, (plannedMs ?? low) - room));
  const highest = Math.max(high, (plannedMs ?? high) + room);
  return [lowest, highest + (highest - lowest) * 0.06];
}

interface DeviationMarkProps {
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
}

/** A deviation, by form as well as by colour; nothing where a dot has none. */
function DeviationMark({ cx, cy }: DeviationMarkProps) {
  if (typeof cx !== "number" || typeof cy !== "number" || Number.isNaN(cy)) return <g />;
  return <path d={`M${cx} ${cy - 4}l3.5 6.5h-7z`} fill="var(--alarm-2)" />;
}

function furthest({ plannedMs, minMs, maxMs }: DurationDot): number | null {
  if (plannedMs === null || minMs === null || maxMs === null) return maxMs ?? minMs;
  return maxMs - plannedMs >= plannedMs - minMs ? maxMs : minMs;
}

function Reading({ dot, xName }: { readonly dot: DurationDot; readonly xName: string }) {
  const { plannedMs, measuredMs, minMs, maxMs, count } = dot;
  return (
    <div className="rounded-md border border-line bg-raised px-3 py-2 text-xs shadow-high">
      <p className="font-semibold">
        {xName} {dot.x}
        {count > 1 ? <span className="font-normal text-ink-muted"> and on, {count} steps</span> : null}
      </p>
      <p className="text-ink-muted">
        {plannedMs === null ? "not planned" : `planned ${formatDuration(durationMs(plannedMs))}`}
        {measuredMs === null ? ", not measured" : `, measured ${formatDuration(durationMs(measuredMs))}`}
        {plannedMs !== null && measuredMs !== null
          ? ` (${formatDeviation(durationMs(measuredMs - plannedMs))})`
          : null}
      </p>
      {count > 1 && minMs !== null && maxMs !== null ? (
        <p className="text-ink-muted">
          between {formatDuration(durationMs(minMs))} and {formatDuration(durationMs(maxMs))}
        </p>
      ) : null}
    </div>
  );
}
