"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { TrendChart } from "#components/charts/trend-chart.tsx";
import { setPointOf } from "#components/runs/set-point.ts";
import { formatOffset, timeScale, timeTicks } from "#components/timeline/time-scale.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice, RefusalBanner } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { isRunEnded } from "#lib/model/run.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import type { TrendSeries } from "#lib/model/timeline.ts";
import { runTrendQuery } from "#lib/queries/run.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import { parameterLabel } from "#lib/view/quantity.ts";

const READ_AGAIN_MS = 5_000;
const BUCKETS = 500;
/** Roughly how wide the charts are, in px; decides how far apart their time marks are. */
const AXIS_WIDTH = 1000;

/** Pressure, temperature and flow on the time axis of the timeline: its window when it has one, else the whole run. */
export function TrendsPanel({ live }: { readonly live: LiveRun }) {
  const client = browserClient(useRuntimeConfig());
  const [{ from, to }, setView] = useQueryStates(viewParams);
  const window = from !== null && to !== null && to > from ? { fromMs: from, toMs: to } : null;
  const query = useQuery({
    ...runTrendQuery(client, live.run.id, { window, buckets: BUCKETS, parameters: null }),
    placeholderData: keepPreviousData,
    refetchInterval: isRunEnded(live.run.status) ? false : READ_AGAIN_MS,
  });

  if (query.isPending) return <Skeleton className="m-4 h-96" />;
  if (query.error) {
    return (
      <div className="p-4">
        <RefusalBanner message={query.error.message} />
      </div>
    );
  }
  if (query.data.every((series) => series.points.length === 0)) {
    return (
      <EmptyState title="Nothing measured">
        The controller reported no pressure, temperature or flow for this part of the run.
      </EmptyState>
    );
  }
  const domain: readonly [number, number] = window ? [window.fromMs, window.toMs] : extent(query.data);
  const { at: marks, stepMs } = timeTicks(timeScale({ fromMs: domain[0], toMs: domain[1] }, AXIS_WIDTH));

  return (
    <div>
      {window ? (
        <div className="p-4 pb-0">
          <Notice
            kind="plain"
            aside={
              <Button size="sm" onClick={() => void setView({ from: null, to: null })}>
                Whole run
              </Button>
            }
          >
            The window of the timeline, {formatOffset(window.fromMs, stepMs)} to{" "}
            {formatOffset(window.toMs, stepMs)}.
          </Notice>
        </div>
      ) : null}
      <ul>
        {query.data.map((series) => (
          <li key={series.parameterId} className="border-b border-line p-4 last:border-b-0">
            <TrendChart
              line={{
                ...series,
                setPoint: setPointOf(live.run, series),
                key: series.parameterId,
                label: parameterLabel(series.name),
              }}
              domain={domain}
              marks={marks}
              formatX={(ms) => formatOffset(ms, stepMs)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

function extent(series: readonly TrendSeries[]): readonly [number, number] {
  const times = series.flatMap(({ points }) => [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1]);
  return [Math.min(...times), Math.max(...times)];
}
