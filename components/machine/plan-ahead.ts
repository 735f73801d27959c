// What the recipe does next, right of now. Guarded by plan-ahead.test.ts.

import type { Ghost } from "#components/machine/draw-live.ts";
import { laneKey } from "#components/machine/live-spans.ts";
import type { Lane } from "#components/timeline/lanes.ts";
import { type Program, plannedMsOf } from "#lib/model/program.ts";
import type { StepExecution } from "#lib/model/step.ts";
import type { EpochMs } from "#lib/time.ts";
import { deviceStart, openStep } from "#lib/view/device-clock.ts";
import { type Moment, nextMoment } from "#lib/view/program-walk.ts";

/** Enough for the plan's share of the picture, whatever the recipe. */
const MOST_GHOSTS = 200;

/** The steps after the open one as the plan has them, up to `horizonMs` beyond its beginning. */
export function planAhead(
  program: Program | null,
  steps: readonly StepExecution[],
  lanes: readonly Lane[],
  origin: EpochMs,
  horizonMs: number,
): readonly Ghost[] {
  const open = openStep(steps);
  if (!program || !open || open.plannedMs === null) return [];
  const laneOf = new Map(lanes.map((lane, index) => [lane.key, index]));
  const fromMs = deviceStart(open) - origin;
  const ghosts: Ghost[] = [];
  let at = fromMs + open.plannedMs;
  let moment = nextMoment(program, open.recipeStepId, open.loopPath);
  while (isMoment(moment) && at - fromMs < horizonMs && ghosts.length < MOST_GHOSTS) {
    const { step } = moment;
    const laneIndex = laneOf.get(laneKey(step.type, step.type === "valve" ? step.valve_number : null));
    const endMs = at + plannedMsOf(step);
    if (laneIndex !== undefined) ghosts.push({ laneIndex, startMs: at, endMs });
    at = endMs;
    moment = nextMoment(program, step.id, moment.loopPath);
  }
  return ghosts;
}

const isMoment = (moment: Moment | "end" | null): moment is Moment => moment !== null && moment !== "end";
