import { z } from "zod";
import { deviationOf, type StepExecution, type StepType, stepTypes } from "#lib/model/step.ts";
import { maybeDuration, maybeMoment, maybeNumber, maybeText, moment, number, parseRow, text } from "./row.ts";

// Older controllers write their recipe's own spelling; everything that is not one of ours counts as waiting.
const oldSpellings: Record<string, StepType> = { set_parameter: "parameter", "set parameter": "parameter" };

const stepType = z
  .string()
  .nullish()
  .transform((value): StepType => {
    const word = (value ?? "").toLowerCase();
    return stepTypes.find((type) => type === word) ?? oldSpellings[word] ?? "wait";
  });

const pulse = z.object({
  peak_torr: maybeNumber,
  area_torr_s: maybeNumber,
  baseline_torr: maybeNumber,
  mass_gain_ng_cm2: maybeNumber,
});

const step = z
  .object({
    id: text,
    process_id: text,
    seq: number,
    step_number: maybeNumber,
    step_type: stepType,
    step_name: maybeText,
    recipe_step_id: maybeText,
    loop_path: z.array(number).nullish(),
    cycle: maybeNumber,
    planned_ms: maybeDuration,
    measured_ms: maybeDuration,
    started_at: moment,
    ended_at: maybeMoment,
    device_started_at: maybeMoment,
    end_reason: maybeText,
    pulse: pulse.nullish(),
    parameters: z.object({ valve_number: maybeNumber }).nullish(),
  })
  .transform(
    (row): StepExecution => ({
      id: row.id,
      runId: row.process_id,
      seq: row.seq,
      stepNumber: row.step_number,
      stepType: row.step_type,
      stepName: row.step_name ?? row.step_type,
      recipeStepId: row.recipe_step_id,
      loopPath: row.loop_path ?? [],
      cycle: row.cycle,
      valveNumber: row.parameters?.valve_number ?? null,
      plannedMs: row.planned_ms,
      measuredMs: row.measured_ms,
      ...deviationOf(row.planned_ms, row.measured_ms),
      startedAt: row.started_at,
      endedAt: row.ended_at,
      deviceStartedAt: row.device_started_at,
      endReason: row.end_reason,
      pulse: row.pulse
        ? {
            peakTorr: row.pulse.peak_torr,
            areaTorrS: row.pulse.area_torr_s,
            baselineTorr: row.pulse.baseline_torr,
            massGainNgCm2: row.pulse.mass_gain_ng_cm2,
          }
        : null,
    }),
  );

export const stepRow = (row: unknown): StepExecution => parseRow("step_execution_history", step, row);
