// Where a program is, as a chain of frames from the step up to the program: memory is the nesting depth, also for a
// program that unrolls to millions of steps. Positions are never changed, so an old one stays valid. Guarded by
// position.test.ts, which compares every answer with naive unrolling.

import { type Amount, type Block, NOTHING, type Node, plus } from "#executor/engine/plan.ts";
import { type LeafStep, plannedMsOf } from "#lib/model/program.ts";

/** One level of nesting: pass `iteration` (1-based) of `block`, at `index`; `start` is what went by before this pass. */
export type Position = {
  readonly block: Block;
  readonly index: number;
  readonly iteration: number;
  readonly start: Amount;
  readonly parent: Position | null;
};

/** One step execution of a run, before it is played. */
export type Action = {
  /** 1-based number of this step execution within the run, without gaps. */
  seq: number;
  step: LeafStep;
  /** Iteration of every enclosing loop, outermost first, 1-based. */
  loopPath: number[];
  /** 1-based running count of cycles over the whole run; null outside of cycles. */
  cycle: number | null;
  plannedMs: number;
  /** Planned time of everything before this step, in ms. */
  plannedElapsedMs: number;
  /** Iterations of the innermost enclosing loop, and which one this is; null outside of loops. */
  loopCount: number | null;
  loopIteration: number | null;
};

export const firstPosition = (plan: Block): Position =>
  descend({ block: plan, index: 0, iteration: 1, start: NOTHING, parent: null });

/** The position after this one, depth first; null after the last step. */
export function next(position: Position): Position | null {
  for (let at: Position | null = position; at !== null; at = at.parent) {
    if (at.index + 1 < at.block.nodes.length) return descend({ ...at, index: at.index + 1 });
    if (at.parent !== null && at.iteration < loopOf(at.parent).step.iteration_count) {
      const start = plus(at.start, at.block.pass);
      return descend({ ...at, index: 0, iteration: at.iteration + 1, start });
    }
  }
  return null;
}

/** The position of step execution `seq`, found without walking there; null when the program has no such step. */
export function positionAt(plan: Block, seq: number): Position | null {
  if (!Number.isSafeInteger(seq) || seq < 1 || seq > plan.pass.steps) return null;
  let at: Position = { block: plan, index: 0, iteration: 1, start: NOTHING, parent: null };
  for (;;) {
    const before = seq - 1 - at.start.steps;
    const found: Position = { ...at, index: lastStartingBy(at.block.nodes, before) };
    const node = nodeAt(found);
    if (node.kind === "leaf") return found;
    const passes = Math.floor((before - node.before.steps) / node.body.pass.steps);
    const start = plus(plus(found.start, node.before), node.body.pass, passes);
    at = { block: node.body, index: 0, iteration: passes + 1, start, parent: found };
  }
}

export function actionAt(position: Position): Action {
  const node = nodeAt(position);
  if (node.kind !== "leaf") throw new Error("a position always names a step that is not a loop");
  const gone = plus(position.start, node.before);
  const loopPath: number[] = [];
  for (let at = position; at.parent !== null; at = at.parent) loopPath.push(at.iteration);
  const loop = position.parent === null ? null : loopOf(position.parent);
  return {
    seq: gone.steps + 1,
    step: node.step,
    loopPath: loopPath.reverse(),
    cycle: position.block.isCycle ? position.start.cycles + 1 : null,
    plannedMs: plannedMsOf(node.step),
    plannedElapsedMs: gone.plannedMs,
    loopCount: loop?.step.iteration_count ?? null,
    loopIteration: loop === null ? null : position.iteration,
  };
}

/** Step execution `seq` of the plan; null when it has no such step. */
export function stepAt(plan: Block, seq: number): Action | null {
  const position = positionAt(plan, seq);
  return position === null ? null : actionAt(position);
}

function descend(position: Position): Position {
  let at = position;
  for (let node = nodeAt(at); node.kind === "loop"; node = nodeAt(at)) {
    at = { block: node.body, index: 0, iteration: 1, start: plus(at.start, node.before), parent: at };
  }
  return at;
}

function loopOf(position: Position): Node & { kind: "loop" } {
  const node = nodeAt(position);
  if (node.kind !== "loop") throw new Error("the parent of a position always names a loop");
  return node;
}

function nodeAt(position: Position): Node {
  const node = position.block.nodes[position.index];
  if (node === undefined)
    throw new Error(`a block of ${position.block.nodes.length} steps has no step ${position.index}`);
  return node;
}

/** Index of the last node that starts after at most `steps` step executions of the pass. */
function lastStartingBy(nodes: readonly Node[], steps: number): number {
  let low = 0;
  let high = nodes.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((nodes[middle]?.before.steps ?? Number.POSITIVE_INFINITY) <= steps) low = middle;
    else high = middle - 1;
  }
  return low;
}
