import type { Command } from "#lib/model/command.ts";
import { type Lease, leaseBeat } from "#lib/model/lease.ts";
import type { MachineState } from "#lib/model/machine.ts";
import type { LiveRun, RunSnapshot, RunTotals } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import type { FeedChange, FeedScope } from "#lib/supabase/open-feed.ts";
import { commandRow } from "#lib/supabase/rows/command.ts";
import { leaseRow, machineRow, machineStateRow } from "#lib/supabase/rows/machine.ts";
import { runRow, runStateRow } from "#lib/supabase/rows/run.ts";
import { stepRow } from "#lib/supabase/rows/step.ts";
import { type EpochMs, later } from "#lib/time.ts";
import { putCommand } from "./commands.ts";
import type { Fold } from "./fold.ts";
import { newerLease, newerMachine, newerMachineState } from "./newer.ts";
import { RunFold } from "./run-fold.ts";
import { keepSame } from "./same-value.ts";

/** One run for its own page: the run, its steps and commands, and the machine and controller it is on. */
export class RunPageFold implements Fold<RunSnapshot, LiveRun> {
  readonly #fold: RunFold;
  #snapshot: RunSnapshot;
  #commands: readonly Command[];
  #state: MachineState | null = null;
  #lease: Lease | null = null;
  #live: LiveRun | null = null;

  constructor(initial: RunSnapshot, capacity: number) {
    this.#fold = new RunFold(initial.run, capacity);
    this.#snapshot = initial;
    this.#commands = initial.commands;
    this.putSnapshot(initial);
  }

  putSnapshot(snapshot: RunSnapshot): "known" | "news" {
    if (snapshot.run.id !== this.#fold.runId) return "known";
    const before = this.#told();
    this.#fold.putRun(snapshot.run);
    this.#fold.putState(snapshot.runState);
    this.#fold.putRecentSteps(snapshot.steps);
    for (const command of [...snapshot.commands].reverse())
      this.#commands = putCommand(this.#commands, command);
    if (snapshot.state) this.#putState(snapshot.state);
    if (snapshot.lease) this.#putLease(snapshot.lease);
    const machine = newerMachine(this.#snapshot.machine, snapshot.machine);
    const later = snapshot.serverTime < this.#snapshot.serverTime ? this.#snapshot : snapshot;
    this.#snapshot = { ...later, machine };
    this.#live = null;
    return this.#told().every((part, i) => part === before[i]) ? "known" : "news";
  }

  /** Everything that changes tell of. */
  #told(): readonly unknown[] {
    const { run, state, steps } = this.#fold;
    return [run, state, steps, this.#commands, this.#state, this.#lease, this.#snapshot.machine];
  }

  nextBeat(heardAt: EpochMs) {
    return leaseBeat(this.#lease, heardAt);
  }

  putChange(change: FeedChange): "taken" | "unknown" {
    if (change.kind === "DELETE") return "taken";
    if (change.isTruncated) return "unknown";
    this.#take(change);
    this.#live = null;
    return "taken";
  }

  #take({ table, row }: FeedChange): void {
    if (table === "step_execution_history") this.#fold.putStep(stepRow(row));
    else if (table === "process_execution_state") this.#fold.putState(runStateRow(row));
    else if (table === "process_executions") this.#fold.putRun(runRow(row));
    else if (table === "machine_commands") this.#commands = putCommand(this.#commands, commandRow(row));
    else if (table === "machine_leases") this.#putLease(leaseRow(row));
    else if (table === "machine_state") this.#putState(machineStateRow(row));
    else if (table === "machines") {
      const machine = newerMachine(this.#snapshot.machine, machineRow(row));
      this.#snapshot = { ...this.#snapshot, machine };
    }
  }

  #putState(state: MachineState): void {
    this.#state = this.#state === null ? state : newerMachineState(this.#state, state);
  }

  #putLease(lease: Lease): void {
    this.#lease = this.#lease === null ? lease : newerLease(this.#lease, lease);
  }

  putSteps(steps: readonly StepExecution[]): void {
    for (const step of steps) this.#fold.putStep(step);
    this.#live = null;
  }

  gap() {
    const range = this.#fold.gap();
    return range === null ? null : { runId: this.#fold.runId, range };
  }

  scopes(): readonly FeedScope[] {
    const { id, machineId } = this.#fold.run;
    return [
      {
        name: `run:${id}`,
        bindings: [
          { table: "step_execution_history", filter: `process_id=eq.${id}` },
          { table: "process_execution_state", filter: `execution_id=eq.${id}` },
          { table: "process_executions", filter: `id=eq.${id}` },
          { table: "machine_commands", filter: `run_id=eq.${id}` },
          { table: "machines", filter: `id=eq.${machineId}` },
          { table: "machine_state", filter: `machine_id=eq.${machineId}` },
          { table: "machine_leases", filter: `machine_id=eq.${machineId}` },
        ],
      },
    ];
  }

  live(): LiveRun {
    this.#live ??= {
      ...this.#snapshot,
      run: this.#fold.run,
      runState: this.#fold.state,
      steps: this.#fold.steps,
      commands: this.#commands,
      telemetry: this.#fold.telemetry,
      totals: this.#totals(),
      state: this.#state,
      lease: this.#lease,
    };
    return this.#live;
  }

  /** The snapshot's totals, brought forward by what arrived since. */
  #totals(): RunTotals {
    const { totals } = this.#snapshot;
    const { run, steps } = this.#fold;
    const first = steps[0];
    return keepSame(totals, {
      steps: Math.max(totals.steps, steps.at(-1)?.seq ?? 0),
      deviations: Math.max(totals.deviations, run.deviationCount),
      firstDeviceStartedAt: totals.firstDeviceStartedAt ?? (first?.seq === 1 ? first.deviceStartedAt : null),
      lastDeviceEndedAt: latest(totals.lastDeviceEndedAt, steps),
    });
  }
}

function latest(known: EpochMs | null, steps: readonly StepExecution[]): EpochMs | null {
  for (let i = steps.length - 1; i >= 0; i -= 1) {
    const step = steps[i];
    if (step?.deviceStartedAt == null || step.measuredMs === null) continue;
    const end = later(step.deviceStartedAt, step.measuredMs);
    return known === null || end > known ? end : known;
  }
  return known;
}
