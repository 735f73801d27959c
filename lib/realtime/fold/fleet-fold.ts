import { type Lease, leaseBeat } from "#lib/model/lease.ts";
import type { Machine, MachineState } from "#lib/model/machine.ts";
import { isRunEnded, type RunState } from "#lib/model/run.ts";
import type { FleetMachine, FleetSnapshot, LiveFleet } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import type { FeedChange, FeedScope } from "#lib/supabase/open-feed.ts";
import { leaseRow, machineRow, machineStateRow } from "#lib/supabase/rows/machine.ts";
import { runStateRow } from "#lib/supabase/rows/run.ts";
import type { EpochMs } from "#lib/time.ts";
import type { Fold } from "./fold.ts";
import { newerLease, newerMachine, newerMachineState, newerRun, newerRunState } from "./newer.ts";
import { keepSame } from "./same-value.ts";

/**
 * Every machine with its run. Runs themselves are not subscribed: their rows carry the whole program, and a machine
 * row that names another run, or none any more, says when to read again.
 */
export class FleetFold implements Fold<FleetSnapshot, LiveFleet> {
  readonly #machines = new Map<string, FleetMachine>();
  readonly #machineOfRun = new Map<string, string>();
  #serverTime: EpochMs;
  #live: LiveFleet | null = null;

  constructor(initial: FleetSnapshot) {
    this.#serverTime = initial.serverTime;
    this.putSnapshot(initial);
  }

  putSnapshot(snapshot: FleetSnapshot): "known" | "news" {
    const isLatest = snapshot.serverTime >= this.#serverTime;
    const listed = new Set<string>();
    let isNews = false;
    for (const next of snapshot.machines) {
      const id = next.machine.id;
      listed.add(id);
      const kept = this.#machines.get(id);
      const merged = kept === undefined ? next : keepSame(kept, merge(kept, next, isLatest));
      this.#set(id, merged);
      if (kept === undefined || !hasSameTold(kept, merged)) isNews = true;
    }
    if (isLatest) {
      this.#serverTime = snapshot.serverTime;
      for (const id of this.#machines.keys()) if (!listed.has(id)) this.#remove(id);
    }
    this.#live = null;
    return isNews ? "news" : "known";
  }

  nextBeat(heardAt: EpochMs): EpochMs | null {
    let soonest: EpochMs | null = null;
    for (const { lease } of this.#machines.values()) {
      const beat = leaseBeat(lease, heardAt);
      if (beat !== null && (soonest === null || beat < soonest)) soonest = beat;
    }
    return soonest;
  }

  putChange(change: FeedChange): "taken" | "unknown" {
    if (change.kind === "DELETE") return "taken";
    if (change.isTruncated) return "unknown";
    const { table, row } = change;
    if (table === "machines") return this.#putMachine(machineRow(row));
    if (table === "machine_state") return this.#putState(machineStateRow(row));
    if (table === "machine_leases") return this.#putLease(leaseRow(row));
    if (table === "process_execution_state") return this.#putRunState(runStateRow(row));
    return "taken";
  }

  #putMachine(machine: Machine): "taken" | "unknown" {
    const kept = this.#machines.get(machine.id);
    if (kept === undefined) return "unknown";
    const newest = newerMachine(kept.machine, machine);
    if (newest !== kept.machine) this.#set(machine.id, { ...kept, machine: newest });
    const isKnown =
      newest.currentRunId === null
        ? kept.run === null || isRunEnded(kept.run.status)
        : newest.currentRunId === kept.run?.id;
    return isKnown ? "taken" : "unknown";
  }

  #putState(state: MachineState): "taken" | "unknown" {
    const kept = this.#machines.get(state.machineId);
    if (kept === undefined) return "unknown";
    const newest = newest2(newerMachineState, kept.state, state);
    if (newest !== kept.state) this.#set(state.machineId, { ...kept, state: newest });
    return "taken";
  }

  #putLease(lease: Lease): "taken" | "unknown" {
    const kept = this.#machines.get(lease.machineId);
    if (kept === undefined) return "unknown";
    const newest = newest2(newerLease, kept.lease, lease);
    if (newest !== kept.lease) this.#set(lease.machineId, { ...kept, lease: newest });
    return "taken";
  }

  #putRunState(runState: RunState): "taken" | "unknown" {
    const machineId = this.#machineOfRun.get(runState.runId);
    const kept = machineId === undefined ? undefined : this.#machines.get(machineId);
    // A run that ended or has been followed by another may still speak; a run not heard of yet is announced by its
    // machine.
    if (kept === undefined || kept.run?.id !== runState.runId) return "taken";
    const newest = newest2(newerRunState, kept.runState, runState);
    if (newest !== kept.runState) this.#set(kept.machine.id, { ...kept, runState: newest });
    return "taken";
  }

  #set(id: string, next: FleetMachine): void {
    const kept = this.#machines.get(id);
    if (kept === next) return;
    if (kept?.run && kept.run.id !== next.run?.id) this.#machineOfRun.delete(kept.run.id);
    this.#machines.set(id, next);
    if (next.run !== null) this.#machineOfRun.set(next.run.id, id);
    this.#live = null;
  }

  #remove(id: string): void {
    const run = this.#machines.get(id)?.run;
    if (run) this.#machineOfRun.delete(run.id);
    this.#machines.delete(id);
  }

  putSteps(_steps: readonly StepExecution[]): void {
    // The fleet keeps no steps.
  }

  gap() {
    return null;
  }

  scopes(): readonly FeedScope[] {
    return [fleetScope];
  }

  live(): LiveFleet {
    this.#live ??= { serverTime: this.#serverTime, machines: [...this.#machines.values()] };
    return this.#live;
  }
}

const fleetScope: FeedScope = {
  name: "fleet",
  bindings: [
    { table: "machines" },
    { table: "machine_state" },
    { table: "machine_leases" },
    { table: "process_execution_state" },
  ],
};

/** True when nothing differs of what changes tell of. */
const hasSameTold = (a: FleetMachine, b: FleetMachine): boolean =>
  a.machine === b.machine &&
  a.state === b.state &&
  a.lease === b.lease &&
  (a.runState?.runId !== b.runState?.runId || a.runState === b.runState);

function merge(kept: FleetMachine, next: FleetMachine, isLatest: boolean): FleetMachine {
  const run =
    kept.run && kept.run.id === next.run?.id ? newerRun(kept.run, next.run) : isLatest ? next.run : kept.run;
  const runStates = [kept.runState, next.runState].filter((state) => state?.runId === run?.id);
  return {
    machine: newerMachine(kept.machine, next.machine),
    state: newest2(newerMachineState, kept.state, next.state),
    lease: newest2(newerLease, kept.lease, next.lease),
    run,
    runState: newest2(newerRunState, runStates[0] ?? null, runStates[1] ?? null),
    lastDeviation: isLatest ? next.lastDeviation : kept.lastDeviation,
  };
}

function newest2<T>(newer: (kept: T, next: T) => T, kept: T | null, next: T | null): T | null {
  if (kept === null || next === null) return kept ?? next;
  return newer(kept, next);
}
