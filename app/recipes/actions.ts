"use server";

import { carryOut } from "#app/machines/[id]/carry-out.ts";
import { saveRecipeSchema } from "#lib/commands/commands.ts";
import type { Result } from "#lib/result.ts";
import { saveRecipe } from "#lib/supabase/save-recipe.ts";

export async function saveRecipeAction(input: unknown): Promise<Result<{ version: number }>> {
  return carryOut(saveRecipeSchema, input, saveRecipe);
}
