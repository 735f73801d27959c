import type { Command } from "#lib/model/command.ts";
import { type Lease, leaseBeat } from "#lib/model/lease.ts";
import type { Machine, MachineState } from "#lib/model/machine.ts";
import type { Run } from "#lib/model/run.ts";
import type { LiveMachine, MachineSnapshot } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import type { FeedChange, FeedScope } from "#lib/supabase/open-feed.ts";
import { commandRow } from "#lib/supabase/rows/command.ts";
import { leaseRow, machineRow, machineStateRow } from "#lib/supabase/rows/machine.ts";
import { runRow, runStateRow } from "#lib/supabase/rows/run.ts";
import { stepRow } from "#lib/supabase/rows/step.ts";
import type { EpochMs } from "#lib/time.ts";
import { putCommand } from "./commands.ts";
import type { Fold } from "./fold.ts";
import { newerLease, newerMachine, newerMachineState } from "./newer.ts";
import { People } from "./people.ts";
import { RunFold } from "./run-fold.ts";

const none: readonly never[] = [];

/** One machine with its current (else latest) run; moves on by itself when a new run begins. */
export class MachineFold implements Fold<MachineSnapshot, LiveMachine> {
  readonly #capacity: number;
  readonly #people = new People();
  #snapshot: MachineSnapshot;
  #machine: Machine;
  #state: MachineState | null;
  #lease: Lease | null;
  #commands: readonly Command[];
  #run: RunFold | null = null;
  #live: LiveMachine | null = null;

  constructor(initial: MachineSnapshot, capacity: number) {
    this.#capacity = capacity;
    this.#snapshot = initial;
    this.#machine = initial.machine;
    this.#state = initial.state;
    this.#lease = initial.lease;
    this.#commands = initial.commands;
    this.putSnapshot(initial);
  }

  putSnapshot(snapshot: MachineSnapshot): "known" | "news" {
    if (snapshot.machine.id !== this.#machine.id) return "known";
    this.#people.learn(snapshot);
    const before = this.#told();
    this.#machine = newerMachine(this.#machine, snapshot.machine);
    this.#putState(snapshot.state);
    this.#putLease(snapshot.lease);
    for (const command of [...snapshot.commands].reverse())
      this.#commands = putCommand(this.#commands, command);
    if (snapshot.run) this.#putRun(snapshot.run);
    if (snapshot.run && this.#run?.runId === snapshot.run.id) {
      this.#run.putState(snapshot.runState);
      this.#run.putRecentSteps(snapshot.steps);
    }
    if (snapshot.serverTime >= this.#snapshot.serverTime) this.#snapshot = snapshot;
    this.#live = null;
    return this.#told().every((part, i) => part === before[i]) ? "known" : "news";
  }

  /** Everything that changes tell of. */
  #told(): readonly unknown[] {
    const { run, state, steps } = this.#run ?? { run: null, state: null, steps: none };
    return [this.#machine, this.#state, this.#lease, this.#commands, run, state, steps];
  }

  nextBeat(heardAt: EpochMs) {
    return leaseBeat(this.#lease, heardAt);
  }

  putChange(change: FeedChange): "taken" | "unknown" {
    if (change.kind === "DELETE") return "taken";
    if (change.isTruncated) return "unknown";
    this.#take(change);
    this.#live = null;
    const current = this.#machine.currentRunId;
    const isRunHere = current === null || current === this.#run?.runId;
    return isRunHere && !this.#isSomebodyNew() ? "taken" : "unknown";
  }

  #isSomebodyNew(): boolean {
    const isNewest = this.#people.isNew(this.#commands[0]?.requestedBy ?? null);
    return this.#people.isNew(this.#operatorId()) || isNewest;
  }

  #operatorId(): string | null {
    return this.#run?.run.operatorId ?? null;
  }

  #take({ table, row }: FeedChange): void {
    if (table === "step_execution_history") this.#run?.putStep(stepRow(row));
    else if (table === "process_execution_state") this.#run?.putState(runStateRow(row));
    else if (table === "process_executions") this.#putOwnRun(runRow(row));
    else if (table === "machine_commands")
      this.#commands = putCommand(this.#commands, this.#people.named(commandRow(row)));
    else if (table === "machine_leases") this.#putLease(leaseRow(row));
    else if (table === "machine_state") this.#putState(machineStateRow(row));
    else if (table === "machines") this.#machine = newerMachine(this.#machine, machineRow(row));
  }

  #putOwnRun(run: Run): void {
    if (run.machineId === this.#machine.id) this.#putRun(run);
  }

  /** A later run takes the place of the one shown; an earlier one is history. */
  #putRun(run: Run): void {
    if (this.#run?.runId === run.id) this.#run.putRun(run);
    else if (this.#run === null || run.createdAt > this.#run.run.createdAt)
      this.#run = new RunFold(run, this.#capacity);
  }

  #putState(state: MachineState | null): void {
    if (state !== null) this.#state = this.#state === null ? state : newerMachineState(this.#state, state);
  }

  #putLease(lease: Lease | null): void {
    if (lease !== null) this.#lease = this.#lease === null ? lease : newerLease(this.#lease, lease);
  }

  putSteps(steps: readonly StepExecution[]): void {
    for (const step of steps) this.#run?.putStep(step);
    this.#live = null;
  }

  gap() {
    const range = this.#run?.gap() ?? null;
    return this.#run === null || range === null ? null : { runId: this.#run.runId, range };
  }

  scopes(): readonly FeedScope[] {
    const scopes = [machineScope(this.#machine.id)];
    if (this.#run !== null) scopes.push(stepsScope(this.#run.runId));
    return scopes;
  }

  live(): LiveMachine {
    this.#live ??= {
      ...this.#snapshot,
      machine: this.#machine,
      state: this.#state,
      lease: this.#lease,
      commands: this.#commands,
      run: this.#run?.run ?? null,
      pace: this.#snapshot.run?.id === this.#run?.runId ? this.#snapshot.pace : null,
      runState: this.#run?.state ?? null,
      steps: this.#run?.steps ?? none,
      telemetry: this.#run?.telemetry ?? none,
      operatorName: this.#people.nameOf(this.#operatorId()),
    };
    return this.#live;
  }
}

const machineScope = (id: string): FeedScope => ({
  name: `machine:${id}`,
  bindings: [
    { table: "machines", filter: `id=eq.${id}` },
    { table: "machine_state", filter: `machine_id=eq.${id}` },
    { table: "machine_leases", filter: `machine_id=eq.${id}` },
    { table: "machine_commands", filter: `machine_id=eq.${id}` },
    { table: "process_executions", filter: `machine_id=eq.${id}` },
  ],
});

const stepsScope = (runId: string): FeedScope => ({
  name: `steps:${runId}`,
  bindings: [
    { table: "step_execution_history", filter: `process_id=eq.${runId}` },
    { table: "process_execution_state", filter: `execution_id=eq.${runId}` },
  ],
});
