import type { WorkflowSnapshot } from "#lib/model/workflow.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { workflowSnapshotRow } from "#lib/supabase/rows/workflow.ts";

/** Every project, subtask and workflow step, in one consistent read. Throws ReadFault. */
export async function fetchWorkflow(client: Client, options?: CallOptions): Promise<WorkflowSnapshot> {
  const { data } = await read(
    "read the workflow",
    (signal) => client.rpc("workflow_snapshot").abortSignal(signal),
    options,
  );
  return workflowSnapshotRow(data);
}
