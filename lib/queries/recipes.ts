import type { RecipeSummary } from "#lib/model/recipe.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { recipeRow } from "#lib/supabase/rows/recipe.ts";

/** All recipes by name. Throws ReadFault. */
export async function fetchRecipes(client: Client, options?: CallOptions): Promise<RecipeSummary[]> {
  const { data } = await read(
    "read the recipes",
    (signal) => client.from("recipes").select().order("name").retry(false).abortSignal(signal),
    options,
  );
  return Array.isArray(data) ? data.map(recipeRow) : [];
}
