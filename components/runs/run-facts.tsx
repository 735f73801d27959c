import Link from "next/link";
import { Fact, Facts } from "#components/ui/facts.tsx";
import type { Machine } from "#lib/model/machine.ts";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import type { DurationMs } from "#lib/time.ts";
import { formatClock, formatDuration, zoneLabel } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

interface RunFactsProps {
  readonly run: Run;
  readonly machine: Machine;
  readonly zone: string;
  readonly operatorName: string | null;
  /** By the controller's clock; null before the first step. */
  readonly measuredMs: DurationMs | null;
  /** By the database's clock. */
  readonly recordedMs: DurationMs;
}

/** What was run, where, by whom, when, and how long by which clock. */
export function RunFacts({ run, machine, zone, operatorName, measuredMs, recordedMs }: RunFactsProps) {
  const soFar = isRunEnded(run.status) ? "" : ", so far";
  return (
    <Facts className="grid-cols-2 md:grid-cols-4 lg:grid-cols-6">
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
      <Fact label="Operator">{operatorName ?? "–"}</Fact>
      <Fact label="Driver" note="what moved the valves">
        {run.driver ?? "not told"}
      </Fact>
      <Fact label="Started" note={zoneLabel(run.startTime, zone)}>
        {formatClock(run.startTime, zone, "date-time")}
      </Fact>
      <Fact label="Ended">
        {run.endTime === null ? "not yet" : formatClock(run.endTime, zone, "date-time")}
      </Fact>
      <Fact
        label="Planned"
        note={run.totalCycles === null ? "by the recipe" : `${formatCount(run.totalCycles)} cycles`}
      >
        {run.plannedMs === null ? "–" : formatDuration(run.plannedMs)}
      </Fact>
      <Fact label="Measured" note={`controller's clock${soFar}`}>
        {measuredMs === null ? "–" : formatDuration(measuredMs)}
      </Fact>
      <Fact
        label="Recorded"
        note={`database's clock${soFar}${run.speed === 1 ? "" : `, ${run.speed} × speed`}`}
      >
        {formatDuration(recordedMs)}
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
