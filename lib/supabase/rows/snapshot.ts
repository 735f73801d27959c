import type { Fields } from "#lib/model/fields.ts";
import type { FleetMachine, FleetSnapshot, MachineSnapshot, RunSnapshot } from "#lib/model/snapshot.ts";
import { commandRow } from "./command.ts";
import { leaseRow, machineRow, machineStateRow } from "./machine.ts";
import { machineEventRow } from "./machine-event.ts";
import { paceOf } from "./pace.ts";
import { optional, rowReader } from "./row.ts";
import { runRow, runStateRow } from "./run.ts";
import { stepRow } from "./step.ts";

// The frames of the three snapshot functions; the rows inside them are read as everywhere else.

/** What every frame holds of a machine: its state, the controller on it, where its run stands. */
const around = (frame: Fields) => ({
  machine: machineRow(frame.raw("machine")),
  state: optional(machineStateRow, frame.raw("state")),
  lease: optional(leaseRow, frame.raw("lease")),
  runState: optional(runStateRow, frame.raw("run_state")),
});

const fleetMachine = (frame: Fields): FleetMachine => ({
  ...around(frame),
  run: optional(runRow, frame.raw("run")),
  lastDeviation: optional(stepRow, frame.raw("last_deviation")),
});

export const fleetSnapshotRow = rowReader(
  "fleet_snapshot",
  (frame): FleetSnapshot => ({
    serverTime: frame.moment("server_time"),
    machines: frame.each("machines", fleetMachine),
  }),
);

export const machineSnapshotRow = rowReader(
  "machine_snapshot",
  (frame): MachineSnapshot => ({
    serverTime: frame.moment("server_time"),
    ...around(frame),
    run: optional(runRow, frame.raw("run")),
    steps: frame.listOr("steps").map(stepRow),
    commands: frame.listOr("commands").map(commandRow),
    operatorName: frame.maybeText("operator_name"),
    mayCommand: frame.yesOr("may_command", false),
    pace: paceOf(frame.maybeInner("pace")),
    recentEvents: frame.listOr("recent_events").map(machineEventRow),
  }),
);

export const runSnapshotRow = rowReader("run_snapshot", (frame): RunSnapshot => {
  const totals = frame.inner("totals");
  return {
    serverTime: frame.moment("server_time"),
    ...around(frame),
    run: runRow(frame.raw("run")),
    steps: frame.listOr("steps").map(stepRow),
    commands: frame.listOr("commands").map(commandRow),
    operatorName: frame.maybeText("operator_name"),
    totals: {
      steps: totals.number("steps"),
      deviations: totals.number("deviations"),
      firstDeviceStartedAt: totals.maybeMoment("first_device_started_at"),
      lastDeviceEndedAt: totals.maybeMoment("last_device_ended_at"),
    },
  };
});
