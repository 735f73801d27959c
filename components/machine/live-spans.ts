// Step executions as the spans and lanes that the timeline draws, so that a run looks the same live and afterwards.
// Guarded by live-spans.test.ts.

import { groupLanes, type Lane } from "#components/timeline/lanes.ts";
import type { Program, ProgramStep } from "#lib/model/program.ts";
import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import type { TimelineSpan } from "#lib/model/timeline.ts";
import type { EpochMs } from "#lib/time.ts";

/** Steps on the controller's clock, in ms from `origin` (the run's first step). Steps without a device time are left out. */
export function liveSpans(steps: readonly StepExecution[], origin: EpochMs): readonly TimelineSpan[] {
  return steps.flatMap((step, index) => {
    if (step.deviceStartedAt === null) return [];
    const startMs = step.deviceStartedAt - origin;
    return {
      lane: laneKey(step.stepType, step.valveNumber),
      startMs,
      endMs: endOf(step, steps[index + 1] ?? null, startMs, origin),
      count: 1,
      seq: step.seq,
      name: step.stepName,
      stepType: step.stepType,
      plannedMs: step.plannedMs,
      measuredMs: step.measuredMs,
      worstDeviationMs: step.deviationMs,
      deviations: step.isDeviation ? 1 : 0,
      isOpen: isStepOpen(step),
    };
  });
}

/** Measured if the controller said so; else up to the next step; else, for the open one, nothing yet. */
function endOf(step: StepExecution, next: StepExecution | null, startMs: number, origin: EpochMs): number {
  if (step.measuredMs !== null) return startMs + step.measuredMs;
  if (next?.deviceStartedAt != null) return next.deviceStartedAt - origin;
  return startMs;
}

export const laneKey = (stepType: string, valveNumber: number | null): string =>
  stepType === "valve" && valveNumber !== null ? `valve ${valveNumber}` : stepType;

/** Every lane the recipe will ever use, in its place from the start, with the spans known now. */
export function liveLanes(spans: readonly TimelineSpan[], program: Program | null): readonly Lane[] {
  const seen = groupLanes(spans);
  const planned = program ? programLanes(program) : new Map<string, string | null>();
  const keys = new Set([...planned.keys(), ...seen.map((lane) => lane.key)]);
  const blank = [...keys].map((key) => emptySpan(key));
  return groupLanes(blank).map((lane) => {
    const known = seen.find((each) => each.key === lane.key);
    return { ...lane, note: planned.get(lane.key) ?? known?.note ?? null, spans: known?.spans ?? [] };
  });
}

/** Lane → the name of its steps, null when they differ. Parameter and wait steps share their lanes with nothing else. */
function programLanes(program: Program): Map<string, string | null> {
  const lanes = new Map<string, string | null>();
  const pending: ProgramStep[] = [...program.steps];
  for (let step = pending.shift(); step !== undefined; step = pending.shift()) {
    if (step.type === "loop") {
      pending.push(...step.children);
      continue;
    }
    const key = laneKey(step.type, step.type === "valve" ? step.valve_number : null);
    lanes.set(key, lanes.has(key) && lanes.get(key) !== step.name ? null : step.name);
  }
  return lanes;
}

/** Stands for a lane that holds nothing yet, only to let `groupLanes` put it in order and name it. */
const emptySpan = (lane: string): TimelineSpan => ({
  lane,
  startMs: 0,
  endMs: 0,
  count: 0,
  seq: 0,
  name: "",
  stepType: lane,
  plannedMs: null,
  measuredMs: null,
  worstDeviationMs: null,
  deviations: 0,
  isOpen: false,
});

/** Where each cycle known here begins, in ms from `origin`. */
export function cycleStarts(
  steps: readonly StepExecution[],
  origin: EpochMs,
): readonly { cycle: number; atMs: number }[] {
  const starts: { cycle: number; atMs: number }[] = [];
  let last: number | null = null;
  for (const step of steps) {
    if (step.cycle !== null && step.cycle !== last && step.deviceStartedAt !== null) {
      starts.push({ cycle: step.cycle, atMs: step.deviceStartedAt - origin });
    }
    last = step.cycle;
  }
  return starts;
}
