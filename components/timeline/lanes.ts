import type { TimelineSpan } from "#lib/model/timeline.ts";

/** One row of the timeline: the spans of one valve, or of all purges, parameters or waits, in order of time. */
export interface Lane {
  readonly key: string;
  readonly label: string;
  /** The step that the lane mostly holds, e.g. "TMA pulse"; null when they differ. */
  readonly note: string | null;
  readonly spans: readonly TimelineSpan[];
}

const LAST: Record<string, number> = { purge: 1000, parameter: 1001, wait: 1002 };

/** Valves by number, then purge, parameter and wait. */
export function groupLanes(spans: readonly TimelineSpan[]): readonly Lane[] {
  const byLane = Map.groupBy(spans, (span) => span.lane);
  return [...byLane]
    .map(([key, members]) => ({
      key,
      label: key.charAt(0).toUpperCase() + key.slice(1),
      note: onlyName(members),
      spans: members.toSorted((a, b) => a.startMs - b.startMs),
    }))
    .toSorted((a, b) => laneOrder(a.key) - laneOrder(b.key));
}

/** What is shown, in every lane that the whole run has: none comes and goes with the window. */
export function inAllLanes(shown: readonly Lane[], whole: readonly Lane[]): readonly Lane[] {
  const here = new Map(shown.map((lane) => [lane.key, lane]));
  const all = whole.map((lane) => here.get(lane.key) ?? { ...lane, spans: [] });
  const known = new Set(whole.map(({ key }) => key));
  return [...all, ...shown.filter(({ key }) => !known.has(key))].toSorted(
    (a, b) => laneOrder(a.key) - laneOrder(b.key),
  );
}

function laneOrder(key: string): number {
  return LAST[key] ?? Number(/\d+/.exec(key)?.[0] ?? 999);
}

function onlyName(spans: readonly TimelineSpan[]): string | null {
  // A merged span is named after one of its steps; only a valve's are all alike.
  if (spans.some((span) => span.count > 1 && span.stepType !== "valve")) return null;
  const first = spans[0]?.name;
  return first !== undefined && spans.every((span) => span.name === first) ? first : null;
}

/** Where a span ends; an open one has no end yet. */
export const endOf = (span: TimelineSpan): number => (span.isOpen ? Number.POSITIVE_INFINITY : span.endMs);

/** Index of the first span that ends at or after `ms`; spans do not overlap within a lane. */
export function firstEndingAfter(spans: readonly TimelineSpan[], ms: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span && endOf(span) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The span at a moment of a lane, or the nearest one within `reachMs`: thin pulses can still be pointed at. */
export function spanAt(lane: Lane, ms: number, reachMs: number): TimelineSpan | null {
  const index = firstEndingAfter(lane.spans, ms);
  const candidates = [lane.spans[index - 1], lane.spans[index]].filter((span) => span !== undefined);
  const distance = (span: TimelineSpan) => Math.max(span.startMs - ms, ms - endOf(span), 0);
  const nearest = candidates.toSorted((a, b) => distance(a) - distance(b))[0];
  return nearest && distance(nearest) <= reachMs ? nearest : null;
}

/** The span that begins with a step; null when it is not among these. */
export function spanOf(lanes: readonly Lane[], seq: number): TimelineSpan | null {
  for (const { spans } of lanes) {
    const found = spans.find((span) => span.seq === seq);
    if (found) return found;
  }
  return null;
}
