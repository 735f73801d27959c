import Link from "next/link";
import { memo } from "react";
import { ProgramDifferences } from "#components/start/program-differences.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import type { StartReview } from "#lib/model/start-review.ts";
import { formatClockWithZone } from "#lib/time-format.ts";
import type { ProgramDiff } from "#lib/view/program-diff.ts";

interface DifferenceCardProps {
  readonly lastGood: StartReview["lastGood"];
  /** Null when there is no good run to compare with. */
  readonly diff: ProgramDiff | null;
  readonly zone: string;
}

/** What this start would do otherwise than the last run that went well: the first thing to doubt when it does not. */
export const DifferenceCard = memo(function DifferenceCard({ lastGood, diff, zone }: DifferenceCardProps) {
  return (
    <Card aria-label="Differences">
      <CardHeader
        title="Against the last good run"
        note={
          lastGood ? (
            <>
              <Link href={`/runs/${lastGood.run.id}`} prefetch={false} className="link">
                {formatClockWithZone(lastGood.run.startTime, zone, "date-time")}
              </Link>
              {lastGood.run.recipeRevision === null ? null : `, version ${lastGood.run.recipeRevision}`}
              {lastGood.operatorName === null ? null : `, by ${lastGood.operatorName}`}
            </>
          ) : null
        }
      />
      {diff === null ? (
        <p className="px-4 py-3 text-sm text-ink-muted">
          No good run yet: this recipe has not completed on this machine without a deviation.
        </p>
      ) : diff.isSame ? (
        <p className="px-4 py-3 text-sm text-ink-muted">The same program, step for step.</p>
      ) : (
        <ProgramDifferences diff={diff} />
      )}
    </Card>
  );
});
