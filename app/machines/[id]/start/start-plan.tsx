import { DifferenceCard } from "#components/start/difference-card.tsx";
import { PlanCard } from "#components/start/plan-card.tsx";
import { ProgramOutline } from "#components/start/program-outline.tsx";
import type { RecipeProblem } from "#components/start/start-reasons.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { StartReview } from "#lib/model/start-review.ts";
import type { EpochMs } from "#lib/time.ts";
import { counted } from "#lib/view/count.ts";
import { planTime } from "#lib/view/plan-time.ts";
import type { ProgramDiff } from "#lib/view/program-diff.ts";

const NONE: ProgramDiff["steps"] = [];

interface StartPlanProps {
  /** Null before a recipe is chosen, and when it cannot be read. */
  readonly review: StartReview | null;
  readonly problem: RecipeProblem | null;
  readonly diff: ProgramDiff | null;
  readonly now: EpochMs;
  readonly zone: string;
}

/** What the chosen recipe would do, and what it would do otherwise than the last time it went well. */
export function StartPlan({ review, problem, diff, now, zone }: StartPlanProps) {
  if (problem !== null) return <RefusalBanner message={problem.message} hint={problem.hint} />;
  if (review === null) {
    return (
      <Card aria-label="Plan">
        <EmptyState title="No recipe chosen">
          Its program, how long it takes, and what differs from the last good run appear here. Nothing is sent
          before you have reviewed it.
        </EmptyState>
      </Card>
    );
  }
  const { program, pace, lastGood } = review;
  return (
    <>
      <PlanCard program={program} time={planTime(program.totals.planned_ms, pace)} now={now} zone={zone} />
      <DifferenceCard lastGood={lastGood} diff={diff} zone={zone} />
      <Card aria-label="Program of the recipe">
        <CardHeader
          title="Program"
          note={`${counted(program.totals.steps, "step")}, time each takes in the whole run`}
        />
        <ProgramOutline program={program} changes={diff?.steps ?? NONE} />
      </Card>
    </>
  );
}
