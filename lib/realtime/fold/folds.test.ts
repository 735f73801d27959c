import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MACHINE_ID, RUN_ID, SAMPLE_START, sampleOpenStep, sampleStep } from "#lib/model/samples.ts";
import type { FleetSnapshot, MachineSnapshot, RunSnapshot } from "#lib/model/snapshot.ts";
import type { FeedChange, FeedTable } from "#lib/supabase/open-feed.ts";
import { commandRow } from "#lib/supabase/rows/command.ts";
import {
  commandSample,
  leaseSample,
  machineSample,
  machineStateSample,
  runSample,
  runStateSample,
  stepSample,
} from "#lib/supabase/rows/sample-rows.ts";
import { fleetSnapshotRow, machineSnapshotRow, runSnapshotRow } from "#lib/supabase/rows/snapshot.ts";
import { isoMoment, later } from "#lib/time.ts";
import { FleetFold } from "./fleet-fold.ts";
import type { Fold } from "./fold.ts";
import { MachineFold } from "./machine-fold.ts";
import { RunPageFold } from "./run-page-fold.ts";

// A database in miniature: a run of STEPS steps that is then stopped. `rows(t)` are its tables after commit t, and
// `changes(t)` the messages of that commit. A fold fed any part of them, in any order, must end as the database did.

const STEPS = 5;
const STOPPED = STEPS + 1;
const iso = (t: number): string => isoMoment(later(SAMPLE_START, t * 1_000));

function rows(t: number) {
  const last = Math.min(t, STEPS);
  const isEnded = t >= STOPPED;
  return {
    machine: machineSample({
      version: 10 + t,
      updated_at: iso(t),
      status: isEnded ? "idle" : "processing",
      current_process_id: isEnded ? null : RUN_ID,
    }),
    state: machineStateSample({ updated_at: iso(t), current_state: isEnded ? "idle" : "processing" }),
    lease: leaseSample({ renewed_at: iso(t) }),
    run: runSample({ last_seq: last, updated_at: iso(t), status: isEnded ? "aborted" : "running" }),
    run_state: runStateSample({
      revision: 1 + t,
      current_overall_step: last,
      process_metrics: { at: iso(t), values: { chamber_pressure: t } },
    }),
    steps: Array.from({ length: last }, (_, i) => i + 1).map((seq) =>
      stepSample(seq < last || isEnded ? sampleStep({ seq }) : sampleOpenStep({ seq })),
    ),
    command: commandSample(isEnded ? { status: "succeeded", settled_at: iso(t) } : {}),
  };
}

const change = (table: FeedTable, row: unknown): FeedChange => ({
  table,
  kind: "UPDATE",
  row,
  isTruncated: false,
});

function changes(t: number): FeedChange[] {
  const now = rows(t);
  return [
    ...now.steps.slice(-2).map((row) => change("step_execution_history", row)),
    change("process_execution_state", now.run_state),
    change("process_executions", now.run),
    change("machines", now.machine),
    change("machine_state", now.state),
    change("machine_leases", now.lease),
    change("machine_commands", now.command),
  ];
}

const fleetAt = (t: number): FleetSnapshot =>
  fleetSnapshotRow({ server_time: iso(t), machines: [{ ...rows(t), last_deviation: null }] });
const machineAt = (t: number): MachineSnapshot =>
  machineSnapshotRow({ server_time: iso(t), ...rows(t), commands: [rows(t).command], may_command: true });
const runAt = (t: number): RunSnapshot => {
  const totals = {
    steps: Math.min(t, STEPS),
    deviations: 0,
    first_device_started_at: null,
    last_device_ended_at: null,
  };
  return runSnapshotRow({ server_time: iso(t), ...rows(t), commands: [rows(t).command], totals });
};

type Message = { kind: "change"; change: FeedChange } | { kind: "snapshot"; t: number };
const message: fc.Arbitrary<Message> = fc
  .oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom(...Array.from({ length: STOPPED + 1 }, (_, t) => changes(t)).flat()),
    },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: STOPPED }) },
  )
  .map((drawn) =>
    typeof drawn === "number" ? { kind: "snapshot", t: drawn } : { kind: "change", change: drawn },
  );

function converges<S, L>(
  make: (first: S) => Fold<S, L>,
  at: (t: number) => S,
  seen: (live: L) => unknown,
): void {
  const truth = make(at(STOPPED));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 60 }), fc.integer({ min: 0, max: STOPPED }), (sent, start) => {
      const fold = make(at(start));
      for (const each of sent) {
        if (each.kind === "snapshot") fold.putSnapshot(at(each.t));
        else fold.putChange(each.change);
      }
      fold.putSnapshot(at(STOPPED));
      expect(fold.gap()).toBeNull();
      expect(seen(fold.live())).toEqual(seen(truth.live()));
    }),
    { numRuns: 300 },
  );
}

/** Telemetry is what was seen since the page opened, so it differs by design; its last sample must not. */
const comparable = <L extends { telemetry: readonly unknown[] }>(live: L) => ({
  ...live,
  telemetry: live.telemetry.at(-1),
});

describe("any messages in any order, repeated or lost, then one catch-up: the database's own state", () => {
  test("one run", () => converges((first) => new RunPageFold(first, 240), runAt, comparable));
  test("one machine", () => converges((first) => new MachineFold(first, 240), machineAt, comparable));
  test("the fleet", () =>
    converges(
      (first) => new FleetFold(first),
      fleetAt,
      (live) => live.machines,
    ));
});

test("messages alone, in order, end as the database did", () => {
  const fold = new RunPageFold(runAt(0), 240);
  for (let t = 1; t <= STOPPED; t += 1) for (const each of changes(t)) fold.putChange(each);
  expect(fold.live().run).toMatchObject({ status: "aborted", lastSeq: STEPS });
  expect(fold.live().steps.map((step) => step.endedAt !== null)).toEqual([true, true, true, true, true]);
  expect(fold.live().machine.status).toBe("idle");
  expect(fold.live().commands[0]?.status).toBe("succeeded");
  expect(fold.live().totals.steps).toBe(STEPS);
  expect(fold.live().telemetry.map((sample) => sample.values["chamber_pressure"])).toEqual([
    0, 1, 2, 3, 4, 5, 6,
  ]);
});

test("what did not change stays the same object, through events and snapshots", () => {
  const fold = new MachineFold(machineAt(3), 240);
  const before = fold.live();
  fold.putSnapshot(machineAt(3));
  const after = fold.live();
  expect(after.machine).toBe(before.machine);
  expect(after.run).toBe(before.run);
  expect(after.steps).toBe(before.steps);
  expect(after.commands).toBe(before.commands);
  expect(fold.live()).toBe(after);
});

const nextRun = "00000000-0000-4000-8000-0000000000a2";

test("a machine that begins another run shows it from its first message and forgets the old one's steps", () => {
  const fold = new MachineFold(machineAt(STOPPED), 240);
  const row = runSample({ id: nextRun, status: "preparing", created_at: iso(60), updated_at: iso(60) });
  expect(fold.putChange(change("process_executions", row))).toBe("taken");
  expect(fold.live()).toMatchObject({ run: { id: nextRun }, runState: null, steps: [], operatorName: null });
  expect(fold.scopes().map((scope) => scope.name)).toEqual([`machine:${MACHINE_ID}`, `steps:${nextRun}`]);
  fold.putChange(change("step_execution_history", stepSample(sampleStep({ seq: 1, runId: nextRun }))));
  fold.putChange(change("step_execution_history", stepSample(sampleStep({ seq: 6 }))));
  expect(fold.live().steps.map((step) => step.runId)).toEqual([nextRun]);
  fold.putSnapshot(machineAt(STOPPED));
  expect(fold.live().run?.id).toBe(nextRun);
});

test("a machine row that names an unknown run asks for a catch-up; so does the fleet", () => {
  const row = machineSample({ version: 99, current_process_id: nextRun });
  expect(new MachineFold(machineAt(3), 240).putChange(change("machines", row))).toBe("unknown");
  expect(new FleetFold(fleetAt(3)).putChange(change("machines", row))).toBe("unknown");
  expect(new FleetFold(fleetAt(3)).putChange(change("machines", machineSample({ id: "new" })))).toBe(
    "unknown",
  );
});

test("a machine row without its run asks the fleet for how it ended, until that is known", () => {
  const fold = new FleetFold(fleetAt(3));
  const row = machineSample({ version: 99, current_process_id: null });
  expect(fold.putChange(change("machines", row))).toBe("unknown");
  fold.putSnapshot(fleetAt(STOPPED));
  expect(fold.putChange(change("machines", { ...row, version: 100 }))).toBe("taken");
});

test("a row too large to be sent whole asks for a catch-up; a deletion changes nothing", () => {
  const cut: FeedChange = { table: "process_executions", kind: "UPDATE", row: {}, isTruncated: true };
  const gone: FeedChange = { table: "machines", kind: "DELETE", row: {}, isTruncated: false };
  for (const fold of [
    new MachineFold(machineAt(3), 240),
    new RunPageFold(runAt(3), 240),
    new FleetFold(fleetAt(3)),
  ]) {
    expect(fold.putChange(cut)).toBe("unknown");
    expect(fold.putChange(gone)).toBe("taken");
  }
});

test("rows of other runs and machines are not taken in", () => {
  const fold = new RunPageFold(runAt(3), 240);
  const before = fold.live();
  fold.putChange(change("step_execution_history", stepSample(sampleStep({ seq: 4, runId: nextRun }))));
  fold.putChange(change("process_executions", runSample({ id: nextRun, status: "failed" })));
  fold.putChange(change("process_execution_state", runStateSample({ execution_id: nextRun, revision: 99 })));
  expect(fold.live()).toEqual(before);
});

test("a machine taken out of service leaves the fleet with the next catch-up", () => {
  const fold = new FleetFold(fleetAt(3));
  fold.putSnapshot({ serverTime: later(SAMPLE_START, 9_000), machines: [] });
  expect(fold.live().machines).toEqual([]);
});

test("a read says whether it held what changes had not told", () => {
  const machine = new MachineFold(machineAt(3), 240);
  const run = new RunPageFold(runAt(3), 240);
  const fleet = new FleetFold(fleetAt(3));
  const all = [
    () => machine.putSnapshot(machineAt(4)),
    () => run.putSnapshot(runAt(4)),
    () => fleet.putSnapshot(fleetAt(4)),
  ];
  expect(all.map((put) => put())).toEqual(["news", "news", "news"]);
  expect(all.map((put) => put())).toEqual(["known", "known", "known"]);
  for (const told of changes(5)) for (const fold of [machine, run, fleet]) fold.putChange(told);
  expect([
    machine.putSnapshot(machineAt(5)),
    run.putSnapshot(runAt(5)),
    fleet.putSnapshot(fleetAt(5)),
  ]).toEqual(["known", "known", "known"]);
});

test("a controller that held the machine is to be heard of again before its lease ends", () => {
  const lease = leaseSample({ expires_at: iso(6) });
  const snapshot = machineSnapshotRow({ server_time: iso(3), ...rows(3), lease, may_command: true });
  const fold = new MachineFold(snapshot, 240);
  expect(fold.nextBeat(later(SAMPLE_START, 4_000))).toBe(later(SAMPLE_START, 6_000));
  expect(fold.nextBeat(later(SAMPLE_START, 6_000))).toBeNull();
});

test("people are called by name as soon as they act: known ones at once, a new one after one read", () => {
  const whole: MachineSnapshot = { ...machineAt(3), operatorName: "Olga Petrova" };
  const fold = new MachineFold(whole, 240);
  expect(fold.live().operatorName).toBe("Olga Petrova");

  const row = (id: string, by: string, over = {}) =>
    commandSample({ id, requested_by: by, requested_at: iso(100), ...over });
  expect(fold.putChange(change("machine_commands", row("known", whole.run?.operatorId ?? "")))).toBe("taken");
  expect(fold.live().commands[0]).toMatchObject({ id: "known", requestedByName: "Olga Petrova" });

  const asked = row("new", "a new person", { requested_at: iso(101) });
  expect(fold.putChange(change("machine_commands", asked))).toBe("unknown");
  expect(fold.putChange(change("machine_commands", { ...asked, status: "accepted" })), "once").toBe("taken");
  fold.putSnapshot({ ...whole, commands: [commandRow({ ...asked, requested_by_name: "Nia New" })] });
  expect(fold.live().commands[0]).toMatchObject({ status: "accepted", requestedByName: "Nia New" });
});

test("the run of somebody who has been named begins with their name", () => {
  const fold = new MachineFold({ ...machineAt(STOPPED), operatorName: "Olga Petrova" }, 240);
  const next = runSample({ id: "next", created_at: iso(200), updated_at: iso(200) });
  expect(fold.putChange(change("process_executions", next))).toBe("taken");
  expect(fold.live()).toMatchObject({ run: { id: "next" }, operatorName: "Olga Petrova" });
});
