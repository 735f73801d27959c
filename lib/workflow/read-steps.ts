import type { WorkflowStep, WorkStatus } from "#lib/model/workflow.ts";
import type { Result } from "#lib/result.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { workflowStepRow } from "#lib/supabase/rows/workflow.ts";
import { noSuchStep } from "./explain.ts";

/** One step; refused with `not_found` when there is none, or none for this person. Throws ReadFault. */
export async function getStep(
  client: Client,
  id: number,
  options?: CallOptions,
): Promise<Result<{ step: WorkflowStep }>> {
  const { data } = await read(
    "read the step",
    (signal) => client.from("steps").select().eq("id", id).abortSignal(signal).maybeSingle(),
    options,
  );
  return data === null ? noSuchStep("Nothing was read", id) : { ok: true, step: workflowStepRow(data) };
}

/** The steps of a subtask by number; those of one number in the order they were added. Throws ReadFault. */
export async function listStepsBySubtask(
  client: Client,
  subtaskId: number,
  options?: CallOptions,
): Promise<WorkflowStep[]> {
  const { data } = await read(
    "read the steps of the subtask",
    (signal) =>
      client
        .from("steps")
        .select()
        .eq("subtask_id", subtaskId)
        .order("step_number")
        .order("id")
        .abortSignal(signal),
    options,
  );
  return rows(data);
}

/** The steps of one status, of one project or of all, newest first. Throws ReadFault. */
export async function listStepsByStatus(
  client: Client,
  status: WorkStatus,
  { projectId, ...options }: CallOptions & { projectId?: number } = {},
): Promise<WorkflowStep[]> {
  const { data } = await read(
    "read the steps",
    (signal) => {
      const all = client.from("steps").select().eq("status", status);
      const asked = projectId === undefined ? all : all.eq("project_id", projectId);
      return asked
        .order("created_at", { ascending: false })
        .order("id", { ascending: false })
        .abortSignal(signal);
    },
    options,
  );
  return rows(data);
}

const rows = (data: unknown): WorkflowStep[] => (Array.isArray(data) ? data.map(workflowStepRow) : []);
