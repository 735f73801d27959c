// Rows for tests of the machine page: whole, plain, each field replaceable.

import type { Command } from "#lib/model/command.ts";
import type { Lease } from "#lib/model/lease.ts";
import type { Machine } from "#lib/model/machine.ts";
import type { Person } from "#lib/model/person.ts";
import type { Program, ProgramStep } from "#lib/model/program.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { durationMs, type EpochMs, epochMs } from "#lib/time.ts";

const MACHINE_ID = "0a4d3f0e-0000-4000-8000-000000000001";
const RUN_ID = "0a4d3f0e-0000-4000-8000-000000000002";

export const machineFixture = (over: Partial<Machine> = {}): Machine => ({
  id: MACHINE_ID,
  serialNumber: "SN-1",
  name: "ALD-01",
  location: "Bay 2",
  labName: "Cleanroom",
  model: "R200",
  machineType: "thermal",
  status: "idle",
  currentRunId: null,
  version: 1,
  isVirtual: true,
  isActive: true,
  timezone: "UTC",
  updatedAt: epochMs(0),
  ...over,
});

export const leaseFixture = (over: Partial<Lease> = {}): Lease => ({
  machineId: MACHINE_ID,
  controller: "executor-1",
  driver: "simulated",
  fenceToken: 1,
  acquiredAt: epochMs(0),
  renewedAt: epochMs(0),
  expiresAt: epochMs(6000),
  isSimulated: true,
  ...over,
});

export const personFixture = (over: Partial<Person> = {}): Person => ({
  id: "0a4d3f0e-0000-4000-8000-000000000003",
  email: "operator@pulseboard.local",
  name: "Olga Operator",
  role: "operator",
  isActive: true,
  machineIds: [MACHINE_ID],
  ...over,
});

export const commandFixture = (over: Partial<Command> = {}): Command => ({
  id: "0a4d3f0e-0000-4000-8000-000000000004",
  machineId: MACHINE_ID,
  runId: RUN_ID,
  kind: "stop",
  mode: "now",
  status: "requested",
  recipeId: null,
  reason: null,
  requestedBy: null,
  requestedByName: null,
  requestedAt: epochMs(0),
  acceptedAt: null,
  executingAt: null,
  settledAt: null,
  refusalCode: null,
  refusal: null,
  refusalHint: null,
  ...over,
});

export const stepFixture = (over: Partial<StepExecution> & { seq: number }): StepExecution => ({
  id: `step-${over.seq}`,
  runId: RUN_ID,
  stepNumber: over.seq,
  stepType: "purge",
  stepName: "Purge",
  recipeStepId: null,
  loopPath: [],
  cycle: null,
  valveNumber: null,
  plannedMs: durationMs(1000),
  measuredMs: null,
  deviationMs: null,
  isDeviation: false,
  startedAt: epochMs(0),
  endedAt: epochMs(1),
  deviceStartedAt: epochMs(0),
  endReason: null,
  pulse: null,
  ...over,
});

const leaf = (id: string, name: string, ms: number, valve: number | null): ProgramStep =>
  valve === null
    ? { id, name, type: "purge", duration_ms: ms, gas_type: "N2", flow_rate: 150 }
    : { id, name, type: "valve", duration_ms: ms, valve_number: valve };

/** Preheat, then 2 × [3 × (A pulse 100, A purge 3000, B pulse 100, B purge 4000)], then a final purge. */
export const programFixture = (): Program => ({
  format: 1,
  recipe: {
    id: "0a4d3f0e-0000-4000-8000-000000000005",
    name: "Nanolaminate",
    version: 3,
    machine_type: "thermal",
    substrate: "Si 100",
    chamber_temperature_set_point: 200,
    pressure_set_point: 1.8,
  },
  steps: [
    { id: "preheat", name: "Preheat", type: "wait", duration_ms: 5000 },
    {
      id: "outer",
      name: "Stack",
      type: "loop",
      iteration_count: 2,
      children: [
        {
          id: "inner",
          name: "Alumina",
          type: "loop",
          iteration_count: 3,
          children: [
            leaf("a", "TMA pulse", 100, 1),
            leaf("a-purge", "Purge after TMA", 3000, null),
            leaf("b", "Water pulse", 100, 2),
            leaf("b-purge", "Purge after water", 4000, null),
          ],
        },
      ],
    },
    leaf("final", "Final purge", 10_000, null),
  ],
  parameters: [],
  totals: { steps: 26, cycles: 6, planned_ms: 58_200 },
});

/** A step of the fixture's cycle: `index` 0..3 within `cycle` 1..6, on time. */
export function cycleStep(
  cycle: number,
  index: 0 | 1 | 2 | 3,
  startedAt: EpochMs,
  isOpen: boolean,
): StepExecution {
  const part = [
    { id: "a", name: "TMA pulse", ms: 100, valve: 1 },
    { id: "a-purge", name: "Purge after TMA", ms: 3000, valve: null },
    { id: "b", name: "Water pulse", ms: 100, valve: 2 },
    { id: "b-purge", name: "Purge after water", ms: 4000, valve: null },
  ][index];
  if (!part) throw new Error(`no part ${index}`);
  const planned = durationMs(part.ms);
  return stepFixture({
    seq: 1 + (cycle - 1) * 4 + index + 1,
    stepType: part.valve === null ? "purge" : "valve",
    stepName: part.name,
    recipeStepId: part.id,
    valveNumber: part.valve,
    loopPath: [Math.ceil(cycle / 3), ((cycle - 1) % 3) + 1],
    cycle,
    plannedMs: planned,
    measuredMs: isOpen ? null : planned,
    deviationMs: isOpen ? null : durationMs(0),
    startedAt,
    deviceStartedAt: startedAt,
    endedAt: isOpen ? null : epochMs(startedAt + part.ms),
  });
}
