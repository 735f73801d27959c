import { queryOptions } from "@tanstack/react-query";
import type { RecipeChoice, StartReading } from "#lib/model/start-review.ts";
import { ask, type CallOptions, type Client, ReadFault, read } from "#lib/supabase/call.ts";
import { recipeChoiceRow, startReviewRow } from "#lib/supabase/rows/start-review.ts";

/** Recipes for this machine's type, those it ran last first. Throws ReadFault. */
export async function fetchRecipeChoices(
  client: Client,
  machineId: string,
  options?: CallOptions,
): Promise<RecipeChoice[]> {
  const { data } = await read(
    "read the recipes",
    (signal) => client.rpc("recipe_choices", { p_machine_id: machineId }).abortSignal(signal),
    options,
  );
  return Array.isArray(data) ? data.map(recipeChoiceRow) : [];
}

/** Postgres does not take the text for an id at all. */
const NOT_AN_ID = "22P02";

/** What must be known before this recipe is started on this machine, at this moment. Throws ReadFault. */
export async function fetchStartReview(
  client: Client,
  machineId: string,
  recipeId: string,
  options?: CallOptions,
): Promise<StartReading> {
  const answer = await ask(
    "read what must hold before a start",
    (signal) =>
      client.rpc("start_review", { p_machine_id: machineId, p_recipe_id: recipeId }).abortSignal(signal),
    options,
  );
  if (answer.ok) return answer.data === null ? { kind: "missing" } : startReviewRow(answer.data);
  if (answer.status === 422) return { kind: "malformed", problem: answer.message };
  if (answer.code === NOT_AN_ID) return { kind: "missing" };
  throw new ReadFault(answer);
}

export const startReviewQuery = (client: Client, machineId: string, recipeId: string) =>
  queryOptions({
    queryKey: ["start review", machineId, recipeId],
    queryFn: ({ signal }) => fetchStartReview(client, machineId, recipeId, { signal }),
  });
