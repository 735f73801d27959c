"use client";

import { useState } from "react";
import type { LiveFleet } from "#lib/model/snapshot.ts";
import type { EpochMs } from "#lib/time.ts";
import { type FleetOrder, orderByNeed } from "#lib/view/fleet-order.ts";
import { type FleetTile, fleetTile } from "#lib/view/fleet-tiles.ts";

type Glance = {
  readonly now: EpochMs;
  readonly statuses: string;
  readonly tiles: readonly FleetTile[];
  readonly order: FleetOrder;
};

/** All machines at once, for what is said of all: looked over each second and when a status changes, not with each step. */
export function useFleetGlance(fleet: LiveFleet, now: EpochMs, knownAt: EpochMs): Glance {
  const statuses = fleet.machines
    .map(({ machine }) => `${machine.id} ${machine.status} ${machine.currentRunId}`)
    .join();
  const [kept, keep] = useState<Glance>(() => look(null, fleet, { now, knownAt, statuses }));
  if (kept.now === now && kept.statuses === statuses) return kept;
  const glance = look(kept.order, fleet, { now, knownAt, statuses });
  keep(glance);
  return glance;
}

type Moment = { now: EpochMs; knownAt: EpochMs; statuses: string };

function look(before: FleetOrder | null, fleet: LiveFleet, { now, knownAt, statuses }: Moment): Glance {
  const tiles = fleet.machines.map((each) => fleetTile(each, now, knownAt));
  return { now, statuses, tiles, order: orderByNeed(before, tiles, now) };
}
