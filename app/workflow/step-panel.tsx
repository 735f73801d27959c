"use client";

import { useState } from "react";
import { useAsking } from "#app/use-asking.ts";
import { changeStepAction } from "#app/workflow/actions.ts";
import type { StepRequest } from "#app/workflow/step-request.ts";
import { useZone } from "#app/zone.tsx";
import { FailDialog } from "#components/workflow/fail-dialog.tsx";
import { type StepAction, StepControls } from "#components/workflow/step-controls.tsx";
import { StepDetail } from "#components/workflow/step-detail.tsx";
import type { WorkflowStep } from "#lib/model/workflow.ts";
import type { Refusal } from "#lib/result.ts";
import { stepName } from "#lib/view/workflow-rows.ts";

interface StepPanelProps {
  readonly step: WorkflowStep;
  readonly parent: WorkflowStep | null;
  readonly whyNot: string | null;
  readonly onRefused: (step: WorkflowStep, refused: Refusal) => void;
}

/** One step and what can be done with it. A button stays pending until the feed has brought what it did. */
export function StepPanel({ step, parent, whyNot, onRefused }: StepPanelProps) {
  const zone = useZone(null);
  const { isSending, ask } = useAsking("the workflow");
  const [failing, setFailing] = useState<{ refusal: Refusal | null } | null>(null);
  const [sentAt, setSentAt] = useState<number | null>(null);

  const send = async (request: StepRequest) => {
    const answer = await ask(() => changeStepAction(request));
    if (answer.ok) setSentAt(step.updatedAt);
    return answer;
  };
  const act = async (action: StepAction) => {
    if (action === "fail") return setFailing({ refusal: null });
    const answer = await send({ stepId: step.id, from: step.status, action });
    if (!answer.ok) onRefused(step, answer);
  };
  const fail = async (error: string) => {
    const answer = await send({ stepId: step.id, from: step.status, action: "fail", error });
    setFailing(answer.ok ? null : { refusal: answer });
  };

  return (
    <>
      <StepDetail step={step} parent={parent} zone={zone} />
      <StepControls
        status={step.status}
        whyNot={whyNot}
        isPending={isSending || sentAt === step.updatedAt}
        onAct={act}
      />
      {failing ? (
        <FailDialog
          step={`Step ${step.number}: ${stepName(step)}`}
          isSending={isSending}
          refusal={failing.refusal}
          onConfirm={fail}
          onClose={() => setFailing(null)}
        />
      ) : null}
    </>
  );
}
