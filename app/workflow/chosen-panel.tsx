"use client";

import type { ReactNode } from "react";
import { AddStep } from "#app/workflow/add-step.tsx";
import { StepPanel } from "#app/workflow/step-panel.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { WorkStatusWord } from "#components/ui/status-word.tsx";
import { DetailPanel } from "#components/workflow/detail-panel.tsx";
import { type WorkflowSnapshot, type WorkflowStep, workStageLabel } from "#lib/model/workflow.ts";
import type { Refusal } from "#lib/result.ts";
import { stepKey, subtaskKey } from "#lib/view/workflow-rows.ts";

interface ChosenPanelProps {
  readonly plan: WorkflowSnapshot;
  /** The key of the row chosen in the tree. */
  readonly at: string | null;
  readonly whyNot: string | null;
  /** Refusals that nobody has dismissed yet. */
  readonly refusals: ReactNode;
  readonly onChoose: (key: string | null) => void;
  readonly onRefused: (step: WorkflowStep, refused: Refusal) => void;
}

/** The subtask or the step that was chosen in the tree; a hint for anything else, or for what is no longer there. */
export function ChosenPanel({ plan, at, whyNot, refusals, onChoose, onRefused }: ChosenPanelProps) {
  const step = plan.steps.find(({ id }) => stepKey(id) === at) ?? null;
  const subtask = plan.subtasks.find(({ id }) =>
    step === null ? subtaskKey(id) === at : id === step.subtaskId,
  );
  if (subtask === undefined) {
    return (
      <div className="grid gap-4">
        {refusals}
        <p className="hidden rounded-lg border border-dashed border-line px-4 py-6 text-center text-sm text-ink-muted lg:block">
          Choose a step to see its instructions, files and errors, or a subtask to add one.
        </p>
      </div>
    );
  }

  const project = plan.projects.find(({ id }) => id === subtask.projectId);
  const steps = plan.steps
    .filter(({ subtaskId }) => subtaskId === subtask.id)
    .toSorted((a, b) => a.number - b.number || a.id - b.id);
  const place = [project?.name, ...(step ? [subtask.title] : [])].filter(Boolean).join(" / ");

  return (
    <DetailPanel
      title={step ? `Step ${step.number}` : subtask.title}
      note={place}
      onClose={() => onChoose(null)}
    >
      {refusals}
      {step ? (
        <StepPanel
          key={step.id}
          step={step}
          parent={steps.find(({ id }) => id === step.parentId) ?? null}
          whyNot={whyNot}
          onRefused={onRefused}
        />
      ) : (
        <>
          <Facts>
            <Fact label="Status">
              <WorkStatusWord status={subtask.status} label="Subtask status" />
            </Fact>
            <Fact label="Stage">{workStageLabel(subtask.stage)}</Fact>
          </Facts>
          <AddStep
            subtask={subtask}
            steps={steps}
            whyNot={whyNot}
            onAdded={({ id }) => onChoose(stepKey(id))}
          />
        </>
      )}
    </DetailPanel>
  );
}
