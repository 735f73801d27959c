"use client";

import type { StartForm } from "#app/machines/[id]/start/use-start-form.ts";
import { ReviewDialog } from "#components/start/review-dialog.tsx";
import { whatChanged } from "#components/start/start-reasons.ts";
import type { Machine } from "#lib/model/machine.ts";
import type { StartReview } from "#lib/model/start-review.ts";
import type { PermissiveView } from "#lib/view/permissive-rows.ts";
import { planTime } from "#lib/view/plan-time.ts";
import type { ProgramDiff } from "#lib/view/program-diff.ts";

interface StartReviewingProps {
  readonly machine: Machine;
  readonly start: StartForm;
  readonly review: StartReview | null;
  readonly permissives: PermissiveView | null;
  readonly diff: ProgramDiff | null;
  readonly notes: string;
  readonly whyNot: string | null;
}

/** The last look at what was reviewed, and the press that asks for exactly that. */
export function StartReviewing({
  machine,
  start,
  review,
  permissives,
  diff,
  notes,
  whyNot,
}: StartReviewingProps) {
  const { form, reviewed } = start;
  if (reviewed === null || permissives === null) return null;
  const { program, programTag, machineVersion } = reviewed;
  return (
    <ReviewDialog
      isOpen={form.isOpen}
      onOpenChange={(isOpen) => (isOpen ? form.open() : form.close())}
      machineName={machine.name}
      program={program}
      time={planTime(program.totals.planned_ms, review?.pace ?? null)}
      diff={diff}
      permissives={permissives}
      notes={notes}
      whyNot={form.isSending ? null : (whyNot ?? whatChanged(reviewed, review, machine))}
      isSending={form.isSending}
      refusal={form.unanswered}
      onConfirm={() =>
        form.submit({
          recipeId: program.recipe.id,
          description: notes,
          expectedVersion: machineVersion,
          expectedProgram: programTag,
        })
      }
    />
  );
}
