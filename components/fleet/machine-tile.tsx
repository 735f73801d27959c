import { memo } from "react";
import { FleetTileCard } from "#components/fleet/fleet-tile.tsx";
import type { FleetMachine } from "#lib/model/snapshot.ts";
import type { EpochMs } from "#lib/time.ts";
import { fleetTile } from "#lib/view/fleet-tiles.ts";

interface MachineTileProps {
  readonly machine: FleetMachine;
  readonly now: EpochMs;
  /** Goes with each event of any machine; looked at when the tile is drawn anyway. */
  readonly knownAt: EpochMs;
  readonly zone: string;
  readonly isInSight: boolean;
}

/** One machine of many: drawn again only when it has changed, and out of sight only when its second comes. */
export const MachineTile = memo(function MachineTile({ machine, now, knownAt, zone }: MachineTileProps) {
  return <FleetTileCard tile={fleetTile(machine, now, knownAt)} now={now} zone={zone} />;
}, isAsDrawn);

function isAsDrawn(drawn: MachineTileProps, next: MachineTileProps): boolean {
  const isSameSecond = drawn.now === next.now && drawn.zone === next.zone;
  return isSameSecond && (drawn.machine === next.machine || !next.isInSight);
}
