"use client";

import { type PointerEvent, useCallback } from "react";
import type { CanvasFrame } from "#components/timeline/canvas-surface.ts";
import { endOf, type Lane } from "#components/timeline/lanes.ts";
import { panWindow, type TimeWindow, timeScale } from "#components/timeline/time-scale.ts";
import { useCanvas } from "#components/timeline/use-canvas.ts";

interface OverviewProps {
  /** Lanes of the whole run. */
  readonly lanes: readonly Lane[];
  readonly durationMs: number;
  readonly window: TimeWindow;
  readonly onWindowChange: (window: TimeWindow) => void;
}

const MARKS_HEIGHT = 8;

/** The whole run in one strip, with the part that is shown above framed; press to go there. */
export function Overview({ lanes, durationMs, window, onWindowChange }: OverviewProps) {
  const canvas = useCanvas(
    useCallback((frame) => draw(frame, lanes, durationMs, window), [lanes, durationMs, window]),
  );

  const goTo = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * durationMs;
    onWindowChange(panWindow(window, at - (window.fromMs + window.toMs) / 2, durationMs));
  };

  return (
    <div className="flex border-t border-line">
      <div
        aria-hidden="true"
        className="eyebrow flex w-24 shrink-0 items-center border-r border-line px-2 sm:w-36 sm:px-4"
      >
        Whole run
      </div>
      <canvas
        ref={canvas}
        role="img"
        aria-label="The whole run; the frame is the part shown in the timeline"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          goTo(event);
        }}
        onPointerMove={goTo}
        className="h-11 min-w-0 flex-1 cursor-pointer touch-pan-y"
      />
    </div>
  );
}

function draw(
  { context, width, height, theme }: CanvasFrame,
  lanes: readonly Lane[],
  durationMs: number,
  window: TimeWindow,
) {
  const scale = timeScale({ fromMs: 0, toMs: Math.max(1, durationMs) }, width);
  const laneHeight = Math.max(1, (height - MARKS_HEIGHT - 6) / Math.max(1, lanes.length));

  lanes.forEach((lane, index) => {
    const y = MARKS_HEIGHT + index * laneHeight;
    for (const span of lane.spans) {
      const x = scale.x(span.startMs);
      context.fillStyle = span.stepType === "valve" ? theme.mark : theme.markSoft;
      context.globalAlpha = span.stepType === "valve" ? 0.8 : 0.4;
      context.fillRect(
        x,
        y,
        Math.max(1, scale.x(Math.min(endOf(span), durationMs)) - x),
        Math.max(1, laneHeight - 1),
      );
      if (span.deviations === 0) continue;
      context.globalAlpha = 1;
      context.fillStyle = theme.alarm2;
      context.beginPath();
      context.moveTo(x, 1);
      context.lineTo(x + 3, 6);
      context.lineTo(x - 3, 6);
      context.fill();
    }
  });
  context.globalAlpha = 1;

  const left = scale.x(window.fromMs);
  const framed = Math.max(3, scale.x(window.toMs) - left);
  if (framed >= width - 1) return;
  context.fillStyle = theme.surface;
  context.globalAlpha = 0.66;
  context.fillRect(0, 0, left, height);
  context.fillRect(left + framed, 0, width - left - framed, height);
  context.globalAlpha = 1;
  context.strokeStyle = theme.accent;
  context.lineWidth = 1.5;
  context.strokeRect(left, 1, framed, height - 2);
}
