import { Fact, Facts } from "#components/ui/facts.tsx";
import type { Program } from "#lib/model/program.ts";
import { formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import type { PlanTime } from "#lib/view/plan-time.ts";
import { formatSetting } from "#lib/view/quantity.ts";

interface RecipeFactsProps {
  readonly program: Program;
  readonly time: PlanTime;
}

/** What a program comes to, and at which set-points. */
export function RecipeFacts({ program: { recipe, totals }, time }: RecipeFactsProps) {
  return (
    <div className="border-b border-line px-4 py-3">
      <Facts className="grid-cols-2 sm:grid-cols-4">
        <Fact label="Planned">{formatDuration(time.plannedMs)}</Fact>
        <Fact label="Usually">
          {time.usual === null ? "not known yet" : formatDuration(time.usual.middle)}
        </Fact>
        <Fact label="Cycles">{formatCount(totals.cycles)}</Fact>
        <Fact label="Steps">{formatCount(totals.steps)}</Fact>
        <Fact label="Temperature">{formatSetting(recipe.chamber_temperature_set_point, "°C")}</Fact>
        <Fact label="Pressure">{formatSetting(recipe.pressure_set_point, "Torr")}</Fact>
        <Fact label="Substrate" className="col-span-2">
          <bdi>{recipe.substrate ?? "any"}</bdi>
        </Fact>
      </Facts>
    </div>
  );
}
