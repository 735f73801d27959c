"use client";

import { useCallback } from "react";
import { drawTrend, measuredRange, trendAt } from "#components/timeline/draw-trend.ts";
import { Hairline } from "#components/timeline/hairline.tsx";
import { type Pointer, usePointed } from "#components/timeline/pointer.ts";
import { type TimeWindow, timeScale } from "#components/timeline/time-scale.ts";
import { useCanvas } from "#components/timeline/use-canvas.ts";
import type { TrendPoint } from "#lib/model/timeline.ts";

interface TrendStripProps {
  readonly label: string;
  readonly unit: string | null;
  readonly points: readonly TrendPoint[];
  readonly setPoint: number | null;
  readonly window: TimeWindow;
  readonly pointer: Pointer;
  readonly format: (value: number) => string;
  /** Points that stand for themselves, not for a course. */
  readonly areApart?: boolean;
}

/** A share of the window: a pointer this far from a measurement still means it. */
const REACH = 0.01;

/** One measured value under the lanes, on their time axis. */
export function TrendStrip(props: TrendStripProps) {
  const { label, unit, points, setPoint, window, pointer, format, areApart = false } = props;
  const canvas = useCanvas(
    useCallback(
      (frame) => drawTrend(frame, { points, setPoint, scale: timeScale(window, frame.width), areApart }),
      [points, setPoint, window, areApart],
    ),
  );
  const range = measuredRange(points);
  const words = range ? `${format(range[0])} to ${format(range[1])}` : "nothing here";

  return (
    <div className="flex border-t border-line">
      <div className="flex w-24 shrink-0 flex-col justify-center overflow-hidden border-r border-line px-2 sm:w-36 sm:px-4">
        <span className="truncate text-xs font-medium leading-4">
          {label} {unit ? <span className="hidden font-normal text-ink-faint sm:inline">{unit}</span> : null}
        </span>
        <span className="truncate text-2xs leading-4 text-ink-faint">
          <PointedValue {...props} otherwise={words} />
        </span>
      </div>
      <div className="relative min-w-0 flex-1 overflow-hidden">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${label}: ${words} ${unit ?? ""}`}
          className="h-16 w-full"
        />
        <Hairline pointer={pointer} window={window} />
      </div>
    </div>
  );
}

interface PointedValueProps
  extends Pick<TrendStripProps, "points" | "pointer" | "window" | "unit" | "format"> {
  readonly otherwise: string;
}

/** What was measured where the pointer is. */
function PointedValue({ points, pointer, window, unit, format, otherwise }: PointedValueProps) {
  const pointed = usePointed(pointer);
  const reachMs = (window.toMs - window.fromMs) * REACH;
  const value = pointed === null ? null : trendAt(points, pointed.atMs, reachMs);
  if (value === null) return otherwise;
  return <span className="font-semibold text-accent">{`${format(value)} ${unit ?? ""}`}</span>;
}
