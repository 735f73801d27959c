import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import type { TimeWindow } from "#components/timeline/time-scale.ts";

export interface RunWindow {
  readonly window: TimeWindow;
  /** `whole` shows everything, `edge` keeps to the live edge, `review` stays where a person put it. */
  readonly kind: "whole" | "edge" | "review";
  readonly show: (window: TimeWindow) => void;
  readonly showAll: () => void;
  /** Back to the live edge, as wide as now. */
  readonly showEdge: () => void;
}

const WINDOW = { from: viewParams.from, to: viewParams.to, span: viewParams.span };

/** Within this share of the window's width of the live edge a window keeps to it. */
const EDGE_SHARE = 0.01;

/** The part of the run that is shown, kept in the address. New data never moves a window a person has placed. */
export function useRunWindow(durationMs: number, isLive: boolean): RunWindow {
  const [{ from, to, span }, set] = useQueryStates(WINDOW, { history: "replace" });
  // The same object while it is the same window: what is drawn of it is not drawn again with every second of the page.
  const { window, kind } = useMemo(
    () => shownWindow({ from, to, span }, { fromMs: 0, toMs: Math.max(1, durationMs) }, isLive),
    [from, to, span, durationMs, isLive],
  );

  const show = (next: TimeWindow) => {
    const width = next.toMs - next.fromMs;
    if (width >= durationMs - 1e-6) void set({ from: null, to: null, span: null });
    else if (isLive && durationMs - next.toMs <= width * EDGE_SHARE)
      void set({ from: null, to: null, span: round(width) });
    else void set({ from: round(next.fromMs), to: round(next.toMs), span: null });
  };

  return {
    window,
    kind,
    show,
    showAll: () => void set({ from: null, to: null, span: null }),
    showEdge: () => void set({ from: null, to: null, span: round(window.toMs - window.fromMs) }),
  };
}

type Asked = { readonly from: number | null; readonly to: number | null; readonly span: number | null };

function shownWindow(
  { from, to, span }: Asked,
  whole: TimeWindow,
  isLive: boolean,
): Pick<RunWindow, "window" | "kind"> {
  if (from !== null && to !== null && to > from)
    return { window: { fromMs: from, toMs: to }, kind: "review" };
  if (span !== null && span > 0 && span < whole.toMs) {
    return { window: { fromMs: whole.toMs - span, toMs: whole.toMs }, kind: isLive ? "edge" : "review" };
  }
  return { window: whole, kind: "whole" };
}

/** Hundredths of a millisecond are finer than any screen shows. */
const round = (ms: number): number => Math.round(ms * 100) / 100;
