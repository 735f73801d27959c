import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { OVERVIEW_PIXELS } from "#app/runs/[id]/overview-pixels.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { liveSpans } from "#components/machine/live-spans.ts";
import { type FetchWindow, fetchWindow, withLiveSpans } from "#components/timeline/fetch-window.ts";
import { groupLanes, type Lane } from "#components/timeline/lanes.ts";
import { livePasses, withLivePasses } from "#components/timeline/loop-levels.ts";
import type { TimeWindow } from "#components/timeline/time-scale.ts";
import { isRunEnded } from "#lib/model/run.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import type { LoopLevel, MassGain, RunTimeline, TrendSeries } from "#lib/model/timeline.ts";
import { massGainQuery, runTimelineQuery, runTrendQuery } from "#lib/queries/run.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";

/** How often a live run's older part is read again; its newest steps come with the feed. */
const READ_AGAIN_MS = 10_000;

interface RunLanes {
  readonly loops: readonly LoopLevel[];
  readonly lanes: readonly Lane[];
  readonly isReading: boolean;
  readonly error: Error | null;
  readonly readAgain: () => void;
}

/**
 * The lanes of a window, as finely as `width` px can show, with the feed's newest steps over their end. What was drawn
 * before stays until the finer answer is there.
 */
export function useRunTimeline(
  live: LiveRun,
  window: TimeWindow,
  durationMs: number,
  width: number,
  first: RunTimeline | null,
): RunLanes {
  const client = browserClient(useRuntimeConfig());
  const isLive = !isRunEnded(live.run.status);
  const asked = fetchWindow(window, isLive ? Number.POSITIVE_INFINITY : durationMs, roundUp(width));
  const query = useQuery({
    ...runTimelineQuery(client, live.run.id, asked, asked.pixels),
    // The server has read the whole run already: for the strip that is the answer, for the lanes a first drawing.
    ...(first && isAnswer(first, asked, isLive) ? { initialData: first } : {}),
    placeholderData: (before: RunTimeline | undefined) => keepPreviousData(before) ?? first ?? undefined,
    staleTime: isLive ? READ_AGAIN_MS : Number.POSITIVE_INFINITY,
    refetchInterval: isLive ? READ_AGAIN_MS : false,
  });

  const origin = live.totals.firstDeviceStartedAt;
  const newest = useMemo(
    () => (isLive && origin !== null ? liveSpans(live.steps, origin) : []),
    [isLive, live.steps, origin],
  );
  const lanes = useMemo(
    () => groupLanes(withLiveSpans(query.data?.spans ?? [], newest)),
    [query.data, newest],
  );
  const loops = useMemo(
    () =>
      isLive && origin !== null
        ? withLivePasses(query.data?.loops ?? [], livePasses(live.steps, origin), newest[0]?.startMs ?? null)
        : (query.data?.loops ?? NO_LOOPS),
    [isLive, live.steps, origin, query.data, newest],
  );
  return {
    loops,
    lanes,
    isReading: query.isFetching,
    error: query.error,
    readAgain: () => void query.refetch(),
  };
}

/** What is drawn under the lanes: the answer of the chamber to every pulse. */
const STRIPS = ["chamber_pressure", "chamber_temperature"];
const MOST_BUCKETS = 2000;

/** The chamber's pressure and temperature in the same window. */
export function useRunStrips(
  live: LiveRun,
  window: TimeWindow,
  durationMs: number,
  width: number,
): readonly TrendSeries[] {
  const client = browserClient(useRuntimeConfig());
  const isLive = !isRunEnded(live.run.status);
  const { fromMs, toMs, pixels } = fetchWindow(
    window,
    isLive ? Number.POSITIVE_INFINITY : durationMs,
    roundUp(width),
  );
  const query = useQuery({
    ...runTrendQuery(client, live.run.id, {
      window: { fromMs, toMs },
      buckets: Math.min(MOST_BUCKETS, Math.ceil(pixels / 2)),
      parameters: STRIPS,
    }),
    placeholderData: keepPreviousData,
    staleTime: isLive ? STRIPS_AGAIN_MS : Number.POSITIVE_INFINITY,
    refetchInterval: isLive ? STRIPS_AGAIN_MS : false,
    enabled: durationMs > 0,
  });
  return query.data ?? NO_STRIPS;
}

/** Mass gained per dose in the same window; nothing where no dose of the run was weighed. */
export function useMassGain(
  live: LiveRun,
  window: TimeWindow,
  durationMs: number,
  width: number,
): MassGain | null {
  const client = browserClient(useRuntimeConfig());
  const isLive = !isRunEnded(live.run.status);
  const asked = fetchWindow(window, isLive ? Number.POSITIVE_INFINITY : durationMs, roundUp(width));
  const query = useQuery({
    ...massGainQuery(client, live.run.id, asked, Math.min(MOST_BUCKETS, Math.ceil(asked.pixels / 2))),
    placeholderData: keepPreviousData,
    staleTime: isLive ? READ_AGAIN_MS : Number.POSITIVE_INFINITY,
    // Whether its doses are weighed is known of a machine by its first ones.
    refetchInterval: ({ state }) =>
      isLive && (live.run.lastSeq < 100 || (state.data?.doses ?? 0) > 0) ? READ_AGAIN_MS : false,
    enabled: durationMs > 0,
  });
  return query.data && query.data.doses > 0 ? query.data : null;
}

const STRIPS_AGAIN_MS = 2_000;
const NO_STRIPS: readonly TrendSeries[] = [];
const NO_LOOPS: readonly LoopLevel[] = [];

const isAnswer = (first: RunTimeline, asked: FetchWindow, isLive: boolean): boolean =>
  !isLive && asked.fromMs === 0 && asked.toMs === first.toMs && asked.pixels === OVERVIEW_PIXELS;

/** Widths in steps, so that a window being resized does not ask with every pixel. */
const roundUp = (width: number): number => Math.ceil(Math.max(width, 1) / 400) * 400;
