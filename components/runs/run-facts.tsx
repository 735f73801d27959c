import Link from "next/link";
import { Fact, Facts } from "#components/ui/facts.tsx";
import type { Machine } from "#lib/model/machine.ts";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { formatClock, formatDuration, zoneLabel } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

interface RunFactsProps {
  readonly run: Run;
  readonly machine: Machine;
  readonly operatorName: string | null;
  readonly now: EpochMs;
}

/** What was run, where, by whom, when. Times in the machine's zone. */
export function RunFacts({ run, machine, operatorName, now }: RunFactsProps) {
  const zone = machine.timezone;
  const isEnded = isRunEnded(run.status);
  return (
    <Facts>
      <Fact
        label="Machine"
        note={machine.serialNumber === machine.name ? machine.location : machine.serialNumber}
      >
        <Link href={`/machines/${machine.id}`} className="link">
          {machine.name}
        </Link>
      </Fact>
      <Fact label="Recipe" note={run.recipeRevision === null ? null : `version ${run.recipeRevision}`}>
        {run.recipeName ?? "–"}
      </Fact>
      <Fact
        label="Operator"
        note={run.driver ? `driver ${run.driver}${run.speed === 1 ? "" : `, ${run.speed} × speed`}` : null}
      >
        {operatorName ?? "–"}
      </Fact>
      <Fact label="Started" note={zoneLabel(run.startTime, zone)}>
        {formatClock(run.startTime, zone, "date-time")}
      </Fact>
      <Fact
        label={isEnded ? "Ended" : "Running for"}
        note={isEnded ? `after ${formatDuration(elapsed(run.startTime, run.endTime ?? now))}` : null}
      >
        {run.endTime === null
          ? formatDuration(elapsed(run.startTime, now))
          : formatClock(run.endTime, zone, "time")}
      </Fact>
      <Fact label="Planned" note={run.totalCycles === null ? null : `${formatCount(run.totalCycles)} cycles`}>
        {run.plannedMs === null ? "–" : formatDuration(run.plannedMs)}
      </Fact>
      <Fact
        label="Steps recorded"
        note={run.totalSteps === null ? null : `of ${formatCount(run.totalSteps)}`}
      >
        {formatCount(run.lastSeq)}
      </Fact>
      <Fact label="Deviations" note="> 25 ms and > 3 % off">
        {formatCount(run.deviationCount)}
      </Fact>
    </Facts>
  );
}
