import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { QueryProvider } from "#app/query-provider.tsx";
import { readRecipe } from "#app/recipes/[id]/read-recipe.ts";
import { EditorScreen } from "#app/recipes/editor-screen.tsx";
import { loadEditParams } from "#app/recipes/search-params.ts";
import type { Program } from "#lib/model/program.ts";
import { type RecipePage, whyNoEdit } from "#lib/model/recipe.ts";
import { newId } from "#lib/new-id.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { fetchRecipeParts } from "#lib/queries/recipe-parts.ts";
import { fetchRecipeVersion } from "#lib/queries/recipes.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { nameText } from "#lib/view/name-text.ts";
import { draftOf, newDraft, type RecipeDraft } from "#lib/view/recipe-draft.ts";

const TITLE = "Edit recipe";
interface EditPageProps {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: EditPageProps): Promise<Metadata> {
  const recipe = await readRecipe((await params).id);
  if (!recipe.ok) return { title: TITLE };
  return { title: recipe.value ? `Edit ${nameText(recipe.value.recipe.name)}` : "No such recipe" };
}

/** No loading.tsx, as for the recipe's page. */
export default async function EditPage({ params, searchParams }: EditPageProps) {
  const { id } = await params;
  const { version } = await loadEditParams(searchParams);
  const recipeRead = await readRecipe(id);
  if (!recipeRead.ok) return <CannotRead title={TITLE} refusal={recipeRead} />;
  const page = recipeRead.value;
  if (page === null) notFound();
  const client = await serverClient();
  const read = await orRefusal(
    Promise.all([
      version === null ? null : fetchRecipeVersion(client, id, version),
      fetchRecipeParts(client),
      fetchFleet(client),
      currentPerson(),
    ]),
  );
  if (!read.ok) return <CannotRead title={TITLE} refusal={read} />;
  const [older, parts, fleet, person] = read.value;
  if (person === null) redirect(`/sign-in?next=/recipes/${id}/edit`);
  const { recipe, program } = page;
  return (
    <QueryProvider>
      <EditorScreen
        opened={{
          recipeId: recipe.id,
          version: recipe.version,
          tag: program.ok ? program.tag : null,
          program: program.ok ? program.program : null,
          description: recipe.description ?? "",
        }}
        {...beginning(page, version, older)}
        parts={parts}
        fleet={fleet}
        whyNot={whyNoEdit(person)}
      />
    </QueryProvider>
  );
}

/** The draft to begin with: the version that was asked for, else the recipe as it is, else a new program under its name. */
function beginning(
  { recipe, program }: RecipePage,
  version: number | null,
  older: Program | null,
): { initial: RecipeDraft; beginsWith: string | null } {
  const description = recipe.description ?? "";
  if (older)
    return {
      initial: draftOf(older, description),
      beginsWith: `This begins with what version ${version} said.`,
    };
  if (program.ok) {
    const missing =
      version === null
        ? null
        : `Version ${version} is not kept, or cannot be read; this begins with the newest.`;
    return { initial: draftOf(program.program, description), beginsWith: missing };
  }
  const { head, steps } = newDraft(recipe.machineType, newId);
  return {
    initial: { head: { ...head, name: recipe.name, description }, steps },
    beginsWith: `The recipe cannot be read as it is (${program.problem}); this begins with a new program.`,
  };
}
