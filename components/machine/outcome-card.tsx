import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { Badge, DeviationBadge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { RunStatusWord } from "#components/ui/status-word.tsx";
import type { Run } from "#lib/model/run.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { formatAgo, formatClock, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { recordedTime } from "#lib/view/run-times.ts";

interface OutcomeCardProps {
  readonly run: Run;
  readonly verdict: string;
  readonly operatorName: string | null;
  readonly now: EpochMs;
  readonly zone: string;
}

/** What became of the last run, and the way to look at it closely. */
export function OutcomeCard({ run, verdict, operatorName, now, zone }: OutcomeCardProps) {
  const end = run.endTime;
  return (
    <Card aria-label="Last run" className="grid gap-4 p-4 sm:p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <p className="eyebrow">Last run{end === null ? null : `, ended ${formatAgo(elapsed(end, now))}`}</p>
          <RunStatusWord status={run.status} size="xl" label="Run outcome" />
          <p className="mt-0.5 text-sm break-words text-ink-muted">{verdict}</p>
        </div>
        <Button asChild size="lg">
          <Link href={`/runs/${run.id}`}>
            Open this run <ArrowRight className="size-4" aria-hidden="true" />
          </Link>
        </Button>
      </div>
      <Facts>
        <Fact
          label="Recipe"
          className="col-span-2"
          {...(run.recipeRevision === null ? {} : { note: `version ${run.recipeRevision}` })}
        >
          {run.recipeName ?? "Unnamed recipe"}
        </Fact>
        <Fact label="Operator">{operatorName ?? "–"}</Fact>
        <Fact label="Started">{formatClock(run.startTime, zone, "date-time")}</Fact>
        <Fact label="Ended">{end === null ? "–" : formatClock(end, zone, "date-time")}</Fact>
        <Fact label="Recorded" note="database's clock">
          {formatDuration(recordedTime(run, now))}
        </Fact>
        <Fact label="Steps">
          {formatCount(run.lastSeq)}
          {run.totalSteps === null ? null : ` of ${formatCount(run.totalSteps)}`}
        </Fact>
      </Facts>
      {run.deviationCount > 0 || run.speed !== 1 ? (
        <div className="flex flex-wrap gap-2">
          <DeviationBadge count={run.deviationCount} />
          {run.speed === 1 ? null : <Badge tone="hatched">{run.speed} × speed</Badge>}
        </div>
      ) : null}
    </Card>
  );
}
