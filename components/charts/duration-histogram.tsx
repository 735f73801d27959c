"use client";

import { Bar, BarChart, Cell, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { ChartFrame } from "#components/charts/chart-frame.tsx";
import { axisStyle } from "#components/charts/chart-style.ts";
import { type DurationBin, type DurationLine, durationBins } from "#components/charts/duration-line.ts";
import { durationAxis, roundMarks } from "#components/charts/figures.ts";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";

interface DurationHistogramProps {
  readonly line: DurationLine;
  readonly height?: number;
}

/** How often each duration was measured; the planned one as a dashed line. */
export function DurationHistogram({ line, height = 148 }: DurationHistogramProps) {
  const bins = durationBins(line).map((bin) => ({ ...bin, middle: (bin.fromMs + bin.toMs) / 2 }));
  const steps = bins.reduce((sum, bin) => sum + bin.count, 0);
  const outside = bins.reduce((sum, bin) => sum + (bin.holdsDeviation ? bin.count : 0), 0);
  const [low, high] = [bins[0]?.fromMs ?? 0, bins.at(-1)?.toMs ?? 1];
  const marks = roundMarks(low, high, 3);
  const reading = `${steps} ${steps === 1 ? "step" : "steps"}${outside > 0 ? ` · ${outside} outside of the planned duration` : ""}`;

  return (
    <ChartFrame title="Distribution" reading={reading} table={<BinTable label={line.label} bins={bins} />}>
      <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 280, height }}>
        <BarChart
          data={bins}
          margin={{ top: 6, right: 8, bottom: 0, left: 0 }}
          barCategoryGap={1}
          accessibilityLayer={false}
        >
          <XAxis
            {...axisStyle}
            dataKey="middle"
            type="number"
            domain={[low, high]}
            height={20}
            ticks={[...marks]}
            tickFormatter={durationAxis(low, high, marks.length)}
          />
          <YAxis {...axisStyle} axisLine={false} width={34} allowDecimals={false} tickCount={3} />
          {line.plannedMs === null ? null : (
            <ReferenceLine x={line.plannedMs} stroke="var(--ink-faint)" strokeDasharray="4 3" />
          )}
          <Bar
            dataKey="count"
            isAnimationActive={false}
            minPointSize={(count) => (count ? 2 : 0)}
            maxBarSize={28}
          >
            {bins.map((bin) => (
              <Cell key={bin.fromMs} fill={bin.holdsDeviation ? "var(--alarm-2)" : "var(--mark)"} />
            ))}
          </Bar>
          <Tooltip
            cursor={{ fill: "var(--hover)" }}
            isAnimationActive={false}
            content={({ active, payload }) => {
              const bin: DurationBin | undefined = payload?.[0]?.payload;
              return active && bin ? (
                <div className="rounded-md border border-line bg-raised px-3 py-2 text-xs shadow-high">
                  <p className="font-semibold">{bin.count} steps</p>
                  <p className="text-ink-muted">{binRange(bin)}</p>
                </div>
              ) : null;
            }}
          />
        </BarChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

const binRange = (bin: DurationBin): string =>
  `${formatDuration(durationMs(bin.fromMs))} to ${formatDuration(durationMs(bin.toMs))}`;

function BinTable({ label, bins }: { readonly label: string; readonly bins: readonly DurationBin[] }) {
  return (
    <Table caption={`Distribution of ${label}`} className="text-xs">
      <thead>
        <tr>
          <Th>Measured</Th>
          <Th isNumeric>Steps</Th>
        </tr>
      </thead>
      <tbody>
        {bins
          .filter((bin) => bin.count > 0)
          .map((bin) => (
            <tr key={bin.fromMs}>
              <Td>{binRange(bin)}</Td>
              <Td isNumeric>{bin.count}</Td>
            </tr>
          ))}
      </tbody>
    </Table>
  );
}
