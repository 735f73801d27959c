import { z } from "zod";
import type { Program } from "#lib/model/program.ts";
import { parseProgram } from "#lib/model/program.ts";
import { type Run, type RunProgress, type RunState, type RunSummary, runStatuses } from "#lib/model/run.ts";
import { durationMs } from "#lib/time.ts";
import {
  maybeBool,
  maybeDuration,
  maybeMoment,
  maybeNumber,
  maybeText,
  moment,
  number,
  parseRow,
  RowFault,
  text,
} from "./row.ts";

// A run's program is frozen when the run is made, so it is parsed once per run and not with every change of the row.
const programs = new Map<string, Program>();
const PROGRAMS_KEPT = 64;

function frozenProgram(runId: string, raw: unknown): Program | null {
  if (raw === null || raw === undefined) return null;
  const known = programs.get(runId);
  if (known) return known;
  const parsed = parseProgram(raw);
  if (!parsed.ok) throw new RowFault("process_executions", "recipe_version", parsed.message);
  if (programs.size >= PROGRAMS_KEPT)
    for (const oldest of programs.keys()) if (programs.delete(oldest)) break;
  programs.set(runId, parsed.program);
  return parsed.program;
}

const runParameters = z.object({
  driver: maybeText,
  speed: z
    .number()
    .positive()
    .nullish()
    .transform((v) => v ?? 1),
  is_simulated: maybeBool(false),
});

const run = z
  .object({
    id: text,
    machine_id: text,
    recipe_id: text,
    recipe_version: z.unknown().optional(),
    recipe_name: maybeText,
    status: z.enum(runStatuses),
    start_time: moment,
    end_time: maybeMoment,
    operator_id: text,
    parameters: runParameters.nullish(),
    error_message: maybeText,
    description: maybeText,
    total_steps: maybeNumber,
    total_cycles: maybeNumber,
    planned_ms: maybeDuration,
    last_seq: maybeNumber,
    deviation_count: maybeNumber,
    end_reason: maybeText,
    created_at: moment,
    updated_at: moment,
  })
  .transform((row): Run => {
    const program = frozenProgram(row.id, row.recipe_version);
    return {
      id: row.id,
      machineId: row.machine_id,
      recipeId: row.recipe_id,
      recipeName: program?.recipe.name ?? row.recipe_name,
      recipeRevision: program?.recipe.version ?? null,
      program,
      status: row.status,
      startTime: row.start_time,
      endTime: row.end_time,
      operatorId: row.operator_id,
      driver: row.parameters?.driver ?? null,
      speed: row.parameters?.speed ?? 1,
      isSimulated: row.parameters?.is_simulated ?? false,
      errorMessage: row.error_message,
      description: row.description,
      totalSteps: row.total_steps,
      totalCycles: row.total_cycles,
      plannedMs: row.planned_ms,
      lastSeq: row.last_seq ?? 0,
      deviationCount: row.deviation_count ?? 0,
      endReason: row.end_reason,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    };
  });

const progress = z
  .object({
    total_steps: maybeNumber,
    completed_steps: maybeNumber,
    total_cycles: maybeNumber,
    completed_cycles: maybeNumber,
    planned_elapsed_ms: maybeNumber,
  })
  .transform(
    (row): RunProgress => ({
      totalSteps: row.total_steps ?? 0,
      completedSteps: row.completed_steps ?? 0,
      totalCycles: row.total_cycles ?? 0,
      completedCycles: row.completed_cycles ?? 0,
      plannedElapsedMs: durationMs(row.planned_elapsed_ms ?? 0),
    }),
  );

const telemetry = z.object({ at: moment, values: z.record(z.string(), z.number()) });

const runState = z
  .object({
    execution_id: text,
    revision: number,
    current_step_index: maybeNumber,
    current_overall_step: maybeNumber,
    total_overall_steps: maybeNumber,
    current_step_type: maybeText,
    current_step_name: maybeText,
    current_valve_number: maybeNumber,
    current_loop_count: maybeNumber,
    current_loop_iteration: maybeNumber,
    progress: progress.nullish(),
    // An older controller keeps other things here; only a sweep with a time is telemetry.
    process_metrics: z.union([telemetry, z.unknown().transform(() => null)]).nullish(),
    last_updated: maybeMoment,
  })
  .transform(
    (row): RunState => ({
      runId: row.execution_id,
      revision: row.revision,
      stepIndex: row.current_step_index,
      overallStep: row.current_overall_step,
      totalSteps: row.total_overall_steps,
      stepType: row.current_step_type,
      stepName: row.current_step_name,
      valveNumber: row.current_valve_number,
      loopCount: row.current_loop_count,
      loopIteration: row.current_loop_iteration,
      progress: row.progress ?? null,
      telemetry: row.process_metrics ?? null,
      lastUpdated: row.last_updated,
    }),
  );

const summary = z
  .object({
    run_id: text,
    machine_id: text,
    machine_name: maybeText,
    serial_number: text,
    recipe_id: text,
    recipe_name: maybeText,
    recipe_revision: maybeNumber,
    operator_id: text,
    operator_name: maybeText,
    status: z.enum(runStatuses),
    start_time: moment,
    end_time: maybeMoment,
    total_steps: maybeNumber,
    total_cycles: maybeNumber,
    planned_ms: maybeDuration,
    last_seq: maybeNumber,
    deviation_count: maybeNumber,
    end_reason: maybeText,
    error_message: maybeText,
    is_simulated: maybeBool(false),
  })
  .transform(
    (row): RunSummary => ({
      runId: row.run_id,
      machineId: row.machine_id,
      machineName: row.machine_name ?? row.serial_number,
      serialNumber: row.serial_number,
      recipeId: row.recipe_id,
      recipeName: row.recipe_name ?? "(unnamed recipe)",
      recipeRevision: row.recipe_revision,
      operatorId: row.operator_id,
      operatorName: row.operator_name,
      status: row.status,
      startTime: row.start_time,
      endTime: row.end_time,
      totalSteps: row.total_steps,
      totalCycles: row.total_cycles,
      plannedMs: row.planned_ms,
      lastSeq: row.last_seq ?? 0,
      deviationCount: row.deviation_count ?? 0,
      endReason: row.end_reason,
      errorMessage: row.error_message,
      isSimulated: row.is_simulated,
    }),
  );

export const runRow = (row: unknown): Run => parseRow("process_executions", run, row);
export const runStateRow = (row: unknown): RunState => parseRow("process_execution_state", runState, row);
export const runSummaryRow = (row: unknown): RunSummary => parseRow("runs_overview", summary, row);
