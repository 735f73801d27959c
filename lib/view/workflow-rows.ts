import {
  type Project,
  type Subtask,
  type WorkflowSnapshot,
  type WorkflowStep,
  type WorkStatus,
  workStageLabel,
  workStatuses,
  workStatusLabel,
} from "#lib/model/workflow.ts";
import { counted } from "./count.ts";

/** How many steps have each status. */
export type WorkTally = Readonly<Record<WorkStatus, number>>;

export type WorkflowNode =
  | { kind: "project"; project: Project; tally: WorkTally }
  | { kind: "subtask"; subtask: Subtask; tally: WorkTally }
  /** `isContext`: shown only because a step that follows from it matches the filter. */
  | { kind: "step"; step: WorkflowStep; isContext: boolean };

/** One row of the tree as it is drawn, top to bottom, with what a screen reader needs to know of its place. */
export type WorkflowRow = {
  key: string;
  /** 1 is a project. */
  level: number;
  position: number;
  setSize: number;
  parentKey: string | null;
  /** Null for a row that holds nothing. */
  isOpen: boolean | null;
  name: string;
  /** Everything the row shows, as one sentence for a reader. */
  sentence: string;
  node: WorkflowNode;
};

type Branch = { key: string; name: string; sentence: string; node: WorkflowNode; children: Branch[] };
type Shown = { status: WorkStatus | null; closed: ReadonlySet<string> };

export const stepKey = (id: number): string => `step-${id}`;
export const subtaskKey = (id: number): string => `subtask-${id}`;
const projectKey = (id: number): string => `project-${id}`;

export function tallyOf(steps: readonly WorkflowStep[]): WorkTally {
  const tally = { pending: 0, in_progress: 0, completed: 0, failed: 0 };
  for (const { status } of steps) tally[status] += 1;
  return tally;
}

/** "4 steps: 1 pending, 3 completed"; a status nobody has is not mentioned. */
export function tallySentence(tally: WorkTally): string {
  const parts = workStatuses.filter((status) => tally[status] > 0);
  const total = parts.reduce((sum, status) => sum + tally[status], 0);
  if (total === 0) return "no steps";
  const words = parts.map((status) => `${tally[status]} ${workStatusLabel(status).toLowerCase()}`);
  return `${counted(total, "step")}: ${words.join(", ")}`;
}

/**
 * The rows of the tree from top to bottom. With a status only its steps are shown, and what leads to them; `closed` holds
 * the keys of rows a person has closed.
 */
export function workflowRows(plan: WorkflowSnapshot, { status, closed }: Shown): WorkflowRow[] {
  const rows: WorkflowRow[] = [];
  const flatten = (branches: readonly Branch[], level: number, parentKey: string | null): void => {
    for (const [index, { children, ...branch }] of branches.entries()) {
      const isOpen = children.length === 0 ? null : !closed.has(branch.key);
      rows.push({ ...branch, level, position: index + 1, setSize: branches.length, parentKey, isOpen });
      if (isOpen) flatten(children, level + 1, branch.key);
    }
  };
  flatten(projectBranches(plan, status), 1, null);
  return rows;
}

function projectBranches(plan: WorkflowSnapshot, status: WorkStatus | null): Branch[] {
  const subtasksOf = Map.groupBy(plan.subtasks, (subtask) => subtask.projectId);
  const stepsOf = Map.groupBy(plan.steps, (step) => step.subtaskId);
  return plan.projects
    .toSorted((a, b) => a.id - b.id)
    .flatMap((project) => {
      const subtasks = (subtasksOf.get(project.id) ?? []).toSorted(
        (a, b) => a.orderIndex - b.orderIndex || a.id - b.id,
      );
      const children = subtasks.flatMap((subtask) =>
        subtaskBranch(subtask, stepsOf.get(subtask.id) ?? [], status),
      );
      if (status !== null && children.length === 0) return [];
      const tally = tallyOf(subtasks.flatMap((subtask) => stepsOf.get(subtask.id) ?? []));
      const sentence = `Project ${project.name}, ${tallySentence(tally)}`;
      const node = { kind: "project", project, tally } as const;
      return [{ key: projectKey(project.id), name: project.name, sentence, node, children }];
    });
}

function subtaskBranch(
  subtask: Subtask,
  steps: readonly WorkflowStep[],
  status: WorkStatus | null,
): Branch[] {
  const children = stepBranches(steps, status);
  if (status !== null && children.length === 0) return [];
  const tally = tallyOf(steps);
  const words = [workStatusLabel(subtask.status).toLowerCase(), workStageLabel(subtask.stage).toLowerCase()];
  const sentence = `Subtask ${subtask.title}, ${[...new Set(words)].join(", ")}, ${tallySentence(tally)}`;
  const node = { kind: "subtask", subtask, tally } as const;
  return [{ key: subtaskKey(subtask.id), name: subtask.title, sentence, node, children }];
}

/** Steps under the step they follow from; one whose parent is not in sight stands by itself. */
function stepBranches(steps: readonly WorkflowStep[], status: WorkStatus | null): Branch[] {
  const ids = new Set(steps.map((step) => step.id));
  const ordered = steps.toSorted((a, b) => a.number - b.number || a.id - b.id);
  const childrenOf = Map.groupBy(ordered, ({ parentId }) =>
    parentId !== null && ids.has(parentId) ? parentId : null,
  );
  const branches = (parent: number | null): Branch[] =>
    (childrenOf.get(parent) ?? []).flatMap((step) => {
      const children = branches(step.id);
      const isMatch = status === null || step.status === status;
      if (!isMatch && children.length === 0) return [];
      const node = { kind: "step", step, isContext: !isMatch } as const;
      return [{ key: stepKey(step.id), name: stepName(step), sentence: stepSentence(step), node, children }];
    });
  return branches(null);
}

/** What the step is about: its instructions, else the file it concerns. */
export const stepName = (step: WorkflowStep): string =>
  step.instructions ?? step.filePath ?? `Step ${step.number}`;

function stepSentence(step: WorkflowStep): string {
  const parts = [
    `Step ${step.number}: ${stepName(step)}`,
    workStatusLabel(step.status).toLowerCase(),
    step.type,
    step.assignedTo,
    counted(step.attempts, "attempt"),
    ...(step.lastError === null ? [] : [`last error: ${step.lastError}`]),
  ];
  return parts.join(", ");
}
