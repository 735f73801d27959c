import type { ReactNode } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import type { Program } from "#lib/model/program.ts";
import { type EpochMs, later } from "#lib/time.ts";
import { formatClock, formatDuration, zoneLabel } from "#lib/time-format.ts";
import { counted, formatCount } from "#lib/view/count.ts";
import type { PlanTime } from "#lib/view/plan-time.ts";
import { formatSetting } from "#lib/view/quantity.ts";

interface PlanCardProps {
  readonly program: Program;
  readonly time: PlanTime;
  /** Server time: the end is told as if the run began now. */
  readonly now: EpochMs;
  readonly zone: string;
}

/** What running this recipe means: how long by the plan, how long by experience, how much, at which set-points. */
export function PlanCard({ program: { recipe, totals }, time, now, zone }: PlanCardProps) {
  return (
    <Card aria-label="Plan">
      <CardHeader
        title={
          <bdi className="line-clamp-2 break-all" dir="auto">
            {recipe.name}
          </bdi>
        }
        note={`version ${recipe.version}`}
      />
      <div className="grid gap-4 p-4">
        <Facts className="grid-cols-1 sm:grid-cols-3">
          <Fact label="Planned" isLarge>
            {formatDuration(time.plannedMs)}
          </Fact>
          <Fact label="Usually" isLarge={time.usual !== null} note={usualNote(time)}>
            {usualText(time)}
          </Fact>
          <Fact label="Would end, started now" isLarge note={zoneLabel(now, zone)}>
            {endText(time, now, zone)}
          </Fact>
        </Facts>
        <Facts className="grid-cols-2 border-t border-line pt-3 sm:grid-cols-5">
          <Fact label="Cycles">{formatCount(totals.cycles)}</Fact>
          <Fact label="Steps">{formatCount(totals.steps)}</Fact>
          <Fact label="Temperature">{formatSetting(recipe.chamber_temperature_set_point, "°C")}</Fact>
          <Fact label="Pressure">{formatSetting(recipe.pressure_set_point, "Torr")}</Fact>
          <Fact label="Substrate">{recipe.substrate ?? "any"}</Fact>
        </Facts>
      </div>
    </Card>
  );
}

/** A band narrower than this part of it is one time. */
const NARROW = 0.01;

function usualText({ usual, runs }: PlanTime): ReactNode {
  if (usual === null) return runs === 0 ? "no history yet" : `only ${counted(runs, "run")} yet`;
  if (usual.to - usual.from <= NARROW * usual.middle) return formatDuration(usual.middle);
  return (
    <>
      <span className="whitespace-nowrap">{formatDuration(usual.from)}</span> to{" "}
      <span className="whitespace-nowrap">{formatDuration(usual.to)}</span>
    </>
  );
}

const usualNote = ({ usual, runs }: PlanTime): string | null =>
  usual === null ? null : `8 of 10 of its last ${counted(runs, "run")}`;

function endText({ plannedMs, usual }: PlanTime, now: EpochMs, zone: string): string {
  const at = (ms: number) => formatClock(later(now, ms), zone, "minute");
  const [from, to] = usual === null ? [at(plannedMs), at(plannedMs)] : [at(usual.from), at(usual.to)];
  const day = formatClock(later(now, usual?.to ?? plannedMs), zone, "date");
  const when = from === to ? from : `${from} to ${to}`;
  return day === formatClock(now, zone, "date") ? when : `${when}, ${day}`;
}
