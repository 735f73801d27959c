import "server-only";
import { cache } from "react";
import { isId } from "#app/address/parsers.ts";
import { orRefusal } from "#app/or-refusal.ts";
import { fetchRecipe } from "#lib/queries/recipes.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

/** The recipe of this request, read once for the page and its title; null when there is none. */
export const readRecipe = cache(async (id: string) => {
  if (!isId(id)) return { ok: true as const, value: null };
  return orRefusal(fetchRecipe(await serverClient(), id));
});
