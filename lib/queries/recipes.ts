import { queryOptions } from "@tanstack/react-query";
import type { Program } from "#lib/model/program.ts";
import type { RecipeDurations, RecipeList, RecipePage } from "#lib/model/recipe.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import {
  recipeDurationsRow,
  recipeListRow,
  recipePageRow,
  recipeVersionRow,
} from "#lib/supabase/rows/recipe.ts";

/** Recipes in whose words all of `text` stands, those that ran last first. Throws ReadFault. */
export async function fetchRecipes(client: Client, text: string, options?: CallOptions): Promise<RecipeList> {
  const { data } = await read(
    "read the recipes",
    (signal) => client.rpc("list_recipes", { p_text: text }).abortSignal(signal),
    options,
  );
  return recipeListRow(data);
}

/** A recipe with its versions, null when there is none. Throws ReadFault. */
export async function fetchRecipe(
  client: Client,
  recipeId: string,
  options?: CallOptions,
): Promise<RecipePage | null> {
  const { data } = await read(
    "read the recipe",
    (signal) => client.rpc("recipe_page", { p_recipe_id: recipeId }).abortSignal(signal),
    options,
  );
  return data === null ? null : recipePageRow(data);
}

/** The program of one version, null when it is not there or cannot be read. Throws ReadFault. */
export async function fetchRecipeVersion(
  client: Client,
  recipeId: string,
  version: number,
  options?: CallOptions,
): Promise<Program | null> {
  const { data } = await read(
    "read a version of the recipe",
    (signal) =>
      client.rpc("recipe_version", { p_recipe_id: recipeId, p_version: version }).abortSignal(signal),
    options,
  );
  return recipeVersionRow(data);
}

/** How long the steps of a recipe really took in its newest runs. Throws ReadFault. */
export async function fetchRecipeDurations(
  client: Client,
  recipeId: string,
  options?: CallOptions,
): Promise<RecipeDurations> {
  const { data } = await read(
    "read how long its steps took",
    (signal) => client.rpc("recipe_durations", { p_recipe_id: recipeId }).abortSignal(signal),
    options,
  );
  return recipeDurationsRow(data);
}

export const recipeDurationsQuery = (client: Client, recipeId: string) =>
  queryOptions({
    queryKey: ["recipe", recipeId, "durations"],
    queryFn: ({ signal }) => fetchRecipeDurations(client, recipeId, { signal }),
  });
