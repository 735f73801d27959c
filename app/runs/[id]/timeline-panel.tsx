"use client";

import { Maximize, Minus, Plus, SkipForward } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useCallback, useState } from "react";
import { useRunStrips, useRunTimeline } from "#app/runs/[id]/use-run-timeline.ts";
import { type RunWindow, useRunWindow } from "#app/runs/[id]/use-run-window.ts";
import { useStep } from "#app/runs/[id]/use-step.ts";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { formatFigure, parameterLabel } from "#components/charts/figures.ts";
import { Overview } from "#components/timeline/overview.tsx";
import { SpanReading } from "#components/timeline/span-reading.tsx";
import { SpansTable } from "#components/timeline/spans-table.tsx";
import { formatOffset, zoomWindow } from "#components/timeline/time-scale.ts";
import { Timeline } from "#components/timeline/timeline.tsx";
import { TrendStrip } from "#components/timeline/trend-strip.tsx";
import { useWidth } from "#components/timeline/use-width.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice, RefusalBanner } from "#components/ui/notice.tsx";
import { isRunEnded } from "#lib/model/run.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import type { RunTimeline, TimelineSpan, TrendSeries } from "#lib/model/timeline.ts";
import type { ServerClock } from "#lib/realtime/server-clock.ts";
import { useNow } from "#lib/realtime/use-feed.ts";
import { durationMs, type EpochMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { deviceNow } from "#lib/view/device-clock.ts";

interface TimelinePanelProps {
  readonly live: LiveRun;
  readonly clock: ServerClock;
  readonly drawnAt: EpochMs;
  /** What the server read of the whole run, to draw at once. */
  readonly first: RunTimeline | null;
}

/** A window up to this wide moves with every frame at the live edge; in a wider one a second is less than a pixel or two. */
const SMOOTH_UP_TO_MS = 180_000;

export function TimelinePanel({ live, clock, drawnAt, first }: TimelinePanelProps) {
  const isLive = !isRunEnded(live.run.status);
  const [rate, setRate] = useState<"frame" | "second">("second");
  const now = useNow(clock, rate, drawnAt);
  const lengthMs = runLength(live, now);
  const view = useRunWindow(lengthMs, isLive);
  const wanted = isLive && view.window.toMs - view.window.fromMs <= SMOOTH_UP_TO_MS ? "frame" : "second";
  if (wanted !== rate) setRate(wanted);

  const [box, width] = useWidth(1200);
  const shown = useRunTimeline(live, view.window, lengthMs, width, first);
  const strips = useRunStrips(live, view.window, lengthMs, width);
  const whole = useRunTimeline(live, { fromMs: 0, toMs: lengthMs }, lengthMs, 800, first);

  return (
    <div ref={box}>
      <Toolbar view={view} lengthMs={lengthMs} isLive={isLive} isReading={shown.isReading} />
      {isLive && view.kind === "review" ? <ReviewNotice view={view} lengthMs={lengthMs} /> : null}
      {shown.error ? (
        <div className="grid gap-2 p-4">
          <RefusalBanner message={shown.error.message} />
          <Button className="w-fit" onClick={shown.readAgain}>
            Read again
          </Button>
        </div>
      ) : null}
      {lengthMs > 0 || shown.lanes.length > 0 ? (
        <>
          <Drawing live={live} view={view} lengthMs={lengthMs} lanes={shown.lanes} strips={strips} />
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

interface DrawingProps {
  readonly live: LiveRun;
  readonly view: RunWindow;
  readonly lengthMs: number;
  readonly lanes: ReturnType<typeof useRunTimeline>["lanes"];
  readonly strips: readonly TrendSeries[];
}

function Drawing({ live, view, lengthMs, lanes, strips }: DrawingProps) {
  const [{ step: selectedSeq }, setParams] = useQueryStates(viewParams, { history: "replace" });
  const [hovered, setHovered] = useState<TimelineSpan | null>(null);
  const [pointerMs, setPointerMs] = useState<number | null>(null);
  const selected = selectedSeq === null ? null : spanOf(lanes, selectedSeq);
  const read = hovered ?? selected;
  const step = useStep(live, read && read.count === 1 ? read.seq : null);

  const onHover = useCallback((span: TimelineSpan | null, atMs: number | null) => {
    setHovered(span);
    setPointerMs(atMs);
  }, []);

  return (
    <>
      <p
        aria-live="polite"
        className="flex min-h-9 flex-wrap items-center gap-x-4 border-y border-line px-4 py-1.5 text-xs text-ink-muted"
      >
        {pointerMs === null ? null : (
          <span className="w-20 tabular-nums">{formatOffset(pointerMs, stepOf(view))}</span>
        )}
        {read ? (
          <SpanReading
            span={read}
            recordedMs={
              step ? (step.endedAt === null ? null : durationMs(step.endedAt - step.startedAt)) : undefined
            }
          />
        ) : (
          <span className="text-ink-faint">
            Point at a step for its durations, press to keep it. Drag to move; Ctrl and wheel, or W and S, to
            zoom.
          </span>
        )}
      </p>
      <Timeline
        label={`Timeline of ${live.run.recipeName ?? "the run"}; W and S zoom, A and D move, 0 shows all`}
        lanes={lanes}
        window={view.window}
        durationMs={lengthMs}
        nowMs={isRunEnded(live.run.status) ? null : lengthMs}
        selectedSeq={selectedSeq}
        onWindowChange={view.show}
        onSelect={(span) => void setParams({ step: span?.seq ?? null })}
        onHover={onHover}
      />
      {strips.map((series) => (
        <TrendStrip
          key={series.parameterId}
          label={parameterLabel(series.name)}
          unit={series.unit}
          points={series.points}
          setPoint={series.setPoint}
          window={view.window}
          pointerMs={pointerMs}
          format={formatFigure}
        />
      ))}
    </>
  );
}

interface ToolbarProps {
  readonly view: RunWindow;
  readonly lengthMs: number;
  readonly isLive: boolean;
  readonly isReading: boolean;
}

function Toolbar({ view, lengthMs, isLive, isReading }: ToolbarProps) {
  const { fromMs, toMs } = view.window;
  const zoom = (factor: number) =>
    view.show(zoomWindow(view.window, factor, view.kind === "edge" ? toMs : (fromMs + toMs) / 2, lengthMs));
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-2.5 text-xs text-ink-muted">
      <span className="tabular-nums">
        {formatOffset(fromMs, stepOf(view))} to {formatOffset(toMs, stepOf(view))}
      </span>
      <span className="text-ink-faint">{formatDuration(durationMs(toMs - fromMs))}</span>
      <span role="status" className="text-ink-faint">
        {isReading ? "reading" : ""}
      </span>
      <div className="ml-auto flex items-center gap-1.5">
        {isLive && view.kind !== "edge" ? (
          <Button
            size="sm"
            onClick={
              view.kind === "whole"
                ? () => view.show({ fromMs: Math.max(0, lengthMs - 60_000), toMs: lengthMs })
                : view.showEdge
            }
          >
            <SkipForward className="size-3.5" aria-hidden="true" />
            Live edge
          </Button>
        ) : null}
        <Button size="sm" onClick={view.showAll} disabled={view.kind === "whole"}>
          <Maximize className="size-3.5" aria-hidden="true" />
          Whole run
        </Button>
        <Button size="sm" aria-label="Zoom out" onClick={() => zoom(2)} disabled={view.kind === "whole"}>
          <Minus className="size-3.5" aria-hidden="true" />
        </Button>
        <Button size="sm" aria-label="Zoom in" onClick={() => zoom(0.5)}>
          <Plus className="size-3.5" aria-hidden="true" />
        </Button>
      </div>
    </div>
  );
}

function ReviewNotice({ view, lengthMs }: { readonly view: RunWindow; readonly lengthMs: number }) {
  const behind = formatDuration(durationMs(Math.max(0, lengthMs - view.window.toMs)));
  return (
    <div className="px-4 pb-2.5">
      <Notice
        kind="plain"
        aside={
          <Button size="sm" onClick={view.showEdge}>
            Back to live
          </Button>
        }
      >
        <strong className="font-semibold text-ink">Review.</strong> You are looking at the past of a live run,{" "}
        {behind} behind; new steps do not move this view.
      </Notice>
    </div>
  );
}

const stepOf = ({ window }: RunWindow): number => Math.max(1, (window.toMs - window.fromMs) / 100);

function spanOf(lanes: DrawingProps["lanes"], seq: number): TimelineSpan | null {
  const spans = lanes.flatMap((lane) => lane.spans);
  return spans.find((span) => span.seq === seq) ?? null;
}

/** How long the run is on the controller's clock: to its live edge, or to the end of its last step. */
function runLength({ run, steps, totals }: LiveRun, now: EpochMs): number {
  const begin = totals.firstDeviceStartedAt;
  if (begin === null) return 0;
  if (isRunEnded(run.status)) return (totals.lastDeviceEndedAt ?? begin) - begin;
  return Math.max(0, (deviceNow(run, steps, now) ?? begin) - begin);
}
