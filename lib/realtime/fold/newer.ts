import { type Command, commandRank } from "#lib/model/command.ts";
import type { Lease } from "#lib/model/lease.ts";
import type { Machine, MachineState } from "#lib/model/machine.ts";
import { isRunEnded, type Run, type RunState } from "#lib/model/run.ts";
import { deviationOf, type StepExecution } from "#lib/model/step.ts";
import { keepSame } from "./same-value.ts";

// Of two readings of one row, the newer, whatever order they arrive in; the kept object itself when nothing changed.
// Each rule rests on something the database only ever moves forward. Guarded by newer.test.ts.

type Newer<T> = (kept: T, next: T) => T;

const by =
  <T>(isOlder: (next: T, kept: T) => boolean): Newer<T> =>
  (kept, next) =>
    isOlder(next, kept) ? kept : keepSame(kept, next);

export const newerMachine: Newer<Machine> = by((next, kept) => next.version < kept.version);
export const newerMachineState: Newer<MachineState> = by((next, kept) => next.updatedAt < kept.updatedAt);
export const newerRunState: Newer<RunState> = by((next, kept) => next.revision < kept.revision);

export const newerLease: Newer<Lease> = by(
  (next, kept) =>
    next.fenceToken < kept.fenceToken ||
    (next.fenceToken === kept.fenceToken && next.renewedAt < kept.renewedAt),
);

export const newerCommand: Newer<Command> = (kept, next) => {
  const latest = commandRank(next.status) < commandRank(kept.status) ? kept : next;
  return keepSame(kept, { ...latest, requestedByName: kept.requestedByName ?? next.requestedByName });
};

/** A run's end is final; before it, the later change and the longer history win. The frozen program is never lost. */
export const newerRun: Newer<Run> = (kept, next) => {
  const latest = isOlderRun(next, kept) ? kept : next;
  const other = latest === kept ? next : kept;
  return keepSame(kept, {
    ...latest,
    program: latest.program ?? other.program,
    recipeName: latest.recipeName ?? other.recipeName,
    recipeRevision: latest.recipeRevision ?? other.recipeRevision,
    lastSeq: Math.max(kept.lastSeq, next.lastSeq),
    deviationCount: Math.max(kept.deviationCount, next.deviationCount),
  });
};

function isOlderRun(next: Run, kept: Run): boolean {
  if (isRunEnded(next.status) !== isRunEnded(kept.status)) return isRunEnded(kept.status);
  if (next.updatedAt !== kept.updatedAt) return next.updatedAt < kept.updatedAt;
  return next.lastSeq < kept.lastSeq;
}

/** Step executions are only ever completed: what one reading knows and the other does not yet, is filled in. */
export const newerStep: Newer<StepExecution> = (kept, next) => {
  if (kept === next) return kept;
  const plannedMs = next.plannedMs ?? kept.plannedMs;
  const measuredMs = next.measuredMs ?? kept.measuredMs;
  const endReason =
    kept.endReason === null || kept.endReason === "next"
      ? (next.endReason ?? kept.endReason)
      : kept.endReason;
  return keepSame(kept, {
    ...next,
    plannedMs,
    measuredMs,
    ...deviationOf(plannedMs, measuredMs, endReason),
    endedAt: next.endedAt ?? kept.endedAt,
    endReason,
    deviceStartedAt: next.deviceStartedAt ?? kept.deviceStartedAt,
    pulse: next.pulse ?? kept.pulse,
  });
};
