import type { WorkflowStep } from "#lib/model/workflow.ts";
import type { Result } from "#lib/result.ts";
import { ask, type Client } from "#lib/supabase/call.ts";
import { rowReader } from "#lib/supabase/rows/row.ts";
import { workflowStepRow } from "#lib/supabase/rows/workflow.ts";
import { explain } from "./explain.ts";
import { type NewStep, newStepSchema, parseInput } from "./step-input.ts";

const answerRow = rowReader("the answer of create_step", (frame) => workflowStepRow(frame.raw("step")));

/**
 * Adds a step to a subtask; the database knows its project and, unless one is given, its number. Refused with
 * `invalid_input`, `not_found`, `not_allowed` or `not_in_place` (a parent that cannot be one).
 */
export async function createStep(client: Client, input: NewStep): Promise<Result<{ step: WorkflowStep }>> {
  const parsed = parseInput(newStepSchema, input);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  const answer = await ask("add the step", (signal) =>
    client
      .rpc("create_step", {
        p_subtask_id: value.subtaskId,
        p_step_type: value.type,
        p_assigned_to: value.assignedTo,
        p_instructions: value.instructions,
        p_file_path: value.filePath,
        p_context_files: value.contextFiles,
        p_parent_step_id: value.parentId,
        ...(value.number === undefined ? {} : { p_step_number: value.number }),
        ...(value.status === undefined ? {} : { p_status: value.status }),
      })
      .abortSignal(signal),
  );
  if (!answer.ok) return explain("The step was not added", answer);
  return { ok: true, step: answerRow(answer.data) };
}
