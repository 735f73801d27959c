import type { RecipeParts } from "#lib/model/recipe.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { recipePartsRow } from "#lib/supabase/rows/recipe.ts";

/** What a recipe can be written with. Throws ReadFault. */
export async function fetchRecipeParts(client: Client, options?: CallOptions): Promise<RecipeParts> {
  const { data } = await read(
    "read what a recipe can be written with",
    (signal) => client.rpc("recipe_parts").abortSignal(signal),
    options,
  );
  return recipePartsRow(data);
}
