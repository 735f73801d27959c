"use client";

import { useId, useState } from "react";
import { useAsking } from "#app/use-asking.ts";
import { addStepAction } from "#app/workflow/actions.ts";
import { Button } from "#components/ui/button.tsx";
import { AddStepDialog, type StepDraft } from "#components/workflow/add-step-dialog.tsx";
import type { Subtask, WorkflowStep } from "#lib/model/workflow.ts";
import type { Refusal } from "#lib/result.ts";

interface AddStepProps {
  readonly subtask: Subtask;
  /** The steps it has, by number. */
  readonly steps: readonly WorkflowStep[];
  readonly whyNot: string | null;
  readonly onAdded: (step: WorkflowStep) => void;
}

/** The way to a new step. What was typed stays until the database has it. */
export function AddStep({ subtask, steps, whyNot, onAdded }: AddStepProps) {
  const reasonId = useId();
  const { isSending, ask } = useAsking("the workflow");
  const [dialog, setDialog] = useState<{ refusal: Refusal | null } | null>(null);

  const add = async (draft: StepDraft) => {
    const answer = await ask(() => addStepAction({ ...draft, subtaskId: subtask.id }));
    setDialog(answer.ok ? null : { refusal: answer });
    if (answer.ok) onAdded(answer.step);
  };

  return (
    <div className="grid justify-items-start gap-2">
      <Button
        className="h-11 sm:h-9"
        disabled={whyNot !== null}
        aria-describedby={whyNot ? reasonId : undefined}
        onClick={() => setDialog({ refusal: null })}
      >
        Add step
      </Button>
      {whyNot ? (
        <p id={reasonId} className="text-xs text-ink-muted">
          {whyNot}
        </p>
      ) : null}
      {dialog ? (
        <AddStepDialog
          subtask={subtask.title}
          steps={steps}
          isSending={isSending}
          refusal={dialog.refusal}
          onAdd={add}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </div>
  );
}
