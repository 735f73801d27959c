import { parseAsString, parseAsStringLiteral } from "nuqs/server";
import { workStatuses } from "#lib/model/workflow.ts";

/** The state of the workflow page that a link reproduces. */
export const workflowParams = {
  status: parseAsStringLiteral(workStatuses),
  /** The chosen row of the tree: `subtask-3`, `step-12`. */
  at: parseAsString,
};
