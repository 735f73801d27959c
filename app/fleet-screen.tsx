"use client";

import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useFleetHeader } from "#app/use-header.ts";
import { FleetGrid } from "#components/fleet/fleet-grid.tsx";
import { fleetSummary } from "#components/fleet/fleet-summary.ts";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import { useFleetFeed, useNow } from "#lib/realtime/use-feed.ts";
import { fleetTiles } from "#lib/view/fleet-tiles.ts";

/** Which machine needs me, which finishes next: drawn by the server first, kept true by the feed. */
export function FleetScreen({ initial }: { readonly initial: FleetSnapshot }) {
  const { data, feed, clock } = useFleetFeed(useRuntimeConfig(), initial);
  const now = useNow(clock, "second", initial.serverTime);
  const tiles = fleetTiles(data, now);
  const zoneOf = (machineId: string) =>
    data.machines.find(({ machine }) => machine.id === machineId)?.machine.timezone ?? "UTC";

  useFleetHeader({ fleet: data, feed, now });

  return (
    <Page>
      <PageHeading title="Fleet" note={fleetSummary(tiles, now, zoneOf)} />
      <FleetGrid tiles={tiles} now={now} zoneOf={zoneOf} />
    </Page>
  );
}
