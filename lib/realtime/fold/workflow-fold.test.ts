import fc from "fast-check";
import { expect, test } from "vitest";
import { SAMPLE_START } from "#lib/model/samples.ts";
import type { WorkflowSnapshot } from "#lib/model/workflow.ts";
import type { FeedChange } from "#lib/supabase/open-feed.ts";
import { workflowSnapshotRow } from "#lib/supabase/rows/workflow.ts";
import { isoMoment, later } from "#lib/time.ts";
import { WorkflowFold } from "./workflow-fold.ts";

// A plan in miniature: at commit t step 1 has been changed t times, and steps 2..t+1 have been added, one per commit.
// Commits are a minute apart, so that what a snapshot lacks is old enough to be gone.

const LAST = 4;
const iso = (t: number): string => isoMoment(later(SAMPLE_START, t * 60_000));
const zoneless = (t: number): string => iso(t).slice(0, -1);

const stepRow = (id: number, t: number) => ({
  id,
  project_id: 1,
  subtask_id: 1,
  step_number: id,
  step_type: "test",
  status: id === 1 && t > 0 ? "in_progress" : "pending",
  assigned_to: "TaraAider",
  instructions: `at ${t}`,
  context_files: [],
  attempt_count: id === 1 ? t : 0,
  created_at: zoneless(0),
  updated_at: zoneless(t),
});
const added = (t: number) =>
  Array.from({ length: t }, (_, i) => i + 2).filter((id) => !(t === LAST && id === 3));
const at = (t: number): WorkflowSnapshot =>
  workflowSnapshotRow({
    server_time: iso(t + 0.5),
    projects: [{ id: 1, name: "P", updated_at: iso(0) }],
    subtasks: [
      {
        id: 1,
        project_id: 1,
        title: "S",
        status: "pending",
        stage: "pending",
        order_index: 0,
        updated_at: iso(0),
      },
    ],
    steps: [stepRow(1, t), ...added(t).map((id) => stepRow(id, id - 1))],
  });
const change = (row: unknown): FeedChange => ({ table: "steps", kind: "UPDATE", row, isTruncated: false });
const changes = (t: number) => [change(stepRow(1, t)), ...(t > 0 ? [change(stepRow(t + 1, t))] : [])];

const byId = ({ projects, subtasks, steps }: WorkflowSnapshot) => ({
  projects,
  subtasks,
  steps: steps.toSorted((a, b) => a.id - b.id),
});

test("any messages in any order, repeated or lost, then one catch-up: the database's own plan", () => {
  const times = Array.from({ length: LAST + 1 }, (_, t) => t);
  const message = fc.oneof(fc.constantFrom(...times.flatMap(changes)), fc.constantFrom(...times));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), fc.constantFrom(...times), (sent, start) => {
      const fold = new WorkflowFold(at(start));
      for (const each of sent) {
        if (typeof each === "number") fold.putSnapshot(at(each));
        else expect(fold.putChange(each)).toBe("taken");
      }
      fold.putSnapshot(at(LAST));
      expect(byId(fold.live())).toEqual(byId(at(LAST)));
    }),
  );
});

test("messages alone, in order, end as the database did", () => {
  const fold = new WorkflowFold(at(0));
  for (let t = 1; t < LAST; t += 1) for (const each of changes(t)) fold.putChange(each);
  expect(byId(fold.live())).toEqual(byId(at(LAST - 1)));
});

test("a step added while a read was under way is not taken for a deleted one", () => {
  const fold = new WorkflowFold(at(0));
  const young = { ...stepRow(9, 1), updated_at: isoMoment(later(SAMPLE_START, 89_000)).slice(0, -1) };
  fold.putChange(change(young));
  fold.putSnapshot(at(1));
  expect(fold.live().steps.map((step) => step.id)).toContain(9);
  fold.putSnapshot(at(2));
  expect(fold.live().steps.map((step) => step.id)).not.toContain(9);
});

test("a deletion and a row cut short ask for a catch-up", () => {
  const fold = new WorkflowFold(at(1));
  expect(fold.putChange({ table: "steps", kind: "DELETE", row: {}, isTruncated: false })).toBe("unknown");
  expect(fold.putChange({ table: "steps", kind: "UPDATE", row: {}, isTruncated: true })).toBe("unknown");
});

test("what did not change stays the same object", () => {
  const fold = new WorkflowFold(at(1));
  const before = fold.live();
  fold.putSnapshot(at(1));
  fold.putChange(change(stepRow(1, 0)));
  expect(fold.live()).toBe(before);
  fold.putChange(change(stepRow(1, 2)));
  expect(fold.live()).not.toBe(before);
  expect(fold.live().projects).toBe(before.projects);
});
