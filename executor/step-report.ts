import type { Pulse, StepResult } from "#executor/drivers/driver.ts";
import type { Action } from "#executor/engine/position.ts";
import type { LeafStep } from "#lib/model/program.ts";
import type { EpochMs } from "#lib/time.ts";

/** One step execution as `record_step` takes it; sent when it starts, and again with `measured_ms` when it ended. */
export type StepReport = {
  seq: number;
  step_type: LeafStep["type"];
  step_name: string;
  recipe_step_id: string | null;
  loop_path: number[];
  cycle: number | null;
  planned_ms: number;
  /** Planned time of everything before this step; the database keeps it as the run's progress. */
  planned_elapsed_ms?: number;
  device_started_at: string;
  measured_ms?: number;
  /** Set when the step did not run to its end. */
  end_reason?: "aborted" | "failed";
  pulse?: Pulse;
  parameters: Record<string, number | string>;
};

export function startedReport(action: Action, startedAt: EpochMs): StepReport {
  return {
    seq: action.seq,
    step_type: action.step.type,
    step_name: action.step.name,
    recipe_step_id: action.step.id,
    loop_path: action.loopPath,
    cycle: action.cycle,
    planned_ms: action.plannedMs,
    planned_elapsed_ms: action.plannedElapsedMs,
    device_started_at: isoMicros(startedAt),
    parameters: { ...stepParameters(action.step), ...loopParameters(action) },
  };
}

/** The purge that ends a run safely: after the program's own steps, and in no recipe. */
export function safeEndReport(seq: number, startedAt: EpochMs, plannedMs: number, gas: string): StepReport {
  return {
    seq,
    step_type: "purge",
    step_name: `Safe end: ${gas} purge`,
    recipe_step_id: null,
    loop_path: [],
    cycle: null,
    planned_ms: plannedMs,
    device_started_at: isoMicros(startedAt),
    parameters: { purge_duration_ms: plannedMs },
  };
}

export const endedReport = (report: StepReport, result: StepResult): StepReport => ({
  ...report,
  measured_ms: result.measuredMs,
  ...(result.pulse === null ? {} : { pulse: result.pulse }),
  ...END[result.kind],
});

const END: Record<StepResult["kind"], Pick<StepReport, "end_reason">> = {
  done: {},
  cut: { end_reason: "aborted" },
  fault: { end_reason: "failed" },
};

function stepParameters(step: LeafStep): Record<string, number | string> {
  switch (step.type) {
    case "valve":
      return { valve_number: step.valve_number, valve_duration_ms: step.duration_ms };
    case "purge":
      return { purge_duration_ms: step.duration_ms };
    case "parameter":
      return { parameter_id: step.parameter_id, parameter_value: step.target_value };
    case "wait":
      return {};
  }
}

function loopParameters({ loopCount, loopIteration }: Action): Record<string, number> {
  return loopCount === null || loopIteration === null
    ? {}
    : { loop_count: loopCount, loop_iteration: loopIteration };
}

/** ISO 8601 in UTC with microseconds, the precision Postgres keeps. */
export function isoMicros(at: EpochMs): string {
  const micros = Math.round(at * 1000);
  const whole = Math.floor(micros / 1000);
  return `${new Date(whole).toISOString().slice(0, -1)}${String(micros - whole * 1000).padStart(3, "0")}Z`;
}
