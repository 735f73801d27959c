import { type WorkflowStep, type WorkStatus, workStatusLabel } from "#lib/model/workflow.ts";
import { type Refusal, type Result, refusal } from "#lib/result.ts";
import { ask, type Client } from "#lib/supabase/call.ts";
import type { Database } from "#lib/supabase/database.types.ts";
import { workflowStepRow } from "#lib/supabase/rows/workflow.ts";
import { explain, noSuchStep, notAllowed } from "./explain.ts";
import { getStep } from "./read-steps.ts";
import { parseInput, type StepChange, stepChangeSchema } from "./step-input.ts";

type Columns = Database["public"]["Tables"]["steps"]["Update"];
const UNDONE = "The step was not changed";

/**
 * Changes a step; attempts, last error and times follow by themselves. With `from`, only while the step has that status,
 * so that of two people who press at once one is told (`step_changed`). Refused as well with `invalid_input`, `not_found`,
 * `not_allowed` or `not_in_place`.
 */
export async function updateStep(
  client: Client,
  id: number,
  change: StepChange,
  from?: WorkStatus,
): Promise<Result<{ step: WorkflowStep }>> {
  const parsed = parseInput(stepChangeSchema, change);
  if (!parsed.ok) return parsed;
  const answer = await ask("change the step", (signal) => {
    const row = client.from("steps").update(columns(parsed.value)).eq("id", id);
    const guarded = from === undefined ? row : row.eq("status", from);
    return guarded.select().abortSignal(signal).maybeSingle();
  });
  if (!answer.ok) return explain(UNDONE, answer);
  if (answer.data === null) return whyUntouched(client, id, from);
  return { ok: true, step: workflowStepRow(answer.data) };
}

function columns(change: StepChange): Columns {
  const { type, assignedTo, filePath, contextFiles, attempts, lastError, parentId, ...same } = change;
  const renamed = {
    ...same,
    step_type: type,
    assigned_to: assignedTo,
    file_path: filePath,
    context_files: contextFiles,
    attempt_count: attempts,
    last_error: lastError,
    parent_step_id: parentId,
  };
  return Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined));
}

/** Row security makes a row that may not be changed look as if it were not there; reading tells the two apart. */
async function whyUntouched(client: Client, id: number, from?: WorkStatus): Promise<Refusal> {
  const found = await getStep(client, id);
  if (!found.ok) return noSuchStep(UNDONE, id);
  const { status } = found.step;
  if (from === undefined || status === from) return notAllowed(UNDONE);
  return refusal(
    409,
    "step_changed",
    `${UNDONE}: it is ${workStatusLabel(status).toLowerCase()} now, no longer ${workStatusLabel(from).toLowerCase()}.`,
    "Look at it as it is now, then decide again.",
  );
}
