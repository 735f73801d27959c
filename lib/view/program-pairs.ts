// Which step of one program is which step of another. Walks are iterative. Guarded by program-diff.test.ts.

import type { ProgramStep } from "#lib/model/program.ts";
import { align, inOrder } from "./align.ts";
import { fieldsOf } from "./program-fields.ts";

export type Node = {
  step: ProgramStep;
  path: string;
  parent: Node | null;
  children: Node[];
  /** The same number for two steps that do the same, names and inner steps included. */
  likeness: number;
};
export type Forest = { roots: Node[]; all: Node[] };

/** All steps in document order, with likenesses counted from the leaves up. */
export function forest(steps: readonly ProgramStep[], likenesses: Map<string, number>): Forest {
  const roots: Node[] = [];
  const all: Node[] = [];
  const pending = nodesOf(steps, null, "").reverse();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    all.push(node);
    (node.parent?.children ?? roots).push(node);
    if (node.step.type === "loop")
      pending.push(...nodesOf(node.step.children, node, `${node.path}.`).reverse());
  }
  for (const node of all.toReversed()) {
    const text = JSON.stringify([fieldsOf(node.step), node.children.map((child) => child.likeness)]);
    node.likeness = likenesses.get(text) ?? likenesses.size;
    likenesses.set(text, node.likeness);
  }
  return { roots, all };
}

const nodesOf = (steps: readonly ProgramStep[], parent: Node | null, prefix: string): Node[] =>
  steps.map((step, index) => ({
    step,
    path: `${prefix}${index + 1}`,
    parent,
    children: [],
    likeness: -1,
  }));

/** The older step of each newer one that has one. */
export function pairUp(before: Forest, after: Forest): Map<Node, Node> {
  const pairs = new Map<Node, Node>();
  const taken = new Set<Node>();
  const pair = (old: Node, node: Node) => {
    pairs.set(node, old);
    taken.add(old);
  };
  for (const [old, node] of sameIds(before.all, after.all)) pair(old, node);
  const parents: [old: readonly Node[], now: readonly Node[]][] = [[before.roots, after.roots]];
  for (const [node, old] of pairs) parents.push([old.children, node.children]);
  for (let next = parents.pop(); next !== undefined; next = parents.pop()) {
    const [old, now] = next.map((list) => list.filter((node) => !taken.has(node) && !pairs.has(node)));
    for (const [was, is] of align(old ?? [], now ?? [], KEYS)) {
      pair(was, is);
      parents.push([was.children, is.children]);
    }
  }
  for (const [was, is] of sameLikeness(before.all, after.all, taken, pairs)) pair(was, is);
  return pairs;
}

/** Alike in all; alike by name; of one kind in one place. A loop never becomes a step. */
const KEYS: readonly ((node: Node) => string | number)[] = [
  ({ likeness }) => likeness,
  ({ step }) => `${step.type} ${step.name}`,
  ({ step }) => step.type,
];

function sameIds(before: readonly Node[], after: readonly Node[]): [Node, Node][] {
  const [old, now] = [byOwnId(before), byOwnId(after)];
  return [...now].flatMap(([id, node]): [Node, Node][] => {
    const was = old.get(id);
    const isPair = was !== undefined && (was.step.type === "loop") === (node.step.type === "loop");
    return isPair ? [[was, node]] : [];
  });
}

/** Steps by id, without those whose id is not theirs alone. */
function byOwnId(nodes: readonly Node[]): Map<string, Node> {
  const found = new Map<string, Node>();
  const shared = new Set<string>();
  for (const node of nodes) {
    if (found.has(node.step.id)) shared.add(node.step.id);
    found.set(node.step.id, node);
  }
  for (const id of shared) found.delete(id);
  return found;
}

/** A step that is gone here and there again elsewhere has moved, with all that is in it. */
function sameLikeness(
  before: readonly Node[],
  after: readonly Node[],
  taken: ReadonlySet<Node>,
  pairs: ReadonlyMap<Node, Node>,
): [Node, Node][] {
  const gone = new Map<number, Node[]>();
  for (const node of before.toReversed()) {
    if (!taken.has(node)) gone.set(node.likeness, [...(gone.get(node.likeness) ?? []), node]);
  }
  const found: [Node, Node][] = [];
  const used = new Set<Node>();
  for (const node of after) {
    if (pairs.has(node) || used.has(node)) continue;
    const candidates = gone.get(node.likeness);
    const old = candidates?.findLast((each) => !used.has(each));
    if (old === undefined) continue;
    const pending: [Node, Node][] = [[old, node]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [was, is] = next;
      if (used.has(was) || used.has(is) || taken.has(was) || pairs.has(is)) continue;
      found.push([was, is]);
      used.add(was).add(is);
      for (const [index, child] of is.children.entries()) {
        const inner = was.children[index];
        if (inner !== undefined) pending.push([inner, child]);
      }
    }
  }
  return found;
}

/** Steps that stand in another block than before, or before a neighbour that they stood behind. */
export function movedNodes({ roots, all }: Forest, pairs: ReadonlyMap<Node, Node>): Set<Node> {
  const moved = new Set<Node>();
  for (const siblings of [roots, ...all.map(({ children }) => children)]) {
    const kept: { node: Node; place: number }[] = [];
    for (const node of siblings) {
      const old = pairs.get(node);
      if (old === undefined) continue;
      const isSameBlock = (node.parent === null ? null : pairs.get(node.parent)) === old.parent;
      if (isSameBlock) kept.push({ node, place: Number(old.path.split(".").at(-1)) });
      else moved.add(node);
    }
    const ordered = inOrder(kept.map(({ place }) => place));
    for (const [position, { node }] of kept.entries()) if (!ordered.has(position)) moved.add(node);
  }
  return moved;
}
