import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { QueryProvider } from "#app/query-provider.tsx";
import { readRecipe } from "#app/recipes/[id]/read-recipe.ts";
import { RecipeScreen } from "#app/recipes/[id]/recipe-screen.tsx";
import type { Compared } from "#app/recipes/[id]/versions-panel.tsx";
import { loadRecipeParams } from "#app/recipes/search-params.ts";
import type { RecipePage as Recipe } from "#lib/model/recipe.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { fetchRecipeDurations, fetchRecipeVersion } from "#lib/queries/recipes.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { nameText } from "#lib/view/name-text.ts";
import { programDiff } from "#lib/view/program-diff.ts";
import { versionPair } from "#lib/view/version-pair.ts";

interface RecipePageProps {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: RecipePageProps): Promise<Metadata> {
  const recipe = await readRecipe((await params).id);
  if (!recipe.ok) return { title: "Recipe" };
  return { title: recipe.value ? nameText(recipe.value.recipe.name) : "No such recipe" };
}

/** No loading.tsx here or above: once a part of the page has been sent, a recipe that is not there cannot be answered 404. */
export default async function RecipePage({ params, searchParams }: RecipePageProps) {
  const { id } = await params;
  const asked = await loadRecipeParams(searchParams);
  const [recipe, person] = await Promise.all([readRecipe(id), orRefusal(currentPerson())]);
  if (!recipe.ok) return <CannotRead title="Recipe" refusal={recipe} />;
  if (!person.ok) return <CannotRead title="Recipe" refusal={person} />;
  if (!person.value) redirect(`/sign-in?next=/recipes/${id}`);
  if (recipe.value === null) notFound();
  const client = await serverClient();
  const read = await orRefusal(
    Promise.all([fetchFleet(client), fetchRecipeDurations(client, id), compare(recipe.value, asked)]),
  );
  if (!read.ok) return <CannotRead title="Recipe" refusal={read} />;
  const [fleet, durations, compared] = read.value;
  return (
    <QueryProvider>
      <RecipeScreen
        page={recipe.value}
        durations={durations}
        compared={compared}
        fleet={fleet}
        person={person.value}
      />
    </QueryProvider>
  );
}

/** Worked out here: programs may be large, and what differs between them seldom is. */
async function compare(
  { recipe, versions }: Recipe,
  asked: { from: number | null; to: number | null },
): Promise<Compared | null> {
  const pair = versionPair(versions, asked);
  if (pair === null) return null;
  const client = await serverClient();
  const [from, to] = await Promise.all([
    fetchRecipeVersion(client, recipe.id, pair.from),
    fetchRecipeVersion(client, recipe.id, pair.to),
  ]);
  return { ...pair, diff: from && to && programDiff(from, to) };
}
