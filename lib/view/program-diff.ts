// What differs between two programs, as a person would tell it: steps added, removed, moved, changed in their place, and
// the recipe's own settings. Steps are the same step by their id; where ids are of no help (another recipe, rewritten
// steps), by their place and what they do. Guarded by program-diff.test.ts.

import type { Program, ProgramStep } from "#lib/model/program.ts";
import { counted } from "./count.ts";
import {
  conditionChanges,
  type FieldChange,
  headChanges,
  stepFields,
  totalChanges,
} from "./program-fields.ts";
import { forest, movedNodes, type Node, pairUp } from "./program-pairs.ts";
import { detailOf } from "./program-tree.ts";

export type StepChange = {
  kind: "added" | "removed" | "moved" | "changed";
  /** Of the step in the newer program; in the older one when it was removed. */
  id: string;
  /** As a person counts: "3.1". In the newer program; in the older one when the step was removed. */
  path: string;
  /** Where a moved step was before. */
  fromPath: string | null;
  name: string;
  /** What it does; of a loop also how much was added or removed with it. */
  detail: string;
  fields: readonly FieldChange[];
};

export type ProgramDiff = {
  isSame: boolean;
  /** Set-points, substrate and conditions of the recipe. */
  settings: readonly FieldChange[];
  /** In the order of the program. */
  steps: readonly StepChange[];
  /** What the changes come to: planned time, cycles, steps. */
  totals: readonly FieldChange[];
};

/** Everything in which program `to` differs from program `from`; ids and version numbers aside. */
export function programDiff(from: Program, to: Program): ProgramDiff {
  const settings = [...headChanges(from, to), ...conditionChanges(from, to)];
  const steps = stepChanges(from.steps, to.steps);
  const isSame = settings.length === 0 && steps.length === 0;
  return { isSame, settings, steps, totals: totalChanges(from.totals, to.totals) };
}

function stepChanges(from: readonly ProgramStep[], to: readonly ProgramStep[]): StepChange[] {
  const likenesses = new Map<string, number>();
  const [before, after] = [forest(from, likenesses), forest(to, likenesses)];
  const pairs = pairUp(before, after);
  const moved = movedNodes(after, pairs);
  const kept = new Set(pairs.values());
  const changes: StepChange[] = [];
  for (const node of before.all) {
    const isTop = node.parent === null || kept.has(node.parent);
    if (!kept.has(node) && isTop) changes.push(wholeChange("removed", node));
  }
  for (const node of after.all) {
    const old = pairs.get(node);
    if (old === undefined) {
      if (node.parent === null || pairs.has(node.parent)) changes.push(wholeChange("added", node));
      continue;
    }
    const fields = stepFields(old.step, node.step);
    const { id, name } = node.step;
    const said = { id, path: node.path, name, detail: detailOf(node.step), fields };
    if (moved.has(node)) changes.push({ ...said, kind: "moved", fromPath: old.path });
    else if (fields.length > 0) changes.push({ ...said, kind: "changed", fromPath: null });
  }
  return changes.sort((a, b) => comparePaths(a.path, b.path));
}

function wholeChange(kind: "added" | "removed", { step, path, children }: Node): StepChange {
  const size = children.reduce((sum, child) => sum + 1 + innerCount(child), 0);
  const detail = step.type === "loop" ? `${detailOf(step)}, ${counted(size, "step")}` : detailOf(step);
  return { kind, id: step.id, path, fromPath: null, name: step.name, detail, fields: [] };
}

function innerCount(node: Node): number {
  let count = 0;
  const pending = [...node.children];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    count += 1;
    pending.push(...next.children);
  }
  return count;
}

function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (const [level, place] of left.entries()) {
    const other = right[level];
    if (other === undefined) return 1;
    if (place !== other) return place - other;
  }
  return left.length - right.length;
}
