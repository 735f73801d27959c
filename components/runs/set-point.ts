import type { Run } from "#lib/model/run.ts";
import type { TrendSeries } from "#lib/model/timeline.ts";

/** What this run's frozen recipe wants of a measured value; what the machine was set to where the recipe does not say. */
export function setPointOf(run: Run, { name, setPoint }: TrendSeries): number | null {
  const recipe = run.program?.recipe;
  if (name === "chamber_temperature") return recipe?.chamber_temperature_set_point ?? setPoint;
  if (name === "chamber_pressure") return recipe?.pressure_set_point ?? setPoint;
  return setPoint;
}
