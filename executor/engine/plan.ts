import {
  isCycleLoop,
  type LeafStep,
  type LoopStep,
  type Program,
  type ProgramStep,
  plannedMsOf,
} from "#lib/model/program.ts";

/** What has gone by: step executions, whole cycles and planned milliseconds. */
export type Amount = { readonly steps: number; readonly cycles: number; readonly plannedMs: number };

/** One step of a block; `before` is what the steps before it in one pass of the block amount to. */
export type Node =
  | { readonly kind: "leaf"; readonly step: LeafStep; readonly before: Amount }
  | { readonly kind: "loop"; readonly step: LoopStep; readonly before: Amount; readonly body: Block };

/** The steps of the program or of a loop, with what one pass through them amounts to. Never empty. */
export type Block = { readonly nodes: readonly Node[]; readonly pass: Amount; readonly isCycle: boolean };

export const NOTHING: Amount = { steps: 0, cycles: 0, plannedMs: 0 };

export const plus = (a: Amount, b: Amount, times = 1): Amount => ({
  steps: a.steps + times * b.steps,
  cycles: a.cycles + times * b.cycles,
  plannedMs: a.plannedMs + times * b.plannedMs,
});

/**
 * Prepares a parsed program for playing: its memory is that of the stored program, however often loops repeat.
 * Loops are finished innermost first, without recursion, so nesting is not limited by the stack.
 */
export function planOf(program: Pick<Program, "steps">): Block {
  const loops: LoopStep[] = [];
  const pending: (readonly ProgramStep[])[] = [program.steps];
  for (let steps = pending.pop(); steps !== undefined; steps = pending.pop()) {
    for (const step of steps) {
      if (step.type !== "loop") continue;
      loops.push(step);
      pending.push(step.children);
    }
  }
  const bodies = new Map<LoopStep, Block>();
  for (const loop of loops.reverse()) bodies.set(loop, blockOf(loop.children, bodies, isCycleLoop(loop)));
  return blockOf(program.steps, bodies, false);
}

function blockOf(
  steps: readonly ProgramStep[],
  bodies: ReadonlyMap<LoopStep, Block>,
  isCycle: boolean,
): Block {
  if (steps.length === 0)
    throw new Error("a plan needs a program that parseProgram accepted: a block has no steps");
  const nodes: Node[] = [];
  let before = NOTHING;
  for (const step of steps) {
    if (step.type !== "loop") {
      nodes.push({ kind: "leaf", step, before });
      before = plus(before, { steps: 1, cycles: 0, plannedMs: plannedMsOf(step) });
      continue;
    }
    const body = bodies.get(step);
    if (body === undefined) throw new Error("a loop was not prepared before the block that holds it");
    nodes.push({ kind: "loop", step, before, body });
    before = plus(before, body.pass, step.iteration_count);
  }
  return { nodes, pass: isCycle ? { ...before, cycles: 1 } : before, isCycle };
}
