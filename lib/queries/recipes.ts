import { queryOptions } from "@tanstack/react-query";
import { parseProgram } from "#lib/model/program.ts";
import type { Recipe, RecipeSummary } from "#lib/model/recipe.ts";
import { ask, type CallOptions, type Client, ReadFault, read } from "#lib/supabase/call.ts";
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

/**
 * A recipe with the program that a run started now would freeze; null when there is none. A malformed recipe still
 * comes back, with the sentence that says why it cannot run.
 */
async function fetchRecipe(client: Client, recipeId: string, options?: CallOptions): Promise<Recipe | null> {
  const [{ data }, program] = await Promise.all([
    read(
      "read the recipe",
      (signal) =>
        client.from("recipes").select().eq("id", recipeId).retry(false).abortSignal(signal).maybeSingle(),
      options,
    ),
    ask(
      "read the program",
      (signal) => client.rpc("recipe_program", { p_recipe_id: recipeId }).abortSignal(signal),
      options,
    ),
  ]);
  if (data === null) return null;
  const summary = recipeRow(data);
  if (!program.ok) {
    if (program.status !== 422) throw new ReadFault(program);
    return { ...summary, program: null, problem: program.message };
  }
  const parsed = parseProgram(program.data);
  return parsed.ok
    ? { ...summary, program: parsed.program, problem: null }
    : { ...summary, program: null, problem: parsed.message };
}

export const recipesQuery = (client: Client) =>
  queryOptions({ queryKey: ["recipes"], queryFn: ({ signal }) => fetchRecipes(client, { signal }) });

export const recipeQuery = (client: Client, recipeId: string) =>
  queryOptions({
    queryKey: ["recipe", recipeId],
    queryFn: ({ signal }) => fetchRecipe(client, recipeId, { signal }),
  });
