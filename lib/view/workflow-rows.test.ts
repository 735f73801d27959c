import { expect, test } from "vitest";
import type { WorkflowSnapshot, WorkStatus } from "#lib/model/workflow.ts";
import { samplePlan, sampleProject, sampleSubtask, sampleWorkflowStep } from "#lib/model/workflow-samples.ts";
import { tallyOf, tallySentence, workflowRows } from "./workflow-rows.ts";

const step = sampleWorkflowStep;
const shown = (plan: WorkflowSnapshot, status: WorkStatus | null = null, closed: string[] = []) =>
  workflowRows(plan, { status, closed: new Set(closed) });
const keys = (...args: Parameters<typeof shown>) => shown(...args).map((row) => row.key);

const family = samplePlan({
  steps: [
    step({ id: 3, number: 3 }),
    step({ id: 2, number: 2, parentId: 1, status: "failed" }),
    step({ id: 1, number: 1, status: "completed" }),
    step({ id: 4, number: 2 }),
  ],
});

test("projects hold subtasks, subtasks hold steps by number, steps hold what follows from them", () => {
  const plan = samplePlan({
    projects: [sampleProject({ id: 2, name: "Later" }), sampleProject()],
    subtasks: [sampleSubtask({ id: 7, orderIndex: 2 }), sampleSubtask({ id: 8, orderIndex: 1 })],
    steps: [step({ id: 1, subtaskId: 8 })],
  });
  expect(keys(plan)).toEqual(["project-1", "subtask-8", "step-1", "subtask-7", "project-2"]);
  expect(keys(family)).toEqual(["project-1", "subtask-1", "step-1", "step-2", "step-4", "step-3"]);
});

test("every row knows its place", () => {
  expect(
    shown(family).map((row) => [row.key, row.level, row.position, row.setSize, row.parentKey, row.isOpen]),
  ).toEqual([
    ["project-1", 1, 1, 1, null, true],
    ["subtask-1", 2, 1, 1, "project-1", true],
    ["step-1", 3, 1, 3, "subtask-1", true],
    ["step-2", 4, 1, 1, "step-1", null],
    ["step-4", 3, 2, 3, "subtask-1", null],
    ["step-3", 3, 3, 3, "subtask-1", null],
  ]);
});

test("a closed row keeps what is under it to itself; a row that holds nothing can be neither", () => {
  expect(keys(family, null, ["step-1", "step-3"])).toEqual([
    "project-1",
    "subtask-1",
    "step-1",
    "step-4",
    "step-3",
  ]);
  expect(shown(samplePlan(), null, ["subtask-1"])[1]).toMatchObject({ key: "subtask-1", isOpen: null });
});

test("one status shows its steps and what leads to them, and nothing else", () => {
  const rows = shown(family, "failed");
  expect(rows.map((row) => row.key)).toEqual(["project-1", "subtask-1", "step-1", "step-2"]);
  expect(rows[2]?.node).toMatchObject({ isContext: true });
  expect(rows[3]?.node).toMatchObject({ isContext: false });
  expect(rows[1]?.node).toMatchObject({ tally: { completed: 1, failed: 1, pending: 2 } });
  expect(keys(family, "in_progress")).toEqual([]);
});

test("a step whose parent is not in sight stands by itself", () => {
  const plan = samplePlan({ steps: [step({ id: 5, parentId: 99 })] });
  expect(shown(plan)[2]).toMatchObject({ key: "step-5", level: 3 });
});

test("a row says in one sentence what it shows", () => {
  const plan = samplePlan({
    steps: [
      step({
        id: 1,
        instructions: "Bake",
        status: "failed",
        attempts: 2,
        lastError: "Heater lost",
        assignedTo: "DevonAider",
      }),
      step({ id: 2, instructions: null, filePath: "a.ts" }),
      step({ id: 3, instructions: null }),
    ],
  });
  expect(shown(plan).map((row) => row.sentence)).toEqual([
    "Project Qualify ALD-03, 3 steps: 2 pending, 1 failed",
    "Subtask Leak check, in progress, review, 3 steps: 2 pending, 1 failed",
    "Step 1: Bake, failed, test, DevonAider, 2 attempts, last error: Heater lost",
    "Step 2: a.ts, pending, test, TaraAider, 0 attempts",
    "Step 3: Step 3, pending, test, TaraAider, 0 attempts",
  ]);
});

test("a tally of nothing says so", () => {
  expect(tallySentence(tallyOf([]))).toBe("no steps");
  expect(tallySentence(tallyOf([step()]))).toBe("1 step: 1 pending");
});
