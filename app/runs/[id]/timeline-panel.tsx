"use client";

import { useMemo, useState } from "react";
import { DeviationSteps } from "#app/runs/[id]/deviation-steps.tsx";
import { OVERVIEW_PIXELS } from "#app/runs/[id]/overview-pixels.ts";
import { TimelineDrawing } from "#app/runs/[id]/timeline-drawing.tsx";
import { ReviewNotice, TimelineToolbar } from "#app/runs/[id]/timeline-toolbar.tsx";
import { useMassGain, useRunStrips, useRunTimeline } from "#app/runs/[id]/use-run-timeline.ts";
import { useRunWindow } from "#app/runs/[id]/use-run-window.ts";
import { inAllLanes } from "#components/timeline/lanes.ts";
import { Overview } from "#components/timeline/overview.tsx";
import { SpansTable } from "#components/timeline/spans-table.tsx";
import type { TimeWindow } from "#components/timeline/time-scale.ts";
import { useWidth } from "#components/timeline/use-width.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { FeedStatus } from "#lib/model/feed.ts";
import { isRunEnded } from "#lib/model/run.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import type { RunTimeline } from "#lib/model/timeline.ts";
import type { ServerClock } from "#lib/realtime/server-clock.ts";
import { useNow } from "#lib/realtime/use-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import { heldNow } from "#lib/view/device-clock.ts";
import { measuredTime } from "#lib/view/run-times.ts";

interface TimelinePanelProps {
  readonly live: LiveRun;
  readonly feed: FeedStatus;
  readonly clock: ServerClock;
  /** To the second, as the rest of the page has it: the same run must not be of two lengths. */
  readonly now: EpochMs;
  readonly drawnAt: EpochMs;
  /** What the server read of the whole run, to draw at once. */
  readonly first: RunTimeline | null;
}

const SECOND_MS = 1_000;

/** Whole ms that a pixel lasts; at the live edge nothing is to be seen any sooner. */
const pixelLasts = ({ fromMs, toMs }: TimeWindow, width: number): number =>
  Math.min(SECOND_MS, Math.floor((toMs - fromMs) / Math.max(1, width)));

export function TimelinePanel({ live, feed, clock, now, drawnAt, first }: TimelinePanelProps) {
  const isLive = !isRunEnded(live.run.status);
  const [everyMs, setEveryMs] = useState(SECOND_MS);
  const finer = useNow(clock, drawnAt, everyMs);
  const lengthMs = measuredTime(live, heldNow(everyMs < SECOND_MS ? finer : now, feed)) ?? 0;
  const view = useRunWindow(lengthMs, isLive);
  const [box, width] = useWidth(1200);
  const wanted = isLive ? pixelLasts(view.window, width) : SECOND_MS;
  if (wanted !== everyMs) setEveryMs(wanted);

  const shown = useRunTimeline(live, view.window, lengthMs, width, first);
  const strips = useRunStrips(live, view.window, lengthMs, width);
  const massGain = useMassGain(live, view.window, lengthMs, width);
  const whole = useRunTimeline(live, { fromMs: 0, toMs: lengthMs }, lengthMs, OVERVIEW_PIXELS, first);

  const lanes = useMemo(() => inAllLanes(shown.lanes, whole.lanes), [shown.lanes, whole.lanes]);

  return (
    <div ref={box}>
      <TimelineToolbar view={view} lengthMs={lengthMs} isLive={isLive} isReading={shown.isReading}>
        {live.run.deviationCount > 0 ? (
          <DeviationSteps view={view} lengthMs={lengthMs} lanes={whole.lanes} />
        ) : null}
      </TimelineToolbar>
      {isLive && view.kind === "review" ? <ReviewNotice view={view} lengthMs={lengthMs} /> : null}
      {shown.error ? (
        <div className="grid gap-2 p-4">
          <RefusalBanner message={shown.error.message} />
          <Button className="w-fit" onClick={shown.readAgain}>
            Read again
          </Button>
        </div>
      ) : null}
      {lengthMs > 0 || lanes.length > 0 ? (
        <>
          <TimelineDrawing
            live={live}
            view={view}
            lengthMs={lengthMs}
            loops={shown.loops}
            lanes={lanes}
            strips={strips}
            massGain={massGain}
          />
          <Overview
            lanes={whole.lanes}
            durationMs={lengthMs}
            window={view.window}
            onWindowChange={view.show}
          />
          <SpansTable lanes={shown.lanes} window={view.window} />
        </>
      ) : (
        <EmptyState title="No step recorded yet">
          The timeline begins with the first step that the controller reports.
        </EmptyState>
      )}
    </div>
  );
}
