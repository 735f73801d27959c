/** The window of a run that is read for a view of it. */
export type TimelineWindow = { readonly fromMs: number; readonly toMs: number };

/**
 * The window that run_timeline answers for a view (private.padded_window does the same, and has the same test): widened to
 * a grid of a quarter of the power of two above its span, and by one more quarter on each side, within the run. Views that
 * lie close have the same one, so it is the name by which an answer is kept.
 */
export function timelineWindow(view: TimelineWindow, durationMs: number): TimelineWindow {
  const limit = Math.max(durationMs, 1);
  const within = (ms: number) => Math.min(Math.max(ms, 0), limit);
  const from = within(Math.min(view.fromMs, view.toMs));
  const span = Math.max(within(Math.max(view.fromMs, view.toMs)) - from, 1);
  const quarter = 2 ** Math.ceil(exactLog2(span)) / 4;
  return {
    fromMs: Math.max((Math.floor(from / quarter) - 1) * quarter, 0),
    toMs: Math.min((Math.ceil((from + span) / quarter) + 1) * quarter, limit),
  };
}

/** Math.log2 misses some powers of two by the last bit. */
function exactLog2(value: number): number {
  const near = Math.round(Math.log2(value));
  return 2 ** near === value ? near : Math.log2(value);
}
