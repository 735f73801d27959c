import type { Metadata } from "next";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { RunsScreen } from "#app/runs/runs-screen.tsx";
import { loadRunsParams, RUNS_PER_PAGE, runFilter } from "#app/runs/search-params.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { fetchRecipes } from "#lib/queries/recipes.ts";
import { fetchRuns } from "#lib/queries/runs.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

export const metadata: Metadata = { title: "Runs" };

interface RunsPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function RunsPage({ searchParams }: RunsPageProps) {
  const params = await loadRunsParams(searchParams);
  const { page } = params;
  const client = await serverClient();
  const read = await orRefusal(
    Promise.all([
      fetchRuns(client, runFilter(params), { page: page - 1, size: RUNS_PER_PAGE }),
      fetchFleet(client),
      fetchRecipes(client),
    ]),
  );
  if (!read.ok) return <CannotRead title="Runs" refusal={read} />;

  const [runs, fleet, recipes] = read.value;
  return (
    <RunsScreen
      runs={runs}
      page={page}
      fleet={fleet}
      recipes={recipes.map(({ id, name }) => ({ value: id, name }))}
    />
  );
}
