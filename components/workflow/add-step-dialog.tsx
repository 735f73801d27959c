"use client";

import { type FormEvent, useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, Select, TextArea, TextInput } from "#components/ui/field.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { assignees, type WorkflowStep, workflowStepTypes } from "#lib/model/workflow.ts";
import type { Refusal } from "#lib/result.ts";
import { stepName } from "#lib/view/workflow-rows.ts";

/** As the form has it; checked on arrival. */
export interface StepDraft {
  readonly type: string;
  readonly assignedTo: string;
  readonly instructions: string;
  readonly filePath: string;
  readonly contextFiles: readonly string[];
  readonly parentId: number | null;
}

interface AddStepDialogProps {
  readonly subtask: string;
  /** Steps the new one may follow from. */
  readonly steps: readonly WorkflowStep[];
  readonly isSending: boolean;
  readonly refusal: Refusal | null;
  readonly onAdd: (draft: StepDraft) => void;
  readonly onClose: () => void;
}

/** A new step of a subtask; it begins pending, under the next number. */
export function AddStepDialog({ subtask, steps, isSending, refusal, onAdd, onClose }: AddStepDialogProps) {
  const formId = useId();
  const [isMissing, setMissing] = useState(false);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const draft = draftOf(new FormData(event.currentTarget));
    setMissing(draft.instructions === "");
    if (draft.instructions !== "") onAdd(draft);
  };

  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Add a step"
      description={`To ${subtask}, after the steps that are there.`}
      footer={
        <>
          <Button size="lg" onClick={onClose}>
            Cancel
          </Button>
          <Button size="lg" variant="primary" type="submit" form={formId} isPending={isSending}>
            Add step
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={submit} className="grid gap-4">
        <Field
          label="Instructions"
          {...(isMissing ? { error: "Say what is to be done, in a few words." } : {})}
        >
          {(wiring) => <TextArea {...wiring} name="instructions" maxLength={4000} />}
        </Field>
        <div className="grid grid-cols-2 gap-4">
          <Choice label="Type" name="type" words={workflowStepTypes} />
          <Choice label="Assigned to" name="assignedTo" words={assignees} />
        </div>
        <Field label="Follows from" hint="Shown under that step.">
          {(wiring) => (
            <Select {...wiring} name="parentId" defaultValue="">
              <option value="">No other step</option>
              {steps.map((step) => (
                <option key={step.id} value={step.id}>
                  {step.number} {stepName(step)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="File" hint="The one file it concerns, if any.">
          {(wiring) => <TextInput {...wiring} name="filePath" maxLength={500} />}
        </Field>
        <Field label="Context files" hint="What to have at hand: one path to a line.">
          {(wiring) => <TextArea {...wiring} name="contextFiles" className="font-mono text-xs" />}
        </Field>
        {refusal ? <RefusalBanner {...refusal} /> : null}
      </form>
    </Dialog>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly words: readonly string[];
}

function Choice({ label, name, words }: ChoiceProps) {
  return (
    <Field label={label}>
      {(wiring) => (
        <Select {...wiring} name={name}>
          {words.map((word) => (
            <option key={word}>{word}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function draftOf(form: FormData): StepDraft {
  const word = (name: string) => String(form.get(name) ?? "").trim();
  const lines = word("contextFiles")
    .split("\n")
    .map((line) => line.trim());
  return {
    type: word("type"),
    assignedTo: word("assignedTo"),
    instructions: word("instructions"),
    filePath: word("filePath"),
    contextFiles: lines.filter(Boolean),
    parentId: word("parentId") === "" ? null : Number(word("parentId")),
  };
}
