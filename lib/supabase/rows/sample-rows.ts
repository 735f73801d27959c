import type { StepExecution } from "#lib/model/step.ts";
import { type EpochMs, isoMoment } from "#lib/time.ts";

// Rows as the database sends them, for tests of everything that reads rows.

type Row = Record<string, unknown>;
const at = "2026-11-21T08:00:00+00:00";

export const machineSample = (over: Row = {}): Row => ({
  id: "00000000-0000-4000-8000-000000000001",
  serial_number: "ALD-01",
  name: "ALD-01",
  location: "",
  lab_name: "",
  model: "",
  machine_type: "thermal-ald",
  status: "processing",
  current_process_id: "00000000-0000-4000-8000-0000000000a1",
  version: 3,
  is_virtual: true,
  is_active: true,
  timezone: "UTC",
  created_at: at,
  updated_at: at,
  ...over,
});

export const machineStateSample = (over: Row = {}): Row => ({
  machine_id: "00000000-0000-4000-8000-000000000001",
  current_state: "processing",
  state_since: at,
  process_id: "00000000-0000-4000-8000-0000000000a1",
  is_failure_mode: false,
  failure_component: null,
  failure_description: null,
  updated_at: at,
  ...over,
});

export const leaseSample = (over: Row = {}): Row => ({
  machine_id: "00000000-0000-4000-8000-000000000001",
  controller: "bench-1",
  driver: "simulated",
  is_simulated: true,
  fence_token: 1,
  acquired_at: at,
  renewed_at: at,
  expires_at: at,
  ...over,
});

export const runSample = (over: Row = {}): Row => ({
  id: "00000000-0000-4000-8000-0000000000a1",
  session_id: "00000000-0000-4000-8000-0000000000d1",
  machine_id: "00000000-0000-4000-8000-000000000001",
  recipe_id: "00000000-0000-4000-8000-0000000000e1",
  start_time: at,
  end_time: null,
  operator_id: "00000000-0000-4000-8000-0000000000b1",
  status: "running",
  parameters: { driver: "simulated", speed: 1, is_simulated: true },
  error_message: null,
  description: null,
  end_reason: null,
  total_steps: 13,
  total_cycles: 3,
  planned_ms: 31_600,
  last_seq: 0,
  deviation_count: 0,
  created_at: at,
  updated_at: at,
  ...over,
});

export const runStateSample = (over: Row = {}): Row => ({
  id: "00000000-0000-4000-8000-0000000000f1",
  execution_id: "00000000-0000-4000-8000-0000000000a1",
  current_step_index: 0,
  current_overall_step: 1,
  total_overall_steps: 13,
  current_step_type: "wait",
  current_step_name: "Settle",
  progress: { total_steps: 13, completed_steps: 0 },
  process_metrics: null,
  revision: 1,
  last_updated: at,
  ...over,
});

export const commandSample = (over: Row = {}): Row => ({
  id: "00000000-0000-4000-8000-0000000000c1",
  machine_id: "00000000-0000-4000-8000-000000000001",
  run_id: "00000000-0000-4000-8000-0000000000a1",
  kind: "stop",
  mode: "now",
  status: "requested",
  requested_at: at,
  ...over,
});

/** The row that holds this step. */
export const stepSample = (step: StepExecution): Row => ({
  id: step.id,
  process_id: step.runId,
  seq: step.seq,
  step_number: step.stepNumber,
  step_type: step.stepType,
  step_name: step.stepName,
  started_at: isoMoment(step.startedAt),
  ended_at: iso(step.endedAt),
  parameters: step.valveNumber === null ? {} : { valve_number: step.valveNumber },
  recipe_step_id: step.recipeStepId,
  loop_path: step.loopPath,
  cycle: step.cycle,
  planned_ms: step.plannedMs,
  measured_ms: step.measuredMs,
  device_started_at: iso(step.deviceStartedAt),
  end_reason: step.endReason,
  pulse: null,
});

const iso = (moment: EpochMs | null): string | null => (moment === null ? null : isoMoment(moment));
