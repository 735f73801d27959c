"use client";

import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { ChartFrame } from "#components/charts/chart-frame.tsx";
import { axisStyle, cursorStyle, gridStyle } from "#components/charts/chart-style.ts";
import { formatFigure, roundMarks } from "#components/charts/figures.ts";
import { trendRange } from "#components/timeline/draw-trend.ts";
import { Table, Td, Th } from "#components/ui/table.tsx";
import type { TrendPoint } from "#lib/model/timeline.ts";

export interface TrendLine {
  readonly key: string;
  readonly label: string;
  readonly unit: string | null;
  readonly points: readonly TrendPoint[];
  /** Where the recipe wants it; null when it does not say. */
  readonly setPoint: number | null;
}

interface TrendChartProps {
  readonly line: TrendLine;
  readonly domain: readonly [number, number];
  /** Where the time axis is marked; the same for every chart above and below. */
  readonly marks: readonly number[];
  /** Writes a place on the time axis. */
  readonly formatX: (ms: number) => string;
  readonly height?: number;
}

type Row = { readonly t: number; readonly avg: number; readonly spread: readonly [number, number] };

/** One measured value over time: mean as a line, smallest to largest as a band, set-point dashed. */
export function TrendChart({ line, domain, marks, formatX, height = 128 }: TrendChartProps) {
  const rows: readonly Row[] = line.points.map(([t, min, avg, max]) => ({ t, avg, spread: [min, max] }));
  const [low, high] = padded(line);
  const withUnit = (value: number) => `${formatFigure(value)}${line.unit ? ` ${line.unit}` : ""}`;

  return (
    <ChartFrame
      title={line.label}
      reading={trendReading(line, withUnit)}
      table={<TrendTable line={line} formatX={formatX} />}
    >
      <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 640, height }}>
        <ComposedChart
          data={[...rows]}
          syncId="trend"
          syncMethod="value"
          margin={{ top: 6, right: 8, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid {...gridStyle} />
          <XAxis
            {...axisStyle}
            dataKey="t"
            type="number"
            domain={[...domain]}
            allowDataOverflow
            height={20}
            ticks={[...marks]}
            tickFormatter={formatX}
          />
          <YAxis
            {...axisStyle}
            axisLine={false}
            width={58}
            domain={[low, high]}
            ticks={[...roundMarks(low, high, 3)]}
            tickFormatter={formatFigure}
          />
          {line.setPoint === null ? null : (
            <ReferenceLine
              y={line.setPoint}
              stroke="var(--ink-faint)"
              strokeDasharray="4 3"
              ifOverflow="extendDomain"
            />
          )}
          <Area
            dataKey="spread"
            stroke="none"
            fill="var(--mark-soft)"
            fillOpacity={0.4}
            isAnimationActive={false}
            activeDot={false}
          />
          <Line
            dataKey="avg"
            stroke="var(--mark)"
            strokeWidth={1.5}
            dot={false}
            activeDot={{ r: 3, fill: "var(--accent)", stroke: "none" }}
            isAnimationActive={false}
          />
          <Tooltip
            cursor={cursorStyle}
            isAnimationActive={false}
            content={({ active, payload }) => {
              const row: Row | undefined = payload?.[0]?.payload;
              return active && row ? (
                <div className="rounded-md border border-line bg-raised px-3 py-2 text-xs shadow-high">
                  <p className="font-semibold">{withUnit(row.avg)}</p>
                  <p className="text-ink-muted">
                    {withUnit(row.spread[0])} to {withUnit(row.spread[1])} at {formatX(row.t)}
                  </p>
                </div>
              ) : null;
            }}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

/** Everything measured and the set-point, with a little room. */
function padded({ points, setPoint }: TrendLine): readonly [number, number] {
  const [low, high] = trendRange(points, setPoint) ?? [0, 1];
  const room = (high - low) * 0.08;
  return [low - room, high + room];
}

function trendReading({ points, setPoint }: TrendLine, withUnit: (value: number) => string): string {
  if (points.length === 0) return "nothing measured in this window";
  const low = points.reduce((least, [, min]) => Math.min(least, min), Number.POSITIVE_INFINITY);
  const high = points.reduce((most, [, , , max]) => Math.max(most, max), Number.NEGATIVE_INFINITY);
  const range = `${withUnit(low)} to ${withUnit(high)}`;
  return setPoint === null ? range : `${range} · set-point ${withUnit(setPoint)}`;
}

function TrendTable({
  line,
  formatX,
}: {
  readonly line: TrendLine;
  readonly formatX: (ms: number) => string;
}) {
  return (
    <Table caption={`${line.label} over time`} className="text-xs">
      <thead>
        <tr>
          <Th>Time</Th>
          <Th isNumeric>Smallest</Th>
          <Th isNumeric>Mean</Th>
          <Th isNumeric>Largest</Th>
        </tr>
      </thead>
      <tbody>
        {line.points.map(([t, min, avg, max]) => (
          <tr key={t}>
            <Td>{formatX(t)}</Td>
            <Td isNumeric>{formatFigure(min)}</Td>
            <Td isNumeric>{formatFigure(avg)}</Td>
            <Td isNumeric>{formatFigure(max)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
