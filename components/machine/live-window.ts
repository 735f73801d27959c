import { loopAround } from "#components/machine/stop-bites.ts";
import { type Program, plannedMsOf } from "#lib/model/program.ts";
import type { StepExecution } from "#lib/model/step.ts";

/** How many cycles the live lanes show. */
export const CYCLE_CHOICES = [3, 10, 30] as const;
export type CycleChoice = (typeof CYCLE_CHOICES)[number];

const WITHOUT_CYCLES_MS = 60_000;
const NARROWEST_MS = 5_000;
/** A fast replay would race past; this many real milliseconds stay in sight. */
const READABLE_REAL_MS = 6_000;

/**
 * How much of the controller's time the lanes show: so many planned cycles of the loop that is running, or a minute
 * where there is none. The plan is used, not the measured cycle, so that the scale stays still.
 */
export function liveSpanMs(
  cycles: CycleChoice,
  program: Program | null,
  step: StepExecution | null,
  speed: number,
): number {
  const loop = program && step ? loopAround(program.steps, step.recipeStepId) : null;
  const cycleMs = loop?.children.reduce(
    (sum, child) => sum + (child.type === "loop" ? 0 : plannedMsOf(child)),
    0,
  );
  const wanted = cycleMs ? cycles * cycleMs : WITHOUT_CYCLES_MS * (cycles / CYCLE_CHOICES[0]);
  return Math.max(wanted, NARROWEST_MS, READABLE_REAL_MS * speed);
}

/**
 * How much the lanes show of a run that has ended: its last so many cycles whole, and all that came after them. `shownMs`
 * where that is more, or where there is no cycle.
 */
export function endedSpanMs(
  cycles: CycleChoice,
  starts: readonly { atMs: number }[],
  endMs: number,
  shownMs: number,
): number {
  const first = starts.at(-cycles) ?? starts[0];
  return first === undefined ? shownMs : Math.max(shownMs, (endMs - first.atMs) / (1 - 2 * MARGIN));
}

/** This share of the picture, right of now, belongs to the plan. */
export const AHEAD = 0.12;
/** A run that has ended has nothing ahead; its end, as every run's beginning, only keeps off the edge. */
export const MARGIN = 0.02;

/** The stretch in sight. A young run fills it from the left; then the picture flows past a standing edge. */
export function livePlace(nowMs: number, spanMs: number, ahead: number): { fromMs: number; toMs: number } {
  const fromMs = Math.max(nowMs - spanMs * (1 - ahead), -spanMs * MARGIN);
  return { fromMs, toMs: fromMs + spanMs };
}
