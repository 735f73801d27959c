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

/** One machine of many: drawn again once a second, and at once when something about it changes that nobody may miss. */
export const MachineTile = memo(function MachineTile({ machine, now, knownAt, zone }: MachineTileProps) {
  return <FleetTileCard tile={fleetTile(machine, now, knownAt)} now={now} zone={zone} />;
}, isAsDrawn);

function isAsDrawn(drawn: MachineTileProps, next: MachineTileProps): boolean {
  const isSameSecond = drawn.now === next.now && drawn.zone === next.zone;
  return isSameSecond && (!next.isInSight || isSameAtAGlance(drawn.machine, next.machine));
}

/** Cycle, time left and ages count in seconds; two hundred tiles that each told every step would leave no frame free. */
const isSameAtAGlance = (a: FleetMachine, b: FleetMachine): boolean =>
  a === b ||
  (a.machine === b.machine &&
    a.state === b.state &&
    a.run?.id === b.run?.id &&
    a.run?.status === b.run?.status &&
    a.run?.deviationCount === b.run?.deviationCount &&
    a.lastDeviation === b.lastDeviation);
