import type { Fields } from "#lib/model/fields.ts";
import type { Program } from "#lib/model/program.ts";
import { parseProgram } from "#lib/model/program.ts";
import {
  type Run,
  type RunProgress,
  type RunState,
  runStatuses,
  type TelemetrySample,
} from "#lib/model/run.ts";
import { durationMs, parseMoment } from "#lib/time.ts";
import { rowReader } from "./row.ts";

// A run's program is frozen when the run is made, so it is parsed once per run and not with every change of the row.
const programs = new Map<string, Program>();
const PROGRAMS_KEPT = 64;

function frozenProgram(row: Fields, runId: string): Program | null {
  const raw = row.raw("recipe_version");
  if (raw === null || raw === undefined) return null;
  const known = programs.get(runId);
  if (known) return known;
  const parsed = parseProgram(raw);
  if (!parsed.ok) return row.fail("recipe_version", parsed.message);
  if (programs.size >= PROGRAMS_KEPT)
    for (const oldest of programs.keys()) if (programs.delete(oldest)) break;
  programs.set(runId, parsed.program);
  return parsed.program;
}

/** How many device milliseconds pass per real one; nothing said means a real machine's own pace. */
function speed(parameters: Fields | null): number {
  const said = parameters?.maybeReal("speed") ?? 1;
  return said > 0 ? said : (parameters?.fail("speed", "is not above 0") ?? said);
}

export const runRow = rowReader("process_executions", (row): Run => {
  const id = row.text("id");
  const program = frozenProgram(row, id);
  const parameters = row.maybeInner("parameters");
  return {
    id,
    machineId: row.text("machine_id"),
    recipeId: row.text("recipe_id"),
    recipeName: program?.recipe.name ?? row.maybeText("recipe_name"),
    recipeRevision: program?.recipe.version ?? null,
    program,
    status: row.word("status", runStatuses),
    startTime: row.moment("start_time"),
    endTime: row.maybeMoment("end_time"),
    operatorId: row.text("operator_id"),
    driver: parameters?.maybeText("driver") ?? null,
    speed: speed(parameters),
    isSimulated: parameters?.yesOr("is_simulated", false) ?? false,
    errorMessage: row.maybeText("error_message"),
    description: row.maybeText("description"),
    totalSteps: row.maybeNumber("total_steps"),
    totalCycles: row.maybeNumber("total_cycles"),
    plannedMs: row.maybeDuration("planned_ms"),
    lastSeq: row.maybeNumber("last_seq") ?? 0,
    deviationCount: row.maybeNumber("deviation_count") ?? 0,
    endReason: row.maybeText("end_reason"),
    createdAt: row.moment("created_at"),
    updatedAt: row.moment("updated_at"),
  };
});

const progress = (row: Fields): RunProgress => ({
  totalSteps: row.maybeNumber("total_steps") ?? 0,
  completedSteps: row.maybeNumber("completed_steps") ?? 0,
  totalCycles: row.maybeNumber("total_cycles") ?? 0,
  completedCycles: row.maybeNumber("completed_cycles") ?? 0,
  plannedElapsedMs: durationMs(row.maybeNumber("planned_elapsed_ms") ?? 0),
});

/** An older controller keeps other things here; only a sweep with a time is telemetry. */
function telemetry(metrics: unknown): TelemetrySample | null {
  if (typeof metrics !== "object" || metrics === null) return null;
  const { at, values }: { at?: unknown; values?: unknown } = metrics;
  const moment = typeof at === "string" ? parseMoment(at) : null;
  return moment !== null && isSweep(values) ? { at: moment, values } : null;
}

const isSweep = (values: unknown): values is Readonly<Record<string, number>> =>
  typeof values === "object" &&
  values !== null &&
  !Array.isArray(values) &&
  Object.values(values).every(Number.isFinite);

export const runStateRow = rowReader("process_execution_state", (row): RunState => {
  const counted = row.maybeInner("progress");
  return {
    runId: row.text("execution_id"),
    revision: row.number("revision"),
    stepIndex: row.maybeNumber("current_step_index"),
    overallStep: row.maybeNumber("current_overall_step"),
    totalSteps: row.maybeNumber("total_overall_steps"),
    stepType: row.maybeText("current_step_type"),
    stepName: row.maybeText("current_step_name"),
    valveNumber: row.maybeNumber("current_valve_number"),
    loopCount: row.maybeNumber("current_loop_count"),
    loopIteration: row.maybeNumber("current_loop_iteration"),
    progress: counted && progress(counted),
    telemetry: telemetry(row.raw("process_metrics")),
    lastUpdated: row.maybeMoment("last_updated"),
  };
});
