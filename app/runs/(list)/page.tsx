import type { Metadata } from "next";
import { placeIn } from "#app/address/list-parsers.ts";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { RunsScreen } from "#app/runs/runs-screen.tsx";
import { loadRunsParams, RUNS_PER_PAGE, runFilter, runOrder } from "#app/runs/search-params.ts";
import type { RunPage, RunPlace } from "#lib/model/run-list.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import {
  countRuns,
  fetchRunChoices,
  fetchRuns,
  fetchRunsBefore,
  type RunRequest,
} from "#lib/queries/runs.ts";
import type { Client } from "#lib/supabase/call.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

export const metadata: Metadata = { title: "Runs" };

interface RunsPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function RunsPage({ searchParams }: RunsPageProps) {
  const params = await loadRunsParams(searchParams);
  const [filter, order] = [runFilter(params), runOrder(params)];
  const [after, before] = [placeIn(order.sort, params.after), placeIn(order.sort, params.before)];
  const client = await serverClient();
  const read = await orRefusal(
    Promise.all([
      pageOf(client, { filter, order, after, limit: RUNS_PER_PAGE }, before),
      countRuns(client, filter),
      fetchFleet(client),
      fetchRunChoices(client),
    ]),
  );
  if (!read.ok) return <CannotRead title="Runs" refusal={read} />;

  const [page, count, fleet, choices] = read.value;
  return <RunsScreen page={page} count={count} fleet={fleet} choices={choices} />;
}

/** A page with whether runs stand before it. Too near to the beginning to be full, it is the first page itself. */
async function pageOf(
  client: Client,
  request: RunRequest,
  before: RunPlace | null,
): Promise<RunPage & { isFirst: boolean }> {
  if (request.after === null && before !== null) {
    const { isBeginning, ...page } = await fetchRunsBefore(client, { ...request, before });
    if (!isBeginning) return { ...page, isFirst: false };
  }
  return { ...(await fetchRuns(client, request)), isFirst: request.after === null };
}
