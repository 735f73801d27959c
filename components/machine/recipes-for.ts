// Guarded by recipes-for.test.ts.

import type { Machine } from "#lib/model/machine.ts";
import type { RecipeSummary } from "#lib/model/recipe.ts";

/** The recipes this machine can play: Postgres refuses a start of any that was written for another type of machine. */
export const recipesFor = (
  { machineType }: Pick<Machine, "machineType">,
  recipes: readonly RecipeSummary[],
): readonly RecipeSummary[] =>
  machineType === null ? recipes : recipes.filter((recipe) => recipe.machineType === machineType);
