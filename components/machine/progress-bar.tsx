import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape } from "#components/ui/shape.tsx";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import type { RunProgressView } from "#lib/view/progress.ts";

interface ProgressBarProps {
  readonly progress: RunProgressView;
  /** By how much the run will end later than its plan said at the start; null when it will not end by its plan. */
  readonly behindMs: number | null;
  readonly isStale: boolean;
}

/** A start takes a moment; this much is no delay worth a word. */
const NOTICEABLE_MS = 10_000;

/** Beyond this share of the plan a late run is worth a mark, not only a figure. */
const NOTABLE = 0.05;

/** The plan as a track; past its end the bar goes on hatched, so an overrun is seen as what it is. */
export function ProgressBar({ progress, behindMs, isStale }: ProgressBarProps) {
  const { overrunMs, plannedMs, fraction, isOverrun } = progress;
  const over = isOverrun && overrunMs !== null ? overrunMs : 0;
  const planShare = plannedMs ? plannedMs / (plannedMs + over) : 1;
  const percent = Math.round(fraction * 100);
  const isNotable = plannedMs !== null && over > plannedMs * NOTABLE;
  return (
    <div>
      <div
        role="progressbar"
        aria-label="Run progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={`${percent} percent${over > 0 ? `, ${formatDuration(durationMs(over))} over plan` : ""}`}
        className="flex h-2.5 overflow-hidden rounded-sm border border-line-strong/50 bg-track"
      >
        <div style={{ width: `${planShare * 100}%` }} className="h-full">
          <div
            className={joinClasses("h-full", isStale ? "bg-mark-soft" : "bg-mark")}
            style={{ width: `${Math.min(1, Math.max(0, fraction)) * 100}%` }}
          />
        </div>
        {over > 0 ? <div className="hatched h-full flex-1 border-l-2 border-ink" /> : null}
      </div>
      <p className="mt-1.5 flex items-center justify-between gap-3 text-xs text-ink-muted tabular-nums">
        <span>
          {percent} %{plannedMs === null ? null : ` of ${formatDuration(plannedMs)} planned`}
        </span>
        {over > 0 ? (
          <span className={joinClasses("flex items-center gap-1.5", isNotable && "font-medium text-ink")}>
            {isNotable ? <Shape name="triangle" className="size-2.5 text-alarm-2" /> : null}
            {formatDuration(durationMs(over))} over plan
          </span>
        ) : (
          <span>{planText(behindMs)}</span>
        )}
      </p>
    </div>
  );
}

function planText(behindMs: number | null): string {
  if (behindMs === null) return "stopping";
  return behindMs > NOTICEABLE_MS ? `${formatDuration(durationMs(behindMs))} behind plan` : "on plan";
}
