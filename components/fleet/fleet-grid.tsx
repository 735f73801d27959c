import { FleetTileCard } from "#components/fleet/fleet-tile.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { EpochMs } from "#lib/time.ts";
import type { FleetTile } from "#lib/view/fleet-tiles.ts";

interface FleetGridProps {
  /** In order of need. */
  readonly tiles: readonly FleetTile[];
  readonly now: EpochMs;
  readonly zoneOf: (machineId: string) => string;
}

export function FleetGrid({ tiles, now, zoneOf }: FleetGridProps) {
  if (tiles.length === 0) {
    return (
      <EmptyState title="No machines yet">
        A machine appears here as soon as it has a row in the database. See docs/connecting-a-controller.md.
      </EmptyState>
    );
  }
  return (
    <ul className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,18rem),1fr))] gap-3 sm:gap-4">
      {tiles.map((tile) => (
        <li key={tile.machineId} className="grid max-w-[40rem]">
          <FleetTileCard tile={tile} now={now} zone={zoneOf(tile.machineId)} />
        </li>
      ))}
    </ul>
  );
}
