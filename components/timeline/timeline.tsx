"use client";

import { type KeyboardEvent, useCallback } from "react";
import { drawLanes, LANE_HEIGHT, lanesHeight, lanesTop } from "#components/timeline/draw-lanes.ts";
import { LOOP_HEIGHT } from "#components/timeline/draw-loops.ts";
import { Hairline } from "#components/timeline/hairline.tsx";
import { type Lane, spanAt, spanOf } from "#components/timeline/lanes.ts";
import { passBeside } from "#components/timeline/loop-levels.ts";
import type { Pointer } from "#components/timeline/pointer.ts";
import { neighbour, spanning, windowAround } from "#components/timeline/step-through.ts";
import { panWindow, type TimeWindow, timeScale, zoomWindow } from "#components/timeline/time-scale.ts";
import { useCanvas } from "#components/timeline/use-canvas.ts";
import { useTimelineGestures } from "#components/timeline/use-timeline-gestures.ts";
import type { LoopLevel, TimelineSpan } from "#lib/model/timeline.ts";

/** Asks for the step or cycle beside a step, where it is not among what is drawn. */
export type Beyond = (what: "step" | "cycle", fromSeq: number, direction: -1 | 1) => void;

interface TimelineProps {
  readonly label: string;
  readonly loops: readonly LoopLevel[];
  readonly lanes: readonly Lane[];
  readonly window: TimeWindow;
  readonly durationMs: number;
  /** The live edge in ms from the start; null for a run that has ended. */
  readonly nowMs: number | null;
  readonly selectedSeq: number | null;
  readonly onWindowChange: (window: TimeWindow) => void;
  /** The step that is chosen, by seq. */
  readonly onSelect: (seq: number | null) => void;
  readonly onBeyond: Beyond;
  /** Moved by this drawing. */
  readonly pointer: Pointer;
}

/** How far beside a thin pulse, in px, a pointer still means it. */
const REACH = 5;

/** The step timeline: one lane per valve and kind of step, drawn for exactly the pixels there are. */
export function Timeline(props: TimelineProps) {
  const { loops, lanes, window, durationMs, nowMs, selectedSeq, onWindowChange, onSelect, pointer } = props;

  const canvas = useCanvas(
    useCallback(
      (frame) =>
        drawLanes(frame, { loops, lanes, scale: timeScale(window, frame.width), nowMs, selectedSeq }),
      [loops, lanes, window, nowMs, selectedSeq],
    ),
  );

  const find = (x: number, y: number): TimelineSpan | null => {
    const lane = lanes[Math.floor((y - lanesTop(loops.length)) / LANE_HEIGHT)];
    const scale = timeScale(window, canvas.current?.clientWidth ?? 1);
    return lane ? spanAt(lane, scale.msAt(x), REACH * scale.msPerPixel) : null;
  };

  useTimelineGestures(canvas, {
    window,
    durationMs,
    onWindowChange,
    onPress: (x, y) => onSelect(find(x, y)?.seq ?? null),
    onPointer: (place) => {
      if (!place) return pointer.move(null);
      const { msAt } = timeScale(window, canvas.current?.clientWidth ?? 1);
      pointer.move({ atMs: msAt(place.x), span: find(place.x, place.y) });
    },
  });

  const goBeyond = (what: "step" | "cycle", direction: -1 | 1) => {
    const from = selectedSeq ?? spanning(lanes, window)?.seq;
    if (from !== undefined) props.onBeyond(what, from, direction);
  };

  const walk = (direction: -1 | 1) => {
    const span = neighbour(lanes, selectedSeq, direction, window);
    if (!span) return goBeyond("step", direction);
    onSelect(span.seq);
    const around = windowAround(window, span, durationMs);
    if (around !== window) onWindowChange(around);
  };

  const walkCycles = (direction: -1 | 1) => {
    const chosen = selectedSeq === null ? null : spanOf(lanes, selectedSeq);
    const fromMs = chosen?.startMs ?? (direction === 1 ? window.fromMs - 1 : window.toMs);
    const pass = passBeside(loops, fromMs, direction, window.fromMs);
    if (!pass) return goBeyond("cycle", direction);
    onSelect(pass.seq);
    const around = windowAround(window, { ...pass, endMs: Math.min(pass.endMs, durationMs) }, durationMs);
    if (around !== window) onWindowChange(around);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const next = windowForKey(key, window, durationMs);
    if (next) onWindowChange(next);
    else if (key === "j" || key === "k") walk(key === "j" ? 1 : -1);
    else if (key === "]" || key === "[") walkCycles(key === "]" ? 1 : -1);
    else return;
    event.preventDefault();
  };

  return (
    <div className="flex">
      <LaneNames loops={loops} lanes={lanes} />
      <div className="relative min-w-0 flex-1 overflow-hidden">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the role makes a screen reader hand over the keys that zoom and pan */}
        <canvas
          ref={canvas}
          role="application"
          aria-label={props.label}
          aria-keyshortcuts="W S A D J K [ ] + - ArrowLeft ArrowRight Home End 0"
          tabIndex={0}
          onKeyDown={onKeyDown}
          className="w-full cursor-crosshair touch-pan-y focus-visible:-outline-offset-2"
          style={{ height: lanesHeight(lanes.length, loops.length) }}
        />
        <Hairline pointer={pointer} window={window} />
      </div>
    </div>
  );
}

function LaneNames({ loops, lanes }: Pick<TimelineProps, "loops" | "lanes">) {
  return (
    <div
      aria-hidden="true"
      className="w-24 shrink-0 border-r border-line sm:w-36"
      style={{ paddingTop: lanesTop(0) }}
    >
      {loops.map(({ depth }) => (
        <div
          key={depth}
          className="flex items-center overflow-hidden border-b border-line px-2 text-2xs text-ink-faint sm:px-4"
          style={{ height: LOOP_HEIGHT }}
        >
          {loops.length === 1 ? "Cycle" : `Loop ${depth}`}
        </div>
      ))}
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
    </div>
  );
}

/** The window after a key, or null when the key means nothing here. */
function windowForKey(key: string, window: TimeWindow, durationMs: number): TimeWindow | null {
  const span = window.toMs - window.fromMs;
  const middle = window.fromMs + span / 2;
  switch (key) {
    case "w":
    case "+":
    case "=":
    case "arrowup":
      return zoomWindow(window, 0.6, middle, durationMs);
    case "s":
    case "-":
    case "arrowdown":
      return zoomWindow(window, 1 / 0.6, middle, durationMs);
    case "a":
    case "arrowleft":
      return panWindow(window, -span * 0.2, durationMs);
    case "d":
    case "arrowright":
      return panWindow(window, span * 0.2, durationMs);
    case "home":
      return panWindow(window, -durationMs, durationMs);
    case "end":
      return panWindow(window, durationMs, durationMs);
    case "0":
      return { fromMs: 0, toMs: durationMs };
    default:
      return null;
  }
}
