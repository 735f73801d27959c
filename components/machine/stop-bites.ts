// Where a stop will bite, in words, worked out from what the screen knows. A courtesy: the controller decides.
// Guarded by stop-bites.test.ts.

import type { StopMode } from "#lib/model/command.ts";
import {
  isCycleLoop,
  type LoopStep,
  type Program,
  type ProgramStep,
  plannedMsOf,
} from "#lib/model/program.ts";
import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import { type DurationMs, durationMs, type EpochMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

export type StopBite = { mode: StopMode; title: string; consequence: string };

export type StopScene = {
  program: Program | null;
  steps: readonly StepExecution[];
  /** Now on the controller's clock; null when no step has been reported. */
  deviceNow: EpochMs | null;
  totalCycles: number | null;
};

const SAFE_END = "then the safe end: precursor valves closed, purge, idle";

/** The two ways to stop, each with the moment and the effect. */
export function stopBites(scene: StopScene): readonly StopBite[] {
  const open = scene.steps.findLast(isStepOpen) ?? null;
  return [
    {
      mode: "now",
      title: "Now, with safe end",
      consequence: open
        ? `Cuts “${open.stepName}” short at step ${open.seq}, ${SAFE_END}.`
        : `Takes effect before the next step, ${SAFE_END}.`,
    },
    { mode: "end_of_cycle", title: "At the end of this cycle", consequence: endOfCycle(scene, open) },
  ];
}

function endOfCycle(scene: StopScene, open: StepExecution | null): string {
  if (open === null || open.cycle === null) {
    return `No cycle is open now: takes effect once the running step has ended, ${SAFE_END}.`;
  }
  const of = scene.totalCycles === null ? "" : ` of ${formatCount(scene.totalCycles)}`;
  const left = cycleLeft(scene, open);
  const when = left === null ? "" : left > 0 ? `, in about ${formatDuration(left)}` : ", which is due now";
  return `Finishes cycle ${formatCount(open.cycle)}${of}${when}, ${SAFE_END}.`;
}

/** What the plan leaves of the open cycle; null when the program or the cycle's beginning is not known here. */
export function cycleLeft(scene: StopScene, open: StepExecution): DurationMs | null {
  const loop = scene.program && loopAround(scene.program.steps, open.recipeStepId);
  const first = scene.steps.find((step) => step.cycle === open.cycle);
  if (!loop || !first?.deviceStartedAt || scene.deviceNow === null) return null;
  const isWhole = first.recipeStepId === loop.children[0]?.id;
  if (!isWhole) return null;
  const planned = loop.children.reduce(
    (sum, child) => sum + (child.type === "loop" ? 0 : plannedMsOf(child)),
    0,
  );
  return durationMs(Math.max(0, planned - (scene.deviceNow - first.deviceStartedAt)));
}

/** The loop of one cycle that holds this recipe step; null when it is in none. */
export function loopAround(steps: readonly ProgramStep[], stepId: string | null): LoopStep | null {
  const pending = [...steps];
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    if (step.type !== "loop") continue;
    if (isCycleLoop(step) && step.children.some((child) => child.id === stepId)) return step;
    pending.push(...step.children);
  }
  return null;
}
