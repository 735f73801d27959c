import type { Metadata } from "next";
import { CannotRead } from "#app/cannot-read.tsx";
import { FleetScreen } from "#app/fleet-screen.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

export const metadata: Metadata = { title: "Fleet" };

export default async function FleetPage() {
  const fleet = await orRefusal(fetchFleet(await serverClient()));
  return fleet.ok ? <FleetScreen initial={fleet.value} /> : <CannotRead title="Fleet" refusal={fleet} />;
}
