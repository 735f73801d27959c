import { Fact, Facts } from "#components/ui/facts.tsx";
import type { Program } from "#lib/model/program.ts";
import type { RecipeSummary } from "#lib/model/recipe.ts";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

interface RecipeFactsProps {
  readonly recipe: RecipeSummary;
  readonly program: Program;
  readonly finish?: string | null;
}

/** What running this recipe means: how long, how much, at which set-points. */
export function RecipeFacts({ recipe, program, finish = null }: RecipeFactsProps) {
  const { totals } = program;
  return (
    <Facts>
      <Fact label="Total time" {...(finish ? { note: `would end about ${finish}` } : {})}>
        {formatDuration(durationMs(totals.planned_ms))}
      </Fact>
      <Fact label="Cycles">{formatCount(totals.cycles)}</Fact>
      <Fact label="Steps">{formatCount(totals.steps)}</Fact>
      <Fact label="Temperature">{recipe.chamberTemperatureC} °C</Fact>
      <Fact label="Pressure">{recipe.pressureTorr} Torr</Fact>
      <Fact label="Substrate">{recipe.substrate ?? "any"}</Fact>
    </Facts>
  );
}
