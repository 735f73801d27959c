import { type Fields, numberOf } from "#lib/model/fields.ts";
import {
  deviationOf,
  type PulseSummary,
  type StepExecution,
  type StepType,
  stepTypes,
} from "#lib/model/step.ts";
import { rowReader } from "./row.ts";

// Older controllers write their recipe's own spelling; everything that is not one of ours counts as waiting.
const oldSpellings: Record<string, StepType> = { set_parameter: "parameter", "set parameter": "parameter" };

function stepType(row: Fields): StepType {
  const word = row.maybeText("step_type")?.toLowerCase() ?? "";
  return stepTypes.find((type) => type === word) ?? oldSpellings[word] ?? "wait";
}

const pulse = (row: Fields): PulseSummary => ({
  peakTorr: row.maybeNumber("peak_torr"),
  areaTorrS: row.maybeNumber("area_torr_s"),
  baselineTorr: row.maybeNumber("baseline_torr"),
  massGainNgCm2: row.maybeNumber("mass_gain_ng_cm2"),
});

export const stepRow = rowReader("step_execution_history", (row): StepExecution => {
  const type = stepType(row);
  const plannedMs = row.maybeDuration("planned_ms");
  const measuredMs = row.maybeDuration("measured_ms");
  const endReason = row.maybeText("end_reason");
  const pulseFields = row.maybeInner("pulse");
  return {
    id: row.text("id"),
    runId: row.text("process_id"),
    seq: row.number("seq"),
    stepNumber: row.maybeNumber("step_number"),
    stepType: type,
    stepName: row.maybeText("step_name") ?? type,
    recipeStepId: row.maybeText("recipe_step_id"),
    loopPath: row.listOr("loop_path").map((value) => numberOf(value, "loop_path")),
    cycle: row.maybeNumber("cycle"),
    valveNumber: row.maybeInner("parameters")?.maybeNumber("valve_number") ?? null,
    plannedMs,
    measuredMs,
    ...deviationOf(plannedMs, measuredMs, endReason),
    startedAt: row.moment("started_at"),
    endedAt: row.maybeMoment("ended_at"),
    deviceStartedAt: row.maybeMoment("device_started_at"),
    endReason,
    pulse: pulseFields && pulse(pulseFields),
  };
});
