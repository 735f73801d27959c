import type { Metadata } from "next";
import { CannotRead } from "#app/cannot-read.tsx";
import { FleetScreen } from "#app/fleet-screen.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { fetchRuns, NEWEST_FIRST } from "#lib/queries/runs.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

export const metadata: Metadata = { title: "Fleet" };

/** How many runs are listed under the machines. */
const LATEST = 8;

export default async function FleetPage() {
  const client = await serverClient();
  const read = await orRefusal(
    Promise.all([
      fetchFleet(client),
      fetchRuns(client, { filter: {}, order: NEWEST_FIRST, after: null, limit: LATEST }),
    ]),
  );
  if (!read.ok) return <CannotRead title="Fleet" refusal={read} />;
  const [fleet, runs] = read.value;
  return <FleetScreen initial={fleet} latest={runs.rows} />;
}
