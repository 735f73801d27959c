import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import type { ExportedRun } from "#lib/view/step-csv.ts";

// A run as a trace that Perfetto opens (ui.perfetto.dev, Trace Event Format): a track per valve and kind of step, times and
// durations in microseconds from the run's first step by the controller's clock.

/** What comes before the steps. */
export const traceHead = (run: ExportedRun): string =>
  `{"displayTimeUnit":"ms","otherData":${JSON.stringify({ machine: run.machine, recipe: run.recipe, origin: run.origin })},"traceEvents":[${JSON.stringify(
    { ph: "M", name: "process_name", pid: 1, args: { name: `${run.machine} (${run.origin})` } },
  )}`;

export const TRACE_FOOT = "]}";

/** Writes steps as events, and names each track the first time it is met. One for each trace. */
export function traceWriter(run: ExportedRun): (steps: readonly StepExecution[]) => string {
  const tracks = new Map<string, number>();
  const trackOf = (name: string, out: object[]): number => {
    const known = tracks.get(name);
    if (known !== undefined) return known;
    const made = tracks.size + 1;
    tracks.set(name, made);
    out.push({ ph: "M", name: "thread_name", pid: 1, tid: made, args: { name } });
    return made;
  };
  return (steps) => {
    const events: object[] = [];
    for (const step of steps) {
      if (run.begins === null || step.deviceStartedAt === null) continue;
      const tid = trackOf(trackName(step), events);
      events.push(eventOf(step, step.deviceStartedAt - run.begins, tid));
    }
    return events.map((event) => `,${JSON.stringify(event)}`).join("");
  };
}

const trackName = (step: StepExecution): string =>
  step.valveNumber === null ? step.stepType : `valve ${step.valveNumber}`;

function eventOf(step: StepExecution, startMs: number, tid: number): object {
  const lasted = step.measuredMs ?? (step.endedAt === null ? null : step.endedAt - step.startedAt);
  const event = { name: step.stepName, cat: step.stepType, pid: 1, tid, ts: Math.round(startMs * 1000) };
  const args = {
    seq: step.seq,
    cycle: step.cycle,
    planned_ms: step.plannedMs,
    measured_ms: step.measuredMs,
    deviation_ms: step.deviationMs,
    is_deviation: step.isDeviation,
  };
  // A step without an end begins and does not end.
  if (isStepOpen(step) || lasted === null) return { ...event, ph: "B", args };
  return { ...event, ph: "X", dur: Math.round(lasted * 1000), args };
}
