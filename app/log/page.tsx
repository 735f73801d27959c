import type { Metadata } from "next";
import { CannotRead } from "#app/cannot-read.tsx";
import { LogScreen } from "#app/log/log-screen.tsx";
import { ENTRIES_PER_PAGE, loadLogParams, logFilter, logPlace } from "#app/log/search-params.ts";
import { orRefusal } from "#app/or-refusal.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { fetchLog, fetchLogChoices } from "#lib/queries/log.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

export const metadata: Metadata = { title: "Log" };

interface LogPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function LogPage({ searchParams }: LogPageProps) {
  const params = await loadLogParams(searchParams);
  const filter = logFilter(params);
  const client = await serverClient();
  const read = await orRefusal(
    Promise.all([
      fetchLog(client, { filter, place: logPlace(params), limit: ENTRIES_PER_PAGE }),
      fetchLogChoices(client),
      fetchFleet(client),
    ]),
  );
  if (!read.ok) return <CannotRead title="Log" refusal={read} />;
  const [page, choices, fleet] = read.value;
  return <LogScreen page={page} filter={filter} choices={choices} fleet={fleet} />;
}
