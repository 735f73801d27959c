import type { Command } from "#lib/model/command.ts";
import type { FeedStatus } from "#lib/model/feed.ts";
import type { Lease } from "#lib/model/lease.ts";
import type { Machine, MachineState } from "#lib/model/machine.ts";
import type { Program, ProgramStep } from "#lib/model/program.ts";
import { totals } from "#lib/model/program.ts";
import type { Run, RunState } from "#lib/model/run.ts";
import { deviationOf, type StepExecution } from "#lib/model/step.ts";
import { durationMs, type EpochMs, epochMs, later } from "#lib/time.ts";

// Examples of the model for tests: a machine, a run and its steps at a fixed moment. Every field can be set.

/** 2026-11-21T08:00:00Z */
export const SAMPLE_START: EpochMs = epochMs(Date.UTC(2026, 10, 21, 8));
export const MACHINE_ID = "00000000-0000-4000-8000-000000000001";
export const RUN_ID = "00000000-0000-4000-8000-0000000000a1";
const RECIPE_ID = "00000000-0000-4000-8000-0000000000e1";

/** `cycles` cycles of pulse 1 (100 ms), purge (3 s), pulse 2 (100 ms), purge (4 s) after a wait of 10 s. */
export function sampleProgram(cycles = 3): Program {
  const steps: ProgramStep[] = [
    { id: "settle", name: "Settle", type: "wait", duration_ms: 10_000 },
    {
      id: "cycle",
      name: "Cycle",
      type: "loop",
      iteration_count: cycles,
      children: [
        { id: "tma", name: "TMA", type: "valve", valve_number: 1, duration_ms: 100 },
        { id: "purge-1", name: "Purge", type: "purge", duration_ms: 3_000, gas_type: "N2", flow_rate: 20 },
        { id: "water", name: "Water", type: "valve", valve_number: 2, duration_ms: 100 },
        { id: "purge-2", name: "Purge", type: "purge", duration_ms: 4_000, gas_type: "N2", flow_rate: 20 },
      ],
    },
  ];
  return {
    format: 1,
    recipe: {
      id: RECIPE_ID,
      name: "Al2O3",
      version: 2,
      machine_type: "thermal-ald",
      substrate: null,
      chamber_temperature_set_point: 200,
      pressure_set_point: 1,
    },
    steps,
    parameters: [],
    totals: totals(steps),
  };
}

export function sampleRun(over: Partial<Run> = {}): Run {
  const program = over.program === undefined ? sampleProgram() : over.program;
  return {
    id: RUN_ID,
    machineId: MACHINE_ID,
    recipeId: RECIPE_ID,
    recipeName: program?.recipe.name ?? null,
    recipeRevision: program?.recipe.version ?? null,
    program,
    status: "running",
    startTime: SAMPLE_START,
    endTime: null,
    operatorId: "00000000-0000-4000-8000-0000000000b1",
    driver: "simulated",
    speed: 1,
    isSimulated: true,
    errorMessage: null,
    description: null,
    totalSteps: program?.totals.steps ?? null,
    totalCycles: program?.totals.cycles ?? null,
    plannedMs: program ? durationMs(program.totals.planned_ms) : null,
    lastSeq: 0,
    deviationCount: 0,
    endReason: null,
    createdAt: SAMPLE_START,
    updatedAt: SAMPLE_START,
    ...over,
  };
}

/** A closed pulse of 100 ms that began `seq` seconds into the run; override to open it or make it something else. */
export function sampleStep(over: Partial<StepExecution> & { seq: number }): StepExecution {
  const startedAt = over.startedAt ?? later(SAMPLE_START, over.seq * 1_000);
  const plannedMs = over.plannedMs === undefined ? durationMs(100) : over.plannedMs;
  const measuredMs = over.measuredMs === undefined ? durationMs(100) : over.measuredMs;
  return {
    id: `step-${over.seq}`,
    runId: RUN_ID,
    stepNumber: over.seq,
    stepType: "valve",
    stepName: "TMA",
    recipeStepId: "tma",
    loopPath: [1],
    cycle: 1,
    valveNumber: 1,
    startedAt,
    endedAt: later(startedAt, 1_000),
    deviceStartedAt: startedAt,
    endReason: "next",
    pulse: null,
    ...over,
    plannedMs,
    measuredMs,
    ...deviationOf(plannedMs, measuredMs, over.endReason ?? null),
  };
}

/** The same step as it is while it runs. */
export const sampleOpenStep = (over: Partial<StepExecution> & { seq: number }): StepExecution =>
  sampleStep({ endedAt: null, measuredMs: null, endReason: null, ...over });

export const sampleRunState = (over: Partial<RunState> = {}): RunState => ({
  runId: RUN_ID,
  revision: 1,
  stepIndex: 0,
  overallStep: 1,
  totalSteps: 13,
  stepType: "wait",
  stepName: "Settle",
  valveNumber: null,
  loopCount: null,
  loopIteration: null,
  progress: null,
  telemetry: null,
  lastUpdated: SAMPLE_START,
  ...over,
});

export const sampleMachine = (over: Partial<Machine> = {}): Machine => ({
  id: MACHINE_ID,
  serialNumber: "ALD-01",
  name: "ALD-01",
  location: "Bay 1",
  labName: null,
  model: null,
  machineType: "thermal-ald",
  status: "processing",
  currentRunId: RUN_ID,
  version: 3,
  isVirtual: true,
  isActive: true,
  timezone: "UTC",
  updatedAt: SAMPLE_START,
  ...over,
});

export const sampleMachineState = (over: Partial<MachineState> = {}): MachineState => ({
  machineId: MACHINE_ID,
  status: "processing",
  since: SAMPLE_START,
  runId: RUN_ID,
  isFailure: false,
  failureComponent: null,
  failureDescription: null,
  updatedAt: SAMPLE_START,
  ...over,
});

export const sampleLease = (over: Partial<Lease> = {}): Lease => ({
  machineId: MACHINE_ID,
  controller: "bench-1",
  driver: "simulated",
  fenceToken: 1,
  acquiredAt: SAMPLE_START,
  renewedAt: SAMPLE_START,
  expiresAt: later(SAMPLE_START, 6_000),
  isSimulated: true,
  ...over,
});

export const sampleCommand = (over: Partial<Command> = {}): Command => ({
  id: "00000000-0000-4000-8000-0000000000c1",
  machineId: MACHINE_ID,
  runId: RUN_ID,
  kind: "stop",
  mode: "now",
  status: "requested",
  recipeId: null,
  reason: null,
  requestedBy: null,
  requestedByName: "Operator",
  requestedAt: SAMPLE_START,
  acceptedAt: null,
  executingAt: null,
  settledAt: null,
  refusalCode: null,
  refusal: null,
  refusalHint: null,
  ...over,
});

export const sampleFeedStatus = (over: Partial<FeedStatus> = {}): FeedStatus => ({
  state: "live",
  since: SAMPLE_START,
  lastEventAt: SAMPLE_START,
  lastCatchUpAt: SAMPLE_START,
  gapsHealed: 0,
  clockOffsetMs: durationMs(0),
  lostAt: null,
  trouble: null,
  reason: null,
  ...over,
});
