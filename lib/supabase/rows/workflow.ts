import type { Fields } from "#lib/model/fields.ts";
import {
  assignees,
  type Project,
  type Subtask,
  type WorkflowSnapshot,
  type WorkflowStep,
  workflowStepTypes,
  workStages,
  workStatuses,
} from "#lib/model/workflow.ts";
import { type EpochMs, parseMoment } from "#lib/time.ts";
import type { Database } from "../database.types.ts";
import { rowReader } from "./row.ts";

type Enums = Database["public"]["Enums"];
/** The list, provided it holds exactly the words the database has: one added on either side alone does not compile. */
const exactly =
  <Word extends string>() =>
  <List extends readonly Word[]>(list: [Word] extends [List[number]] ? List : never): List =>
    list;

const statuses = exactly<Enums["status"]>()(workStatuses);
const stages = exactly<Enums["work_stage"]>()(workStages);
const stepTypes = exactly<Enums["step_type"]>()(workflowStepTypes);
const people = exactly<Enums["assigned_to"]>()(assignees);

/** A column without zone, which holds UTC. */
function utcMoment(row: Fields, name: string): EpochMs {
  const value = `${row.text(name)}Z`;
  return parseMoment(value) ?? row.fail(name, `"${value}" is not a moment`);
}

/** The requirement asks for an array of anything; what a writer put there is shown, whatever its form. */
function fileNames(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(fileName);
}

function fileName(entry: unknown): string {
  if (typeof entry === "string") return entry;
  const { path }: { path?: unknown } = typeof entry === "object" && entry !== null ? entry : {};
  return typeof path === "string" ? path : JSON.stringify(entry);
}

export const projectRow = rowReader(
  "projects",
  (row): Project => ({
    id: row.number("id"),
    externalId: row.maybeText("external_id"),
    name: row.text("name"),
    updatedAt: row.moment("updated_at"),
  }),
);

export const subtaskRow = rowReader(
  "subtasks",
  (row): Subtask => ({
    id: row.number("id"),
    projectId: row.number("project_id"),
    externalId: row.maybeText("external_id"),
    title: row.text("title"),
    status: row.word("status", statuses),
    stage: row.word("stage", stages),
    orderIndex: row.number("order_index"),
    updatedAt: row.moment("updated_at"),
  }),
);

export const workflowStepRow = rowReader(
  "steps",
  (row): WorkflowStep => ({
    id: row.number("id"),
    projectId: row.number("project_id"),
    subtaskId: row.number("subtask_id"),
    number: row.number("step_number"),
    type: row.word("step_type", stepTypes),
    status: row.word("status", statuses),
    assignedTo: row.word("assigned_to", people),
    instructions: row.maybeText("instructions"),
    filePath: row.maybeText("file_path"),
    contextFiles: fileNames(row.raw("context_files")),
    attempts: row.maybeNumber("attempt_count") ?? 0,
    lastError: row.maybeText("last_error"),
    parentId: row.maybeNumber("parent_step_id"),
    createdAt: utcMoment(row, "created_at"),
    updatedAt: utcMoment(row, "updated_at"),
  }),
);

export const workflowSnapshotRow = rowReader(
  "workflow_snapshot",
  (frame): WorkflowSnapshot => ({
    serverTime: frame.moment("server_time"),
    projects: frame.list("projects").map(projectRow),
    subtasks: frame.list("subtasks").map(subtaskRow),
    steps: frame.list("steps").map(workflowStepRow),
  }),
);
