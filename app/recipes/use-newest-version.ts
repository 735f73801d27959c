"use client";

import { useQuery } from "@tanstack/react-query";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { newestVersionQuery } from "#lib/queries/recipe-newest.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";

/** The newest version of a recipe as far as is known; at first the one that the page was made with. */
export function useNewestVersion(recipeId: string, shown: number): number {
  const query = newestVersionQuery(browserClient(useRuntimeConfig()), recipeId);
  const { data } = useQuery({ ...query, enabled: shown > 0 });
  return Math.max(shown, data ?? shown);
}
