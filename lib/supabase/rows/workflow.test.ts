import { expect, test } from "vitest";
import { workflowSnapshotRow, workflowStepRow } from "./workflow.ts";

const row = {
  id: 3,
  project_id: 1,
  subtask_id: 2,
  step_number: 4,
  step_type: "test",
  status: "failed",
  assigned_to: "DevonAider",
  instructions: "Bake",
  file_path: null,
  context_files: null,
  attempt_count: null,
  last_error: "Heater lost",
  parent_step_id: null,
  created_at: "2026-11-21T08:00:00",
  updated_at: "2026-11-21T08:00:00.000001",
};

test("times without zone are UTC, to the microsecond; no count is none", () => {
  expect(workflowStepRow(row)).toEqual({
    id: 3,
    projectId: 1,
    subtaskId: 2,
    number: 4,
    type: "test",
    status: "failed",
    assignedTo: "DevonAider",
    instructions: "Bake",
    filePath: null,
    contextFiles: [],
    attempts: 0,
    lastError: "Heater lost",
    parentId: null,
    createdAt: Date.UTC(2026, 10, 21, 8),
    updatedAt: Date.UTC(2026, 10, 21, 8) + 0.001,
  });
});

test("context files are shown whatever form their writer gave them", () => {
  const filesOf = (context_files: unknown) => workflowStepRow({ ...row, context_files }).contextFiles;
  expect(filesOf(["a.ts", { path: "b.ts", lines: 3 }, { name: "c" }, 5])).toEqual([
    "a.ts",
    "b.ts",
    '{"name":"c"}',
    "5",
  ]);
  expect(filesOf({ path: "b.ts" })).toEqual(["b.ts"]);
});

test("a word the model does not know names its field", () => {
  expect(() => workflowStepRow({ ...row, status: "paused" })).toThrow(/A row of steps .* status/);
  expect(() => workflowStepRow({ ...row, updated_at: "2026-11-21T08:00:00Z" })).toThrow(/updated_at/);
  expect(() => workflowSnapshotRow({ projects: [], subtasks: [], steps: [] })).toThrow(
    /workflow_snapshot .* server_time/,
  );
});
