import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { RecipesScreen } from "#app/recipes/recipes-screen.tsx";
import { loadRecipesParams } from "#app/recipes/search-params.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { fetchRecipes } from "#lib/queries/recipes.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

export const metadata: Metadata = { title: "Recipes" };

interface RecipesPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function RecipesPage({ searchParams }: RecipesPageProps) {
  const { text } = await loadRecipesParams(searchParams);
  const client = await serverClient();
  const read = await orRefusal(
    Promise.all([fetchRecipes(client, text), fetchFleet(client), currentPerson()]),
  );
  if (!read.ok) return <CannotRead title="Recipes" refusal={read} />;
  const [list, fleet, person] = read.value;
  if (person === null) redirect("/sign-in?next=/recipes");
  return <RecipesScreen list={list} fleet={fleet} person={person} />;
}
