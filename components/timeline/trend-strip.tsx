"use client";

import { useCallback } from "react";
import { drawTrend, measuredRange, trendAt } from "#components/timeline/draw-trend.ts";
import { type TimeWindow, timeScale } from "#components/timeline/time-scale.ts";
import { useCanvas } from "#components/timeline/use-canvas.ts";
import type { TrendPoint } from "#lib/model/timeline.ts";

interface TrendStripProps {
  readonly label: string;
  readonly unit: string | null;
  readonly points: readonly TrendPoint[];
  readonly setPoint: number | null;
  readonly window: TimeWindow;
  readonly pointerMs: number | null;
  readonly format: (value: number) => string;
  /** Points that stand for themselves, not for a course. */
  readonly areApart?: boolean;
}

/** A share of the window: a pointer this far from a measurement still means it. */
const REACH = 0.01;

/** One measured value under the lanes, on their time axis. */
export function TrendStrip(props: TrendStripProps) {
  const { label, unit, points, setPoint, window, pointerMs, format, areApart = false } = props;
  const canvas = useCanvas(
    useCallback(
      (frame) =>
        drawTrend(frame, { points, setPoint, scale: timeScale(window, frame.width), pointerMs, areApart }),
      [points, setPoint, window, pointerMs, areApart],
    ),
  );
  const range = measuredRange(points);
  const pointed =
    pointerMs === null ? null : trendAt(points, pointerMs, (window.toMs - window.fromMs) * REACH);
  const words = range ? `${format(range[0])} to ${format(range[1])}` : "nothing here";

  return (
    <div className="flex border-t border-line">
      <div className="flex w-24 shrink-0 flex-col justify-center overflow-hidden border-r border-line px-2 sm:w-36 sm:px-4">
        <span className="truncate text-xs font-medium leading-4">
          {label} {unit ? <span className="hidden font-normal text-ink-faint sm:inline">{unit}</span> : null}
        </span>
        <span className="truncate text-2xs leading-4 text-ink-faint">
          {pointed === null ? (
            words
          ) : (
            <span className="font-semibold text-accent">{`${format(pointed)} ${unit ?? ""}`}</span>
          )}
        </span>
      </div>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${label}: ${words} ${unit ?? ""}`}
        className="h-16 min-w-0 flex-1"
      />
    </div>
  );
}
