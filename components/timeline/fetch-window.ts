import type { TimeWindow } from "#components/timeline/time-scale.ts";
import type { TimelineSpan } from "#lib/model/timeline.ts";

/** What to ask the database for so that a window can be drawn, with room to move before asking again. */
export interface FetchWindow extends TimeWindow {
  /** Columns over the whole fetched stretch. */
  readonly pixels: number;
}

/** The most columns the database prepares. */
const MOST_PIXELS = 4000;

/**
 * The window padded and rounded to a grid about half its size, so that panning meets the same requests again. The grid
 * doubles from zoom level to zoom level, so a window is drawn from at least as many columns as it has pixels (up to 4000).
 */
export function fetchWindow(window: TimeWindow, durationMs: number, width: number): FetchWindow {
  const span = Math.max(1, window.toMs - window.fromMs);
  if (span >= durationMs)
    return { fromMs: 0, toMs: Math.max(1, durationMs), pixels: Math.min(MOST_PIXELS, width) };
  const half = 2 ** Math.ceil(Math.log2(span)) / 2;
  const fromMs = Math.floor(window.fromMs / half) * half;
  return { fromMs, toMs: fromMs + 3 * half, pixels: Math.min(MOST_PIXELS, 3 * width) };
}

/** Fetched spans with the live ones put over their end, so that the newest steps never wait for a fetch. */
export function withLiveSpans(
  fetched: readonly TimelineSpan[],
  live: readonly TimelineSpan[],
): readonly TimelineSpan[] {
  const edge = live[0];
  if (!edge) return fetched;
  const before = fetched.flatMap((span) => {
    if (span.startMs >= edge.startMs) return [];
    const isAcross = span.isOpen || span.endMs > edge.startMs;
    return isAcross ? [{ ...span, endMs: edge.startMs, isOpen: false }] : [span];
  });
  return [...before, ...live];
}
