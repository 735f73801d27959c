"use server";

import { carryOut } from "#app/machines/[id]/carry-out.ts";
import { changeFor, stepRequestSchema } from "#app/workflow/step-request.ts";
import type { WorkflowStep } from "#lib/model/workflow.ts";
import type { Result } from "#lib/result.ts";
import { createStep } from "#lib/workflow/create-step.ts";
import { newStepSchema } from "#lib/workflow/step-input.ts";
import { updateStep } from "#lib/workflow/update-step.ts";

type Saved = Result<{ step: WorkflowStep }>;

export async function addStepAction(input: unknown): Promise<Saved> {
  return carryOut(newStepSchema, input, createStep);
}

export async function changeStepAction(input: unknown): Promise<Saved> {
  return carryOut(stepRequestSchema, input, (client, request) =>
    updateStep(client, request.stepId, changeFor(request), request.from),
  );
}
