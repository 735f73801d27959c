import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { CannotRead } from "#app/cannot-read.tsx";
import { readMachine } from "#app/machines/[id]/read-machine.ts";
import { loadStartParams } from "#app/machines/[id]/start/search-params.ts";
import { StartScreen } from "#app/machines/[id]/start/start-screen.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { QueryProvider } from "#app/query-provider.tsx";
import { fetchRecipeChoices, fetchStartReview } from "#lib/queries/start.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { nameText } from "#lib/view/name-text.ts";

interface StartPageProps {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: StartPageProps): Promise<Metadata> {
  const read = await readMachine((await params).id);
  if (!read.ok) return { title: "Start a run" };
  return { title: read.value ? `Start a run on ${nameText(read.value.machine.name)}` : "No such machine" };
}

/** What must be known before a run is started; reading it changes nothing. No loading.tsx, as for the machine's page. */
export default async function StartPage({ params, searchParams }: StartPageProps) {
  const { id } = await params;
  const { recipe } = await loadStartParams(searchParams);
  const [machine, person] = await Promise.all([readMachine(id), orRefusal(currentPerson())]);
  const title = "Start a run";
  if (!machine.ok) return <CannotRead title={title} refusal={machine} />;
  if (!person.ok) return <CannotRead title={title} refusal={person} />;
  if (!person.value) redirect(`/sign-in?next=${encodeURIComponent(`/machines/${id}/start`)}`);
  if (!machine.value) notFound();

  const client = await serverClient();
  const [choices, reading] = await Promise.all([
    orRefusal(fetchRecipeChoices(client, id)),
    recipe === null ? null : orRefusal(fetchStartReview(client, id, recipe)),
  ]);
  if (!choices.ok) return <CannotRead title={title} refusal={choices} />;
  if (reading?.ok === false) return <CannotRead title={title} refusal={reading} />;
  return (
    <QueryProvider>
      <StartScreen
        initial={machine.value}
        person={person.value}
        choices={choices.value}
        recipeId={recipe}
        reading={reading?.value ?? null}
      />
    </QueryProvider>
  );
}
