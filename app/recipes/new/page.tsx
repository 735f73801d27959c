import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { QueryProvider } from "#app/query-provider.tsx";
import { EditorScreen } from "#app/recipes/editor-screen.tsx";
import { whyNoEdit } from "#lib/model/recipe.ts";
import { newId } from "#lib/new-id.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { fetchRecipeParts } from "#lib/queries/recipe-parts.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { newDraft } from "#lib/view/recipe-draft.ts";

const TITLE = "New recipe";
export const metadata: Metadata = { title: TITLE };

export default async function NewRecipePage() {
  const client = await serverClient();
  const read = await orRefusal(Promise.all([fetchRecipeParts(client), fetchFleet(client), currentPerson()]));
  if (!read.ok) return <CannotRead title={TITLE} refusal={read} />;
  const [parts, fleet, person] = read.value;
  if (person === null) redirect("/sign-in?next=/recipes/new");
  return (
    <QueryProvider>
      <EditorScreen
        opened={{ recipeId: newId(), version: 0, tag: null, program: null, description: "" }}
        initial={newDraft(parts.machineTypes[0] ?? "thermal-ald", newId)}
        parts={parts}
        fleet={fleet}
        whyNot={whyNoEdit(person)}
        beginsWith={null}
      />
    </QueryProvider>
  );
}
