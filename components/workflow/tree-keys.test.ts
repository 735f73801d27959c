import { expect, test } from "vitest";
import { samplePlan, sampleWorkflowStep } from "#lib/model/workflow-samples.ts";
import { workflowRows } from "#lib/view/workflow-rows.ts";
import { treeMove } from "./tree-keys.ts";

const plan = samplePlan({
  steps: [
    sampleWorkflowStep({ id: 1, instructions: "Bake" }),
    sampleWorkflowStep({ id: 2, instructions: "Measure" }),
    sampleWorkflowStep({ id: 3, instructions: "bake again" }),
  ],
});
const rowsWith = (...closed: string[]) => workflowRows(plan, { status: null, closed: new Set(closed) });
const move = (from: string, pressed: string, ...closed: string[]) =>
  treeMove(rowsWith(...closed), from, pressed);
const focus = (key: string) => ({ kind: "focus", key });

test("up and down walk the rows that are shown, and stop at the ends", () => {
  expect(move("project-1", "ArrowDown")).toEqual(focus("subtask-1"));
  expect(move("step-1", "ArrowUp")).toEqual(focus("subtask-1"));
  expect(move("project-1", "ArrowUp")).toBeNull();
  expect(move("step-3", "ArrowDown")).toBeNull();
  expect(move("step-2", "Home")).toEqual(focus("project-1"));
  expect(move("project-1", "End")).toEqual(focus("step-3"));
});

test("Right opens, then goes in; Left closes, then goes out", () => {
  expect(move("subtask-1", "ArrowRight", "subtask-1")).toEqual({ kind: "open", key: "subtask-1" });
  expect(move("subtask-1", "ArrowRight")).toEqual(focus("step-1"));
  expect(move("step-1", "ArrowRight")).toBeNull();
  expect(move("subtask-1", "ArrowLeft")).toEqual({ kind: "close", key: "subtask-1" });
  expect(move("subtask-1", "ArrowLeft", "subtask-1")).toEqual(focus("project-1"));
  expect(move("step-2", "ArrowLeft")).toEqual(focus("subtask-1"));
});

test("Enter and Space choose", () => {
  expect(move("step-2", "Enter")).toEqual({ kind: "choose", key: "step-2" });
  expect(move("step-2", " ")).toEqual({ kind: "choose", key: "step-2" });
});

test("a letter seeks the next name that begins with it, around the end", () => {
  expect(move("step-1", "b")).toEqual(focus("step-3"));
  expect(move("step-3", "B")).toEqual(focus("step-1"));
  expect(move("step-1", "z")).toBeNull();
  expect(move("step-1", "F5")).toBeNull();
  expect(move("step-1", "Tab")).toBeNull();
});

test("a row that is gone moves nowhere", () => {
  expect(move("step-99", "ArrowDown")).toBeNull();
});
