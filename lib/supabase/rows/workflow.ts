import { z } from "zod";
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
import type { Database } from "../database.types.ts";
import { maybeText, moment, number, parseRow, text } from "./row.ts";

type Enums = Database["public"]["Enums"];
/** The list, provided it holds exactly the words the database has: one added on either side alone does not compile. */
const exactly =
  <Word extends string>() =>
  <List extends readonly Word[]>(list: [Word] extends [List[number]] ? List : never): List =>
    list;

const status = z.enum(exactly<Enums["status"]>()(workStatuses));
const stage = z.enum(exactly<Enums["work_stage"]>()(workStages));
const stepType = z.enum(exactly<Enums["step_type"]>()(workflowStepTypes));
const assignee = z.enum(exactly<Enums["assigned_to"]>()(assignees));

/** A column without zone, which holds UTC. */
const utcMoment = z
  .string()
  .transform((value) => `${value}Z`)
  .pipe(moment);

/** The requirement asks for an array of anything; what a writer put there is shown, whatever its form. */
const files = z.unknown().transform((value): string[] => {
  if (value == null) return [];
  return (Array.isArray(value) ? value : [value]).map(fileName);
});

function fileName(entry: unknown): string {
  if (typeof entry === "string") return entry;
  const named = z.object({ path: z.string() }).safeParse(entry);
  return named.success ? named.data.path : JSON.stringify(entry);
}

const project = z.object({ id: number, external_id: maybeText, name: text, updated_at: moment }).transform(
  (row): Project => ({
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    updatedAt: row.updated_at,
  }),
);

const subtask = z
  .object({
    id: number,
    project_id: number,
    external_id: maybeText,
    title: text,
    status,
    stage,
    order_index: number,
    updated_at: moment,
  })
  .transform(
    (row): Subtask => ({
      id: row.id,
      projectId: row.project_id,
      externalId: row.external_id,
      title: row.title,
      status: row.status,
      stage: row.stage,
      orderIndex: row.order_index,
      updatedAt: row.updated_at,
    }),
  );

const step = z
  .object({
    id: number,
    project_id: number,
    subtask_id: number,
    step_number: number,
    step_type: stepType,
    status,
    assigned_to: assignee,
    instructions: maybeText,
    file_path: maybeText,
    context_files: files,
    attempt_count: number.nullish(),
    last_error: maybeText,
    parent_step_id: number.nullish(),
    created_at: utcMoment,
    updated_at: utcMoment,
  })
  .transform(
    (row): WorkflowStep => ({
      id: row.id,
      projectId: row.project_id,
      subtaskId: row.subtask_id,
      number: row.step_number,
      type: row.step_type,
      status: row.status,
      assignedTo: row.assigned_to,
      instructions: row.instructions,
      filePath: row.file_path,
      contextFiles: row.context_files,
      attempts: row.attempt_count ?? 0,
      lastError: row.last_error,
      parentId: row.parent_step_id ?? null,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
  );

const snapshot = z.object({
  server_time: moment,
  projects: z.array(z.unknown()),
  subtasks: z.array(z.unknown()),
  steps: z.array(z.unknown()),
});

export const projectRow = (row: unknown): Project => parseRow("projects", project, row);
export const subtaskRow = (row: unknown): Subtask => parseRow("subtasks", subtask, row);
export const workflowStepRow = (row: unknown): WorkflowStep => parseRow("steps", step, row);

export function workflowSnapshotRow(value: unknown): WorkflowSnapshot {
  const frame = parseRow("workflow_snapshot", snapshot, value);
  return {
    serverTime: frame.server_time,
    projects: frame.projects.map(projectRow),
    subtasks: frame.subtasks.map(subtaskRow),
    steps: frame.steps.map(workflowStepRow),
  };
}
