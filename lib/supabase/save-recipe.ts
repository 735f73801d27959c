import type { SaveRecipeRequest } from "#lib/model/recipe.ts";
import type { Result } from "#lib/result.ts";
import { ask, type Client, forPerson } from "./call.ts";
import type { Json } from "./database.types.ts";
import { rowReader } from "./rows/row.ts";

const savedRow = rowReader("save_recipe", (row) => ({ version: row.number("version") }));
/** Two thousand steps are written within a second; a busy database takes longer. */
const TIMEOUT_MS = 15_000;

/** Saves a recipe as a new version. Sent twice it is saved once. */
export async function saveRecipe(
  client: Client,
  request: SaveRecipeRequest,
): Promise<Result<{ version: number }>> {
  const answer = await ask(
    "save the recipe",
    (signal) =>
      client
        .rpc("save_recipe", {
          p_recipe_id: request.recipeId,
          p_expected_version: request.expectedVersion,
          p_program: request.program as Json,
          p_note: request.note,
          p_expected_program: request.expectedProgram,
        })
        .abortSignal(signal),
    { timeoutMs: TIMEOUT_MS },
  );
  return answer.ok ? { ok: true, ...savedRow(answer.data) } : forPerson(answer);
}
