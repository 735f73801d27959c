import type { Person } from "#lib/model/person.ts";
import type { EpochMs } from "#lib/time.ts";

// A work plan: projects hold subtasks, subtasks hold numbered steps, and a step may follow from another of its subtask.
// Not to be confused with the steps of a recipe (program.ts) or of a run (step.ts).

export const workStatuses = ["pending", "in_progress", "completed", "failed"] as const;
export type WorkStatus = (typeof workStatuses)[number];
export const workflowStepTypes = ["implementation", "test"] as const;
export type WorkflowStepType = (typeof workflowStepTypes)[number];
export const assignees = ["TaraAider", "DevonAider"] as const;
export type Assignee = (typeof assignees)[number];
export const workStages = [
  "pending",
  "analysis",
  "unit_testing",
  "unit_implementation",
  "integration_testing",
  "integration_implementation",
  "review",
  "completed",
] as const;
export type WorkStage = (typeof workStages)[number];

export type Project = { id: number; externalId: string | null; name: string; updatedAt: EpochMs };

export type Subtask = {
  id: number;
  projectId: number;
  externalId: string | null;
  title: string;
  status: WorkStatus;
  stage: WorkStage;
  orderIndex: number;
  updatedAt: EpochMs;
};

export type WorkflowStep = {
  id: number;
  projectId: number;
  subtaskId: number;
  /** Usual, not certain, to be its own within the subtask. */
  number: number;
  type: WorkflowStepType;
  status: WorkStatus;
  assignedTo: Assignee;
  instructions: string | null;
  filePath: string | null;
  /** What to have at hand: paths, or whatever else the writer put there, as text. */
  contextFiles: readonly string[];
  /** Attempts begun. */
  attempts: number;
  /** What went wrong last; null once the step has completed. */
  lastError: string | null;
  parentId: number | null;
  createdAt: EpochMs;
  updatedAt: EpochMs;
};

/** The whole plan in one consistent read, taken at `serverTime` (database clock); what a live page keeps up to date. */
export type WorkflowSnapshot = {
  serverTime: EpochMs;
  projects: readonly Project[];
  subtasks: readonly Subtask[];
  steps: readonly WorkflowStep[];
};

const labels: Record<WorkStatus, string> = {
  pending: "Pending",
  in_progress: "In progress",
  completed: "Completed",
  failed: "Failed",
};
export const workStatusLabel = (status: WorkStatus): string => labels[status];

/** "unit_testing" as a person reads it: "Unit testing". */
export const workStageLabel = (stage: WorkStage): string =>
  `${stage.charAt(0).toUpperCase()}${stage.slice(1).replaceAll("_", " ")}`;

/** Null when this person may change the plan, else the sentence that says why not. The database decides again. */
export function whyNoWorkflow(person: Person): string | null {
  if (!person.isActive) return "Your profile is disabled. Ask an administrator.";
  if (person.role === "engineer" || person.role === "admin") return null;
  return `Your role is ${person.role}: it reads the workflow; engineers change it.`;
}
