import { createParser, parseAsStringLiteral } from "nuqs/server";
import { workStatuses } from "#lib/model/workflow.ts";

const parseAsRow = createParser({
  parse: (text) => (/^(subtask|step)-[1-9]\d{0,14}$/.test(text) ? text : null),
  serialize: (row: string) => row,
});

/** The state of the workflow page that a link reproduces. */
export const workflowParams = {
  status: parseAsStringLiteral(workStatuses),
  /** The chosen row of the tree: `subtask-3`, `step-12`. */
  at: parseAsRow,
};

/** What each of them should be. */
export const WORKFLOW_PARAMS_WANTED: Readonly<Record<keyof typeof workflowParams, string>> = {
  status: `a status of a step (${workStatuses.join(", ")})`,
  at: "a row of the plan, such as subtask-3 or step-12",
};
