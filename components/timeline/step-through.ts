import type { Lane } from "#components/timeline/lanes.ts";
import type { TimeWindow } from "#components/timeline/time-scale.ts";
import type { TimelineSpan } from "#lib/model/timeline.ts";

/**
 * The span before (-1) or after (1) the selected one over all lanes; when none is selected, the first that begins in the
 * window, else the one that spans it.
 */
export function neighbour(
  lanes: readonly Lane[],
  selectedSeq: number | null,
  direction: -1 | 1,
  window: TimeWindow,
): TimelineSpan | null {
  const spans = lanes.flatMap((lane) => lane.spans).toSorted((a, b) => a.startMs - b.startMs);
  const at = spans.findIndex((span) => span.seq === selectedSeq);
  if (at < 0) {
    const first = spans.find((span) => span.startMs >= window.fromMs && span.startMs <= window.toMs);
    return first ?? (selectedSeq === null ? spanning(lanes, window) : null);
  }
  return spans[at + direction] ?? null;
}

/** The span that had begun last when a window begins; null before the first. */
export const spanning = (lanes: readonly Lane[], { fromMs }: TimeWindow): TimelineSpan | null =>
  lanes
    .flatMap(({ spans }) => spans.filter(({ startMs }) => startMs <= fromMs))
    .reduce<TimelineSpan | null>((last, span) => (last && last.startMs > span.startMs ? last : span), null);

/** The next span with a deviation after (1) or before (-1) a moment. */
export function nextDeviation(
  lanes: readonly Lane[],
  fromMs: number,
  direction: -1 | 1,
): TimelineSpan | null {
  const spans = lanes
    .flatMap((lane) => lane.spans.filter((span) => span.deviations > 0))
    .toSorted((a, b) => a.startMs - b.startMs);
  return direction === 1
    ? (spans.find((span) => span.startMs > fromMs) ?? null)
    : (spans.findLast((span) => span.startMs < fromMs) ?? null);
}

/** The window moved, no more than it must be, so that the span lies within it; as wide as before unless the span is wider. */
export function windowAround(
  window: TimeWindow,
  span: Pick<TimelineSpan, "startMs" | "endMs">,
  durationMs: number,
): TimeWindow {
  const width = Math.min(durationMs, Math.max(window.toMs - window.fromMs, (span.endMs - span.startMs) * 2));
  const isInside = span.startMs >= window.fromMs && span.endMs <= window.toMs;
  if (isInside && width === window.toMs - window.fromMs) return window;
  const middle = (span.startMs + span.endMs) / 2;
  const fromMs = Math.min(Math.max(0, middle - width / 2), durationMs - width);
  return { fromMs, toMs: fromMs + width };
}
