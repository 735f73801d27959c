"use client";

import { type PointerEvent, useCallback, useRef, useState } from "react";
import {
  drawLive,
  type Ghost,
  type LiveState,
  liveHeight,
  TRACE_HEIGHT,
} from "#components/machine/draw-live.ts";
import { LiveEdge } from "#components/machine/live-edge.ts";
import { AHEAD, livePlace, MARGIN } from "#components/machine/live-window.ts";
import { SpanReading } from "#components/machine/span-reading.tsx";
import { TraceName } from "#components/machine/trace-name.tsx";
import type { Trace } from "#components/machine/trace-points.ts";
import { useLiveCanvas } from "#components/machine/use-live-canvas.ts";
import { AXIS_HEIGHT, LANE_HEIGHT } from "#components/timeline/draw-lanes.ts";
import { type Lane, spanAt } from "#components/timeline/lanes.ts";
import { timeScale } from "#components/timeline/time-scale.ts";
import type { TimelineSpan } from "#lib/model/timeline.ts";

export interface LiveLanesProps {
  readonly lanes: readonly Lane[];
  readonly traces: readonly Trace[];
  readonly cycles: readonly { readonly cycle: number; readonly atMs: number }[];
  readonly ghosts: readonly Ghost[];
  /** How much of the controller's time is in sight. */
  readonly spanMs: number;
  readonly speed: number;
  /** Server time now and the controller's clock (ms from the run's first step) by the last report; null before it. */
  readonly readClock: () => { readonly now: number; readonly estimateMs: number } | null;
  readonly isMoving: boolean;
  readonly state: LiveState;
}

/** How far beside a thin pulse, in px, a pointer still means it. */
const REACH = 6;

/** What every valve is doing, flowing past: solid is measured, the line under it planned, hollow is still to come. */
export function LiveLanes(props: LiveLanesProps) {
  const { lanes, traces, cycles, ghosts, spanMs, speed, readClock, isMoving, state } = props;
  const edge = useRef(new LiveEdge());
  const fromMs = useRef(0);
  const pointerX = useRef<number | null>(null);
  const [pointed, point] = useState<{ span: TimelineSpan; x: number; y: number } | null>(null);

  const canvas = useLiveCanvas(
    useCallback(
      (frame) => {
        const clock = readClock();
        const nowMs = clock ? edge.current.at(clock.now, clock.estimateMs, speed) : 0;
        const window = livePlace(nowMs, spanMs, state === "ended" ? MARGIN : AHEAD);
        fromMs.current = window.fromMs;
        const scale = timeScale(window, frame.width);
        const pointerMs = pointerX.current === null ? null : scale.msAt(pointerX.current);
        drawLive(frame, { lanes, traces, cycles, ghosts, scale, nowMs, state, pointerMs });
      },
      [lanes, traces, cycles, ghosts, spanMs, speed, readClock, state],
    ),
    isMoving,
  );

  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const scale = timeScale({ fromMs: fromMs.current, toMs: fromMs.current + spanMs }, box.width);
    const lane = lanes[Math.floor((y - AXIS_HEIGHT) / LANE_HEIGHT)];
    const span = lane ? spanAt(lane, scale.msAt(x), REACH * scale.msPerPixel) : null;
    pointerX.current = x;
    point(span ? { span, x, y } : null);
  };
  const onPointerLeave = () => {
    pointerX.current = null;
    point(null);
  };

  return (
    <div className="flex">
      <Names lanes={lanes} traces={traces} isStale={state === "stale"} />
      <div className="relative min-w-0 flex-1">
        <canvas
          ref={canvas}
          role="img"
          aria-label="Valves, pressure and temperature of the last cycles. The same steps are listed in the table of last steps."
          onPointerMove={onPointerMove}
          onPointerLeave={onPointerLeave}
          className="block w-full touch-pan-y"
          style={{ height: liveHeight(lanes.length, traces.length) }}
        />
        {pointed ? <SpanReading {...pointed} /> : null}
      </div>
    </div>
  );
}

type NamesProps = Pick<LiveLanesProps, "lanes" | "traces"> & { readonly isStale: boolean };

function Names({ lanes, traces, isStale }: NamesProps) {
  return (
    <div className="w-24 shrink-0 border-r border-line sm:w-40" style={{ paddingTop: AXIS_HEIGHT }}>
      {lanes.map((lane) => (
        <div
          key={lane.key}
          title={lane.note ? `${lane.label}, ${lane.note}` : lane.label}
          className="flex flex-col justify-center overflow-hidden border-b border-line px-2 sm:px-4"
          style={{ height: LANE_HEIGHT }}
        >
          <span className="truncate text-xs font-medium leading-4">{lane.label}</span>
          {lane.note ? <span className="truncate text-2xs leading-3 text-ink-faint">{lane.note}</span> : null}
        </div>
      ))}
      {traces.map((trace) => (
        <div
          key={trace.name}
          className="border-b border-line px-2 py-2 sm:px-4"
          style={{ height: TRACE_HEIGHT }}
        >
          <TraceName trace={trace} isStale={isStale} />
        </div>
      ))}
    </div>
  );
}
