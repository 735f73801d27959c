import { queryOptions } from "@tanstack/react-query";
import { type Client, read } from "#lib/supabase/call.ts";
import { rowReader } from "#lib/supabase/rows/row.ts";

/** What others save is seen this soon. */
const READ_AGAIN_MS = 15_000;

const newest = rowReader("recipes", (row) => row.number("version"));

/** The newest version of a recipe, asked again and again; null when it is not there. */
export const newestVersionQuery = (client: Client, recipeId: string) =>
  queryOptions({
    queryKey: ["recipe", recipeId, "newest"],
    queryFn: async ({ signal }) => {
      const { data } = await read(
        "read the newest version of the recipe",
        (aborted) =>
          client.from("recipes").select("version").eq("id", recipeId).abortSignal(aborted).maybeSingle(),
        { signal },
      );
      return data === null ? null : newest(data);
    },
    refetchInterval: READ_AGAIN_MS,
    refetchOnWindowFocus: "always",
  });
