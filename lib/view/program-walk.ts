import {
  type LeafStep,
  type LoopStep,
  type Program,
  type ProgramStep,
  plannedMsOf,
  totals,
} from "#lib/model/program.ts";

// Where a step execution stands in its frozen program. A place is the chain of blocks from the program down to the
// step; with the iterations of its loops it is one moment of the run. Guarded by program-walk.test.ts.

type Block = {
  steps: readonly ProgramStep[];
  /** Planned ms of one pass up to each step. */
  before: readonly number[];
  passMs: number;
};
type Level = { loop: LoopStep | null; block: Block; index: number };
type Place = { step: LeafStep; levels: readonly Level[] };

/** A moment of a run: a step of the program and the iteration of every loop around it, outermost first, 1-based. */
export type Moment = { step: LeafStep; loopPath: readonly number[] };
export type Crumb = { name: string; iteration: number | null; count: number };

const places = new WeakMap<Program, ReadonlyMap<string, Place>>();

function placesOf(program: Program): ReadonlyMap<string, Place> {
  const known = places.get(program);
  if (known) return known;
  const found = new Map<string, Place>();
  const pending: { steps: readonly ProgramStep[]; loop: LoopStep | null; above: readonly Level[] }[] = [
    { steps: program.steps, loop: null, above: [] },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const block = blockOf(next.steps);
    for (const [index, step] of next.steps.entries()) {
      const levels = [...next.above, { loop: next.loop, block, index }];
      if (step.type === "loop") pending.push({ steps: step.children, loop: step, above: levels });
      else found.set(step.id, { step, levels });
    }
  }
  places.set(program, found);
  return found;
}

function blockOf(steps: readonly ProgramStep[]): Block {
  const before: number[] = [];
  let passMs = 0;
  for (const step of steps) {
    before.push(passMs);
    passMs += step.type === "loop" ? totals([step]).planned_ms : plannedMsOf(step);
  }
  return { steps, before, passMs };
}

/** The loops around a step with their iterations, outermost first; empty when the program does not know the step. */
export function breadcrumb(program: Program, stepId: string | null, loopPath: readonly number[]): Crumb[] {
  const place = stepId === null ? undefined : placesOf(program).get(stepId);
  const loops = (place?.levels ?? []).flatMap((level) => (level.loop === null ? [] : [level.loop]));
  return loops.map((loop, depth) => ({
    name: loop.name,
    iteration: loopPath[depth] ?? null,
    count: loop.iteration_count,
  }));
}

/** Planned ms of everything before this moment; null when the program does not know the step. */
export function plannedBefore(
  program: Program,
  stepId: string | null,
  loopPath: readonly number[],
): number | null {
  const place = stepId === null ? undefined : placesOf(program).get(stepId);
  if (place === undefined) return null;
  return place.levels.reduce((sum, { loop, block, index }, depth) => {
    const passes = loop === null ? 0 : (loopPath[depth - 1] ?? 1) - 1;
    return sum + passes * block.passMs + (block.before[index] ?? 0);
  }, 0);
}

/** What comes after this moment: the next step, "end" after the last, null when the program does not know the step. */
export function nextMoment(
  program: Program,
  stepId: string | null,
  loopPath: readonly number[],
): Moment | "end" | null {
  const place = stepId === null ? undefined : placesOf(program).get(stepId);
  if (place === undefined) return null;
  for (let depth = place.levels.length - 1; depth >= 0; depth -= 1) {
    const level = place.levels[depth];
    if (level === undefined) break;
    const around = loopPath.slice(0, depth);
    const sibling = level.block.steps[level.index + 1];
    if (sibling) return firstOf(sibling, around);
    const iteration = loopPath[depth - 1] ?? 1;
    const first = level.block.steps[0];
    if (level.loop && first && iteration < level.loop.iteration_count) {
      return firstOf(first, [...loopPath.slice(0, depth - 1), iteration + 1]);
    }
  }
  return "end";
}

/** The first step of the program. */
export function firstMoment(program: Program): Moment | null {
  const first = program.steps[0];
  return first === undefined ? null : firstOf(first, []);
}

function firstOf(step: ProgramStep, loopPath: readonly number[]): Moment | null {
  let path = loopPath;
  let at: ProgramStep | undefined = step;
  while (at?.type === "loop") {
    path = [...path, 1];
    at = at.children[0];
  }
  return at === undefined ? null : { step: at, loopPath: path };
}
