"use client";

import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import type { RunWindow } from "#app/runs/[id]/use-run-window.ts";
import { useStep } from "#app/runs/[id]/use-step.ts";
import { useWalkBeyond } from "#app/runs/[id]/use-walk-beyond.ts";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { formatFigure } from "#components/charts/figures.ts";
import { setPointOf } from "#components/runs/set-point.ts";
import { type Lane, spanOf } from "#components/timeline/lanes.ts";
import { loopsText } from "#components/timeline/loop-levels.ts";
import { Pointer, usePointed } from "#components/timeline/pointer.ts";
import { SpanReading } from "#components/timeline/span-reading.tsx";
import { windowAround } from "#components/timeline/step-through.ts";
import { formatOffset, offsetStep } from "#components/timeline/time-scale.ts";
import { Timeline } from "#components/timeline/timeline.tsx";
import { TrendStrip } from "#components/timeline/trend-strip.tsx";
import { isRunEnded } from "#lib/model/run.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import type { LoopLevel, MassGain, TrendSeries } from "#lib/model/timeline.ts";
import { durationMs } from "#lib/time.ts";
import { nameText } from "#lib/view/name-text.ts";
import { parameterLabel } from "#lib/view/quantity.ts";

const STEP = { step: viewParams.step };

interface TimelineDrawingProps {
  readonly live: LiveRun;
  readonly view: RunWindow;
  readonly lengthMs: number;
  readonly loops: readonly LoopLevel[];
  readonly lanes: readonly Lane[];
  readonly strips: readonly TrendSeries[];
  /** Null where no dose of the run was weighed. */
  readonly massGain: MassGain | null;
}

/** The lanes with the values under them on one axis, and above them what the pointer or the selection says. */
export function TimelineDrawing({
  live,
  view,
  lengthMs,
  loops,
  lanes,
  strips,
  massGain,
}: TimelineDrawingProps) {
  const [{ step: selectedSeq }, setParams] = useQueryStates(STEP, { history: "replace" });
  const [pointer] = useState(() => new Pointer());

  const beyond = useWalkBeyond(live, (place) => {
    void setParams({ step: place.seq });
    view.show(windowAround(view.window, place, lengthMs));
  });

  return (
    <>
      <Reading
        live={live}
        view={view}
        loops={loops}
        lanes={lanes}
        selectedSeq={selectedSeq}
        pointer={pointer}
      />
      {beyond.problem === null ? null : (
        <p role="status" className="border-b border-line px-4 py-1.5 text-xs text-ink">
          {beyond.problem}
        </p>
      )}
      <Timeline
        label={`Timeline of ${nameText(live.run.recipeName ?? "the run")}; W and S zoom, A and D move, J and K go from step to step, [ and ] from cycle to cycle, 0 shows all`}
        loops={loops}
        lanes={lanes}
        window={view.window}
        durationMs={lengthMs}
        nowMs={isRunEnded(live.run.status) ? null : lengthMs}
        selectedSeq={selectedSeq}
        onWindowChange={view.show}
        onSelect={(seq) => void setParams({ step: seq })}
        onBeyond={beyond.walk}
        pointer={pointer}
      />
      {strips.map((series) => (
        <TrendStrip
          key={series.parameterId}
          label={parameterLabel(series.name.replace(/^chamber_/, ""))}
          unit={series.unit}
          points={series.points}
          setPoint={setPointOf(live.run, series)}
          window={view.window}
          pointer={pointer}
          format={formatFigure}
        />
      ))}
      {massGain === null ? null : (
        <TrendStrip
          label="Mass gain"
          unit="ng/cm²"
          points={massGain.points}
          setPoint={null}
          window={view.window}
          pointer={pointer}
          format={formatFigure}
          areApart
        />
      )}
    </>
  );
}

interface ReadingProps extends Pick<TimelineDrawingProps, "live" | "view" | "loops" | "lanes"> {
  readonly selectedSeq: number | null;
  readonly pointer: Pointer;
}

/** What the pointer is on, or else what is chosen, in words. */
function Reading({ live, view, loops, lanes, selectedSeq, pointer }: ReadingProps) {
  const pointed = usePointed(pointer);
  const selected = useMemo(
    () => (selectedSeq === null ? null : spanOf(lanes, selectedSeq)),
    [lanes, selectedSeq],
  );
  const span = pointed?.span ?? selected;
  const step = useStep(live, span && span.count === 1 ? span.seq : null);
  const atMs = pointed?.atMs ?? span?.startMs ?? null;
  const iterations = atMs === null ? null : loopsText(loops, atMs);
  return (
    <p
      aria-live={pointed?.span ? "off" : "polite"}
      className="flex min-h-9 flex-wrap items-center gap-x-4 border-y border-line px-4 py-1.5 text-xs text-ink-muted"
    >
      {pointed === null ? null : (
        <span className="w-20 tabular-nums">{formatOffset(pointed.atMs, offsetStep(view.window))}</span>
      )}
      {iterations === null ? null : (
        <span className="tabular-nums">
          {loops.length === 1 ? "cycle" : "loops"} {iterations}
        </span>
      )}
      {span ? (
        <SpanReading
          span={span}
          massGain={step?.pulse?.massGainNgCm2 ?? null}
          recordedMs={
            step ? (step.endedAt === null ? null : durationMs(step.endedAt - step.startedAt)) : undefined
          }
        />
      ) : (
        <Hint />
      )}
    </p>
  );
}

function Hint() {
  return (
    <span className="text-ink-faint">
      <span className="pointer-coarse:hidden">
        Point at a step for its durations, press to keep it. Drag to move; Ctrl and wheel, or W and S, to
        zoom; J and K go from step to step, [ and ] from cycle to cycle.
      </span>
      <span className="hidden pointer-coarse:inline">
        Touch a step for its durations. Drag to move, pinch to zoom.
      </span>
    </span>
  );
}
