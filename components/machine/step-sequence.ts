// The steps around the one that is running, as the block of the program that holds it: stable words with a moving
// mark, readable even when a pulse lasts a tenth of a second. Guarded by step-sequence.test.ts.

import { type Program, type ProgramStep, plannedMsOf } from "#lib/model/program.ts";
import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import { type DurationMs, durationMs } from "#lib/time.ts";

export type SequenceItem = {
  id: string;
  name: string;
  kind: ProgramStep["type"];
  valveNumber: number | null;
  /** Null for a loop. */
  plannedMs: DurationMs | null;
  /** For a loop. */
  iterations: number | null;
  state: "done" | "current" | "waiting";
  measuredMs: DurationMs | null;
  isDeviation: boolean;
};

/** The block that holds the last step, each part with what became of it this time round. Empty without a program. */
export function stepSequence(
  program: Program | null,
  steps: readonly StepExecution[],
): readonly SequenceItem[] {
  const last = steps.at(-1);
  const block = program && last ? blockAround(program.steps, last.recipeStepId) : null;
  if (!block || !last) return [];
  const current = block.findIndex((step) => step.id === last.recipeStepId);
  return block.map((step, index) => {
    const done = index <= current ? lastExecution(steps, step.id, last) : null;
    return {
      id: step.id,
      name: step.name,
      kind: step.type,
      valveNumber: step.type === "valve" ? step.valve_number : null,
      plannedMs: step.type === "loop" ? null : durationMs(plannedMsOf(step)),
      iterations: step.type === "loop" ? step.iteration_count : null,
      state:
        index < current
          ? "done"
          : index === current && isStepOpen(last)
            ? "current"
            : index === current
              ? "done"
              : "waiting",
      measuredMs: done?.measuredMs ?? null,
      isDeviation: done?.isDeviation ?? false,
    };
  });
}

function blockAround(steps: readonly ProgramStep[], stepId: string | null): readonly ProgramStep[] | null {
  const pending: (readonly ProgramStep[])[] = [steps];
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    if (block.some((step) => step.id === stepId)) return block;
    for (const step of block) if (step.type === "loop") pending.push(step.children);
  }
  return null;
}

/** The execution of a part of the block in the same iteration of every loop around it. */
function lastExecution(
  steps: readonly StepExecution[],
  stepId: string,
  like: StepExecution,
): StepExecution | null {
  return (
    steps.findLast((step) => step.recipeStepId === stepId && samePath(step.loopPath, like.loopPath)) ?? null
  );
}

const samePath = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((iteration, depth) => iteration === b[depth]);
