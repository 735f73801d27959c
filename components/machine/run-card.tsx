import Link from "next/link";
import type { ReactNode } from "react";
import { Finish } from "#components/machine/finish.tsx";
import { ProgressBar } from "#components/machine/progress-bar.tsx";
import { Badge, DeviationBadge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import type { Run } from "#lib/model/run.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { formatClock, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import type { RunProgressView } from "#lib/view/progress.ts";
import { recordedTime } from "#lib/view/run-times.ts";

interface RunCardProps {
  readonly run: Run;
  readonly progress: RunProgressView;
  readonly operatorName: string | null;
  readonly now: EpochMs;
  readonly zone: string;
  /** Its plan says nothing any more about when it ends. */
  readonly isStopping: boolean;
  readonly isStale: boolean;
}

/** How far the run has got: cycle, time left, finish, against the plan; whose run of which recipe. */
export function RunCard(props: RunCardProps) {
  const { run, progress, operatorName, now, zone, isStopping, isStale } = props;
  return (
    <Card aria-label="Run" className={joinClasses("flex flex-col gap-4 p-4 sm:p-5", isStale && "hatched")}>
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <Link href={`/runs/${run.id}`} className="link min-w-0 truncate font-semibold" title="Open this run">
          <bdi>{run.recipeName ?? "Unnamed recipe"}</bdi>
        </Link>
        <span className="text-xs text-ink-muted">
          {run.recipeRevision === null ? null : `version ${run.recipeRevision} · `}
          {operatorName ?? "unknown operator"}
        </span>
      </p>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <div>
          <p className="eyebrow">{progress.totalCycles ? "Cycle" : "Step"}</p>
          <p
            className={joinClasses(
              "text-2xl font-semibold tracking-tight tabular-nums",
              isStale && "text-ink-muted",
            )}
          >
            {countText(progress)}
          </p>
          <p className="text-xs text-ink-muted tabular-nums">
            {formatDuration(recordedTime(run, now))} recorded, since {formatClock(run.startTime, zone)}
          </p>
        </div>
        {isStopping ? null : <Finish progress={progress} now={now} zone={zone} isStale={isStale} />}
      </div>
      <ProgressBar
        progress={progress}
        behindMs={isStopping ? null : behindPlan(run, progress, now)}
        isStale={isStale}
      />
      <Marks run={run} />
    </Card>
  );
}

/** Real ms by which the run is expected to end later than planned at its start. */
function behindPlan(run: Run, { plannedMs, remainingMs }: RunProgressView, now: EpochMs): number {
  if (plannedMs === null || remainingMs === null) return 0;
  return elapsed(run.startTime, now) + remainingMs - plannedMs / run.speed;
}

function countText({ cycle, totalCycles, step, totalSteps }: RunProgressView): string {
  const [count, total] = totalCycles ? [cycle, totalCycles] : [step, totalSteps];
  return `${formatCount(count ?? 0)} of ${total === null ? "?" : formatCount(total)}`;
}

/** What is out of the ordinary about this run; nothing for an ordinary one on real hardware. */
function Marks({ run }: { readonly run: Run }) {
  const marks: ReactNode[] = [];
  if (run.deviationCount > 0) marks.push(<DeviationBadge key="deviations" count={run.deviationCount} />);
  if (run.speed !== 1) {
    marks.push(
      <Badge
        key="speed"
        tone="hatched"
        title="The controller's clock runs faster or slower than the wall clock"
      >
        {run.speed} × speed
      </Badge>,
    );
  }
  return marks.length === 0 ? null : <div className="flex flex-wrap gap-2">{marks}</div>;
}
