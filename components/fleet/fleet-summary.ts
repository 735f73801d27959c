import { machineStatuses, machineStatusLabel } from "#lib/model/machine.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClock } from "#lib/time-format.ts";
import type { FleetTile } from "#lib/view/fleet-tiles.ts";
import { nameText } from "#lib/view/name-text.ts";

/** The fleet in a sentence: how many are in which status, and which finishes next. */
export function fleetSummary(
  tiles: readonly FleetTile[],
  now: EpochMs,
  zoneOf: (machineId: string) => string,
): string {
  const counts = machineStatuses
    .map((status) => ({ status, count: tiles.filter((tile) => tile.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${machineStatusLabel(status).toLowerCase()}`);
  const next = tiles
    .flatMap((tile) =>
      tile.finishAt !== null && tile.finishAt >= now ? [{ ...tile, finishAt: tile.finishAt }] : [],
    )
    .toSorted((a, b) => a.finishAt - b.finishAt)[0];
  const finish = next
    ? [
        `${nameText(next.name)} finishes next, at ${formatClock(next.finishAt, zoneOf(next.machineId), "minute")}`,
      ]
    : [];
  return [counts.join(", "), ...finish].filter(Boolean).join("; ");
}
