import { type MachineStatus, machineStatusLabel } from "#lib/model/machine.ts";
import { type Origin, originOf } from "#lib/model/origin.ts";
import type { FleetMachine } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { runProgress } from "./progress.ts";
import { LEASE_PERIOD, type Staleness, staleness } from "./staleness.ts";

export const attentions = ["alarm", "stale", "stopping", "running", "none", "offline"] as const;
/** Why a machine wants to be looked at, most urgent first. */
export type Attention = (typeof attentions)[number];

export type FleetTile = {
  machineId: string;
  name: string;
  serialNumber: string;
  location: string | null;
  status: MachineStatus;
  statusLabel: string;
  attention: Attention;
  attentionReason: string | null;
  /** The run on the machine now; null when there is none. */
  runId: string | null;
  recipeName: string | null;
  cycle: number | null;
  totalCycles: number | null;
  fraction: number | null;
  finishAt: EpochMs | null;
  isOverrun: boolean;
  lastDeviation: { seq: number; stepName: string; deviationMs: DurationMs | null; at: EpochMs } | null;
  deviationCount: number;
  /** Age of the controller's last word; null when no controller holds the machine and none needs to. */
  age: Staleness | null;
  origin: Origin;
};

/** Where the figures of a machine come from, by what holds it now, else by its last run. */
export const machineOrigin = ({
  lease,
  run,
  machine,
}: Pick<FleetMachine, "lease" | "run" | "machine">): Origin =>
  originOf(lease ?? run ?? { driver: null, isSimulated: machine.isVirtual });

/**
 * What a machine shows of itself at a glance, at server time `now`. `knownAt`: the latest moment the page knows anything
 * about; a controller is not called silent for what came later.
 */
export function fleetTile(each: FleetMachine, now: EpochMs, knownAt = now): FleetTile {
  const { machine } = each;
  const run = each.run !== null && each.run.id === machine.currentRunId ? each.run : null;
  const progress = run === null ? null : runProgress({ run, runState: each.runState }, now);
  const age = leaseAge(each, now);
  const [attention, attentionReason] = attentionOf(each, leaseAge(each, knownAt));
  return {
    machineId: machine.id,
    name: machine.name,
    serialNumber: machine.serialNumber,
    location: machine.location,
    status: machine.status,
    statusLabel: machineStatusLabel(machine.status),
    attention,
    attentionReason,
    runId: run?.id ?? null,
    recipeName: run?.recipeName ?? null,
    cycle: progress?.cycle ?? null,
    totalCycles: progress?.totalCycles ?? null,
    fraction: progress?.fraction ?? null,
    finishAt: progress?.finishAt ?? null,
    isOverrun: progress?.isOverrun ?? false,
    lastDeviation: run && each.lastDeviation?.runId === run.id ? deviation(each.lastDeviation) : null,
    deviationCount: run?.deviationCount ?? 0,
    age,
    origin: machineOrigin(each),
  };
}

const deviation = (step: StepExecution) => ({
  seq: step.seq,
  stepName: step.stepName,
  deviationMs: step.deviationMs,
  at: step.endedAt ?? step.startedAt,
});

const isMoving = (status: MachineStatus): boolean => status === "processing" || status === "stopping";

function leaseAge({ machine, lease }: FleetMachine, now: EpochMs): Staleness | null {
  if (lease === null && !isMoving(machine.status)) return null;
  const ageMs = lease === null ? null : durationMs(Math.max(0, elapsed(lease.renewedAt, now)));
  return staleness(ageMs, LEASE_PERIOD);
}

function attentionOf({ machine, state }: FleetMachine, age: Staleness | null): [Attention, string | null] {
  const { status } = machine;
  if (status === "error") return ["alarm", state?.failureDescription ?? "A person must clear the error."];
  if (status === "unknown")
    return ["alarm", "The controller was lost during a run; a person must reconcile it."];
  if (isMoving(status) && age !== null && age.level !== "fresh") {
    return ["stale", `The controller has not been heard of: ${age.label ?? "no data"}.`];
  }
  if (status === "stopping") return ["stopping", "Stopping was requested."];
  if (status === "processing") return ["running", null];
  if (status === "offline") return ["offline", null];
  return ["none", null];
}
