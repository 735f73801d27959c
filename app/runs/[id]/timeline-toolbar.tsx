import { Maximize, Minus, Plus, SkipForward } from "lucide-react";
import type { ReactNode } from "react";
import type { RunWindow } from "#app/runs/[id]/use-run-window.ts";
import { formatOffset, offsetStep, zoomWindow } from "#components/timeline/time-scale.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";

interface TimelineToolbarProps {
  readonly view: RunWindow;
  readonly lengthMs: number;
  readonly isLive: boolean;
  readonly isReading: boolean;
  readonly children: ReactNode;
}

/** Which part is shown, and the ways to another. */
export function TimelineToolbar({ view, lengthMs, isLive, isReading, children }: TimelineToolbarProps) {
  const { fromMs, toMs } = view.window;
  const zoom = (factor: number) =>
    view.show(zoomWindow(view.window, factor, view.kind === "edge" ? toMs : (fromMs + toMs) / 2, lengthMs));
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-2.5 text-xs text-ink-muted">
      {view.kind === "edge" ? (
        <span>Last {formatDuration(durationMs(toMs - fromMs))}, to the live edge</span>
      ) : (
        <>
          <span className="tabular-nums">
            {formatOffset(fromMs, offsetStep(view.window))} to {formatOffset(toMs, offsetStep(view.window))}
          </span>
          <span className="text-ink-faint">
            {formatDuration(durationMs(toMs - fromMs))} by the controller's clock
          </span>
        </>
      )}
      <span role="status" className="text-ink-faint">
        {isReading ? "reading" : ""}
      </span>
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        {children}
        {isLive && view.kind === "whole" ? (
          <Button
            size="sm"
            onClick={() => view.show({ fromMs: Math.max(0, lengthMs - 60_000), toMs: lengthMs })}
          >
            <SkipForward className="size-3.5" aria-hidden="true" />
            Live edge
          </Button>
        ) : null}
        <Button size="sm" onClick={view.showAll} disabled={view.kind === "whole"}>
          <Maximize className="size-3.5" aria-hidden="true" />
          Whole run
        </Button>
        <Button size="sm" aria-label="Zoom out" onClick={() => zoom(2)} disabled={view.kind === "whole"}>
          <Minus className="size-3.5" aria-hidden="true" />
        </Button>
        <Button size="sm" aria-label="Zoom in" onClick={() => zoom(0.5)}>
          <Plus className="size-3.5" aria-hidden="true" />
        </Button>
      </div>
    </div>
  );
}

/** Says that a live run is being looked at in the past, and how far behind. */
export function ReviewNotice({ view, lengthMs }: { readonly view: RunWindow; readonly lengthMs: number }) {
  const behind = formatDuration(durationMs(Math.max(0, lengthMs - view.window.toMs)));
  return (
    <div className="px-4 pb-2.5">
      <Notice
        kind="plain"
        aside={
          <Button size="sm" onClick={view.showEdge}>
            Back to live
          </Button>
        }
      >
        <strong className="font-semibold text-ink">Review.</strong> You are looking at the past of a live run,{" "}
        {behind} behind; new steps do not move this view.
      </Notice>
    </div>
  );
}
