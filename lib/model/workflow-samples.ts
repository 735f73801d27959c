import { SAMPLE_START } from "#lib/model/samples.ts";
import type { Project, Subtask, WorkflowSnapshot, WorkflowStep } from "#lib/model/workflow.ts";

// Examples of a work plan for tests; every field can be set.

export const sampleProject = (more: Partial<Project> = {}): Project => ({
  id: 1,
  externalId: "P1",
  name: "Qualify ALD-03",
  updatedAt: SAMPLE_START,
  ...more,
});

export const sampleSubtask = (more: Partial<Subtask> = {}): Subtask => ({
  id: 1,
  projectId: 1,
  externalId: null,
  title: "Leak check",
  status: "in_progress",
  stage: "review",
  orderIndex: 1,
  updatedAt: SAMPLE_START,
  ...more,
});

export const sampleWorkflowStep = (more: Partial<WorkflowStep> = {}): WorkflowStep => ({
  id: 1,
  projectId: 1,
  subtaskId: 1,
  number: more.id ?? 1,
  type: "test",
  status: "pending",
  assignedTo: "TaraAider",
  instructions: `Do ${more.id ?? 1}`,
  filePath: null,
  contextFiles: [],
  attempts: 0,
  lastError: null,
  parentId: null,
  createdAt: SAMPLE_START,
  updatedAt: SAMPLE_START,
  ...more,
});

export const samplePlan = (more: Partial<WorkflowSnapshot> = {}): WorkflowSnapshot => ({
  serverTime: SAMPLE_START,
  projects: [sampleProject()],
  subtasks: [sampleSubtask()],
  steps: [],
  ...more,
});
