import { expect, test } from "vitest";
import { sampleProgram, sampleStep } from "#lib/model/samples.ts";
import { durationMs } from "#lib/time.ts";
import { commandRow } from "./command.ts";
import { leaseRow, machineRow } from "./machine.ts";
import { RowFault } from "./row.ts";
import { runRow, runStateRow } from "./run.ts";
import {
  commandSample,
  leaseSample,
  machineSample,
  machineStateSample,
  runSample,
  runStateSample,
  stepSample,
} from "./sample-rows.ts";
import { fleetSnapshotRow, machineSnapshotRow, runSnapshotRow } from "./snapshot.ts";
import { stepRow } from "./step.ts";
import { runTimelineRow, runTrendRow } from "./timeline.ts";

test("a machine row: old spellings mapped, empty text is no text, wide numbers as text", () => {
  expect(machineRow(machineSample({ status: "RUNNING", version: "12", timezone: null }))).toMatchObject({
    status: "processing",
    location: null,
    version: 12,
    timezone: "UTC",
  });
});

test("a row that does not fit names its table and field", () => {
  expect(() => machineRow(machineSample({ status: "melting" }))).toThrow(
    'A row of machines could not be read: status: "melting" is not a machine status.',
  );
  expect(() => runRow(runSample({ start_time: "soon" }))).toThrow(/process_executions .* start_time: "soon"/);
  expect(() => stepRow(null)).toThrow(RowFault);
  expect(() => leaseRow(leaseSample({ fence_token: "many" }))).toThrow(/machine_leases .* fence_token/);
  expect(() => commandRow(commandSample({ kind: "explode" }))).toThrow(/machine_commands .* kind/);
});

test("a step row comes back as the step it was made from; generated columns may be missing", () => {
  const step = sampleStep({ seq: 7, measuredMs: durationMs(180.125) });
  expect(stepRow(stepSample(step))).toEqual(step);
  expect(stepRow(stepSample(step)).isDeviation).toBe(true);
});

test("an older controller's spelling of a step type is understood", () => {
  const typed = (step_type: string | null) =>
    stepRow({ ...stepSample(sampleStep({ seq: 1 })), step_type }).stepType;
  expect([typed("Valve"), typed("Set Parameter"), typed("completed"), typed(null)]).toEqual([
    "valve",
    "parameter",
    "wait",
    "wait",
  ]);
});

test("a run's frozen program is parsed once and stays the same object", () => {
  const row = runSample({ id: "run-with-program", recipe_version: sampleProgram(2) });
  const first = runRow(row);
  const second = runRow({ ...row, last_seq: 4 });
  expect(first).toMatchObject({ recipeName: "Al2O3", recipeRevision: 2, speed: 1, isSimulated: true });
  expect(second.program).toBe(first.program);
  expect(second.lastSeq).toBe(4);
});

test("a malformed frozen program names the field and what is wrong with it", () => {
  const recipe_version = { ...sampleProgram(2), steps: [] };
  expect(() => runRow(runSample({ id: "run-malformed", recipe_version }))).toThrow(
    /recipe_version: the recipe has no steps/,
  );
});

test("a run without speed runs at the machine's own", () => {
  expect(runRow(runSample({ parameters: {} }))).toMatchObject({ speed: 1, driver: null, isSimulated: false });
  expect(() => runRow(runSample({ parameters: { speed: 0 } }))).toThrow(/parameters.speed/);
});

test("telemetry is a sweep with a time; anything else is none", () => {
  const sweep = { at: "2026-11-21T08:00:01.5+00:00", values: { chamber_pressure: 1.8 } };
  expect(runStateRow(runStateSample({ process_metrics: sweep })).telemetry?.values).toEqual({
    chamber_pressure: 1.8,
  });
  expect(runStateRow(runStateSample({ process_metrics: { cpu: "12 %" } })).telemetry).toBeNull();
});

const server_time = "2026-11-21T08:00:05+00:00";

test("snapshots: absent parts are null, lists are lists", () => {
  const fleet = fleetSnapshotRow({
    server_time,
    machines: [{ machine: machineSample(), state: null, lease: null, run: null }],
  });
  expect(fleet.machines[0]).toMatchObject({
    state: null,
    lease: null,
    run: null,
    runState: null,
    lastDeviation: null,
  });
  const machine = machineSnapshotRow({
    server_time,
    machine: machineSample(),
    state: machineStateSample(),
    lease: leaseSample(),
    run: runSample(),
    run_state: runStateSample(),
    steps: [stepSample(sampleStep({ seq: 1 }))],
    commands: [commandSample()],
    operator_name: "Operator",
    may_command: true,
    recent_events: [
      {
        id: 5,
        at: server_time,
        actor_role: "operator",
        action: "machine_status",
        before: { status: "idle" },
        after: { status: "processing" },
      },
    ],
  });
  expect(machine).toMatchObject({ mayCommand: true, steps: [{ seq: 1 }], commands: [{ kind: "stop" }] });
  expect(machine.recentEvents[0]).toMatchObject({ id: "5", fromStatus: "idle", toStatus: "processing" });
  const totals = { steps: 1, deviations: 0, first_device_started_at: null, last_device_ended_at: null };
  expect(
    runSnapshotRow({
      server_time,
      run: runSample(),
      machine: machineSample(),
      steps: null,
      commands: null,
      totals,
    }),
  ).toMatchObject({ steps: [], commands: [], totals: { steps: 1, firstDeviceStartedAt: null } });
});

test("a snapshot whose frame is wrong says which", () => {
  expect(() => fleetSnapshotRow({ machines: [] })).toThrow(/fleet_snapshot .* server_time/);
});

test("a timeline comes in columns; an open span reaches the end of the answer, a single one is exact", () => {
  const lane = {
    lane: "valve 1",
    step_type: "valve",
    start_ms: [0, 50, 1_000_000_005.123],
    end_ms: [10.5, 60, null],
    count: [1, 7, 1],
    seq: [1, 3, 17],
    series: [1, null, 1],
    worst_ms: [0.5, -30, null],
    deviations: [0, 2, 0],
  };
  const series = [{ series: 1, step_name: "TMA pulse" }];
  const loop = {
    depth: 1,
    start_ms: [0, 50],
    end_ms: [50, 1_000_000_100],
    seq: [1, 3],
    from_iteration: [1, 2],
    to_iteration: [1, 9],
  };
  const whole = { from_ms: 0, to_ms: 1_000_000_100, duration_ms: 1_000_000_100 };
  const answer = { ...whole, series, lanes: [lane], loops: [loop] };
  expect(runTimelineRow(answer).loops).toEqual([
    {
      depth: 1,
      passes: [
        { startMs: 0, endMs: 50, seq: 1, fromIteration: 1, toIteration: 1 },
        { startMs: 50, endMs: 1_000_000_100, seq: 3, fromIteration: 2, toIteration: 9 },
      ],
    },
  ]);
  expect(runTimelineRow(answer).spans).toMatchObject([
    { name: "TMA pulse", endMs: 10.5, measuredMs: 10.5, plannedMs: 10, worstDeviationMs: 0.5, isOpen: false },
    { name: "valve 1", count: 7, measuredMs: null, worstDeviationMs: -30, deviations: 2 },
    { endMs: 1_000_000_100, measuredMs: null, isOpen: true },
  ]);
  expect(() => runTimelineRow({ ...answer, lanes: [{ ...lane, seq: [1, "three", 17] }] })).toThrow(
    "A row of run_timeline could not be read: lanes[0].seq[1]: is not a number.",
  );
});

test("a trend keeps its set-point and its points", () => {
  const series = [
    { parameter_id: "p", name: "chamber_pressure", unit: "Torr", set_point: 1, points: [[0, 1, 2, 3]] },
  ];
  expect(runTrendRow({ series })[0]).toMatchObject({ setPoint: 1, points: [[0, 1, 2, 3]] });
});
