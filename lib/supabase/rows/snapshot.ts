import { z } from "zod";
import type { MachineEvent } from "#lib/model/machine-event.ts";
import type { Pace } from "#lib/model/pace.ts";
import type { FleetSnapshot, MachineSnapshot, RunSnapshot } from "#lib/model/snapshot.ts";
import { commandRow } from "./command.ts";
import { leaseRow, machineRow, machineStateRow } from "./machine.ts";
import { maybeBool, maybeMoment, maybeNumber, maybeText, moment, number, parseRow } from "./row.ts";
import { runRow, runStateRow } from "./run.ts";
import { stepRow } from "./step.ts";

// The frames of the three snapshot functions; the rows inside them are parsed as everywhere else.

const optional = <T>(row: (value: unknown) => T, value: unknown): T | null =>
  value === null || value === undefined ? null : row(value);

const list = z
  .array(z.unknown())
  .nullish()
  .transform((v) => v ?? []);

const fleet = z.object({
  server_time: moment,
  machines: z.array(
    z.object({
      machine: z.unknown(),
      state: z.unknown().optional(),
      lease: z.unknown().optional(),
      run: z.unknown().optional(),
      run_state: z.unknown().optional(),
      last_deviation: z.unknown().optional(),
    }),
  ),
});

export function fleetSnapshotRow(value: unknown): FleetSnapshot {
  const frame = parseRow("fleet_snapshot", fleet, value);
  return {
    serverTime: frame.server_time,
    machines: frame.machines.map((each) => ({
      machine: machineRow(each.machine),
      state: optional(machineStateRow, each.state),
      lease: optional(leaseRow, each.lease),
      run: optional(runRow, each.run),
      runState: optional(runStateRow, each.run_state),
      lastDeviation: optional(stepRow, each.last_deviation),
    })),
  };
}

const pace = z
  .object({ runs: number, p10: maybeNumber, p50: maybeNumber, p90: maybeNumber })
  .nullish()
  .transform((row): Pace | null =>
    !row || row.p10 === null || row.p50 === null || row.p90 === null
      ? null
      : { runs: row.runs, p10: row.p10, p50: row.p50, p90: row.p90 },
  );

const machine = z.object({
  server_time: moment,
  machine: z.unknown(),
  state: z.unknown().optional(),
  lease: z.unknown().optional(),
  run: z.unknown().optional(),
  run_state: z.unknown().optional(),
  steps: list,
  commands: list,
  operator_name: maybeText,
  may_command: maybeBool(false),
  pace,
  recent_events: list,
});

const what = z.object({ status: maybeText, kind: maybeText }).nullish();

const event = z
  .object({
    id: z.union([z.string(), z.number()]).transform(String),
    at: moment,
    action: z.string(),
    actor_id: maybeText,
    actor_role: z.string(),
    run_id: maybeText,
    command_id: maybeText,
    before: what,
    after: what,
    reason: maybeText,
  })
  .transform(
    (row): MachineEvent => ({
      id: row.id,
      at: row.at,
      action: row.action,
      actorId: row.actor_id,
      actorRole: row.actor_role,
      runId: row.run_id,
      commandId: row.command_id,
      commandKind: row.after?.kind ?? null,
      fromStatus: row.before?.status ?? null,
      toStatus: row.after?.status ?? null,
      reason: row.reason,
    }),
  );

export function machineSnapshotRow(value: unknown): MachineSnapshot {
  const frame = parseRow("machine_snapshot", machine, value);
  return {
    serverTime: frame.server_time,
    machine: machineRow(frame.machine),
    state: optional(machineStateRow, frame.state),
    lease: optional(leaseRow, frame.lease),
    run: optional(runRow, frame.run),
    runState: optional(runStateRow, frame.run_state),
    steps: frame.steps.map(stepRow),
    commands: frame.commands.map(commandRow),
    operatorName: frame.operator_name,
    mayCommand: frame.may_command,
    pace: frame.pace,
    recentEvents: frame.recent_events.map((row) => parseRow("machine_snapshot.recent_events", event, row)),
  };
}

const run = z.object({
  server_time: moment,
  run: z.unknown().optional(),
  machine: z.unknown(),
  state: z.unknown().optional(),
  lease: z.unknown().optional(),
  run_state: z.unknown().optional(),
  steps: list,
  commands: list,
  operator_name: maybeText,
  totals: z.object({
    steps: number,
    deviations: number,
    first_device_started_at: maybeMoment,
    last_device_ended_at: maybeMoment,
  }),
});

export function runSnapshotRow(value: unknown): RunSnapshot {
  const frame = parseRow("run_snapshot", run, value);
  return {
    serverTime: frame.server_time,
    run: runRow(frame.run),
    machine: machineRow(frame.machine),
    state: optional(machineStateRow, frame.state),
    lease: optional(leaseRow, frame.lease),
    runState: optional(runStateRow, frame.run_state),
    steps: frame.steps.map(stepRow),
    commands: frame.commands.map(commandRow),
    operatorName: frame.operator_name,
    totals: {
      steps: frame.totals.steps,
      deviations: frame.totals.deviations,
      firstDeviceStartedAt: frame.totals.first_device_started_at,
      lastDeviceEndedAt: frame.totals.last_device_ended_at,
    },
  };
}
