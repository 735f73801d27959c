"use client";

import { memo, useMemo } from "react";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { ChartFrame } from "#components/charts/chart-frame.tsx";
import { axisStyle, cursorStyle, gridStyle } from "#components/charts/chart-style.ts";
import { countMarks, durationAxis, formatFigure, roundMarks } from "#components/charts/figures.ts";
import { formatX, seriesReading, stepTitle } from "#components/compare/figures.ts";
import { NumberMark } from "#components/compare/run-key.tsx";
import { runLook } from "#components/compare/run-look.ts";
import { SeriesReading } from "#components/compare/series-reading.tsx";
import { numberRow, seriesRange, seriesRows } from "#components/compare/series-rows.ts";
import { SeriesTable } from "#components/compare/series-table.tsx";
import type { ComparedSeries, Comparison } from "#lib/model/comparison.ts";

interface SeriesChartProps {
  readonly series: ComparedSeries;
  readonly comparison: Comparison;
}

const HEIGHT = 176;
/** What a healthy step may jitter, by unit. */
const LEAST: Readonly<Record<string, number>> = { ms: 20, Torr: 0.02 };

/** One step of the program in all runs: the good ones as a band with their median dashed, each run as a numbered line. */
export const SeriesChart = memo(function SeriesChart({ series, comparison }: SeriesChartProps) {
  const { align, unit } = comparison;
  const rows = useMemo(() => seriesRows(series), [series]);
  const [low, high] = seriesRange(rows, LEAST[unit] ?? 0);
  const marks = roundMarks(low, high, 4);
  const [first, last] = [rows[0]?.x ?? 0, rows.at(-1)?.x ?? 1];
  return (
    <ChartFrame
      title={stepTitle(series)}
      reading={seriesReading(series, comparison)}
      table={<SeriesTable series={series} rows={rows} comparison={comparison} />}
    >
      <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 480, height: HEIGHT }}>
        <ComposedChart
          data={[...rows]}
          margin={{ top: 8, right: 10, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid {...gridStyle} />
          <XAxis
            {...axisStyle}
            dataKey="x"
            type="number"
            domain={[first, last]}
            ticks={[...(align === "start" ? roundMarks(first, last, 5) : countMarks(first, last))]}
            tickFormatter={(x: number) => formatX(x, align)}
            height={20}
          />
          <YAxis
            {...axisStyle}
            axisLine={false}
            width={58}
            domain={[low, high]}
            ticks={[...marks]}
            tickFormatter={unit === "ms" ? durationAxis(low, high, marks.length) : formatFigure}
          />
          <Area
            dataKey="band"
            stroke="none"
            fill="var(--mark-soft)"
            fillOpacity={0.3}
            isAnimationActive={false}
            activeDot={false}
            connectNulls
          />
          <Line
            dataKey="median"
            stroke="var(--ink-faint)"
            strokeDasharray="4 3"
            dot={false}
            activeDot={false}
            isAnimationActive={false}
            connectNulls
          />
          {series.runs.map(({ index, mean }, place) => {
            const numbered = numberRow(mean, place, series.runs.length);
            return (
              <Line
                key={index}
                name={`Run ${index}`}
                dataKey={(row: (typeof rows)[number]) => row.means[place]}
                {...runLook(index)}
                strokeWidth={1.5}
                dot={({ key, cx, cy, index: row }) =>
                  row === numbered && typeof cx === "number" && typeof cy === "number" ? (
                    <NumberMark key={key} cx={cx} cy={cy} index={index} />
                  ) : (
                    <g key={key} />
                  )
                }
                activeDot={{ r: 3, fill: runLook(index).stroke, stroke: "none" }}
                isAnimationActive={false}
                connectNulls
              />
            );
          })}
          <Tooltip
            cursor={cursorStyle}
            isAnimationActive={false}
            content={({ active, payload }) => {
              const row: (typeof rows)[number] | undefined = payload?.[0]?.payload;
              return active && row ? (
                <SeriesReading row={row} series={series} comparison={comparison} />
              ) : null;
            }}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
});
