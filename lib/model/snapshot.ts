import type { Command } from "#lib/model/command.ts";
import type { Lease } from "#lib/model/lease.ts";
import type { Machine, MachineState } from "#lib/model/machine.ts";
import type { MachineEvent } from "#lib/model/machine-event.ts";
import type { Pace } from "#lib/model/pace.ts";
import type { Run, RunState, TelemetrySample } from "#lib/model/run.ts";
import type { StepExecution } from "#lib/model/step.ts";
import type { EpochMs } from "#lib/time.ts";

// Each snapshot is one consistent read of the database, taken at `serverTime` (database clock).

export type FleetMachine = {
  machine: Machine;
  state: MachineState | null;
  lease: Lease | null;
  run: Run | null;
  runState: RunState | null;
  lastDeviation: StepExecution | null;
};
export type FleetSnapshot = { serverTime: EpochMs; machines: readonly FleetMachine[] };

export type MachineSnapshot = {
  serverTime: EpochMs;
  machine: Machine;
  state: MachineState | null;
  lease: Lease | null;
  /** The current run, else the latest. */
  run: Run | null;
  runState: RunState | null;
  /** The last steps of `run`, ascending seq. */
  steps: readonly StepExecution[];
  /** The last commands, newest first. */
  commands: readonly Command[];
  operatorName: string | null;
  /** What the database says about the person who reads: role and assignment allow commands. */
  mayCommand: boolean;
  /** How long the recipe of a live `run` took before; null between runs and without history. */
  pace: Pace | null;
  recentEvents: readonly MachineEvent[];
};

export type RunTotals = {
  steps: number;
  deviations: number;
  firstDeviceStartedAt: EpochMs | null;
  lastDeviceEndedAt: EpochMs | null;
};
export type RunSnapshot = {
  serverTime: EpochMs;
  run: Run;
  machine: Machine;
  state: MachineState | null;
  lease: Lease | null;
  runState: RunState | null;
  steps: readonly StepExecution[];
  commands: readonly Command[];
  operatorName: string | null;
  totals: RunTotals;
};

/** What a live page reads: the snapshot kept up to date, plus the telemetry seen since the page opened. */
export type LiveFleet = FleetSnapshot;
export type LiveMachine = MachineSnapshot & { telemetry: readonly TelemetrySample[] };
export type LiveRun = RunSnapshot & { telemetry: readonly TelemetrySample[] };
