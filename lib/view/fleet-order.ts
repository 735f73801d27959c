import type { EpochMs } from "#lib/time.ts";
import { attentions, type FleetTile } from "./fleet-tiles.ts";

type Place = {
  readonly attention: FleetTile["attention"];
  readonly runId: string | null;
  /** When the run was expected to end as the machine took this place; an expectation that wavers moves nobody. */
  readonly finishAt: EpochMs | null;
  readonly name: string;
};

/** Where each machine stands among the others. */
export type FleetOrder = {
  readonly places: ReadonlyMap<string, Place>;
  /** Machine ids, the one that needs a person most first. */
  readonly order: readonly string[];
  /** Names of those that came nearer to the front this time, because they need a person more than before. */
  readonly risen: readonly string[];
  /** Since when it is so. */
  readonly since: EpochMs;
};

/**
 * The order by need: running machines by when they finish, others by name. A machine changes its place only when its need
 * or its run changes; the same object as long as nobody does. Guarded by fleet-order.test.ts.
 */
export function orderByNeed(
  before: FleetOrder | null,
  tiles: readonly FleetTile[],
  now: EpochMs,
): FleetOrder {
  const places = new Map(
    tiles.map((tile) => [tile.machineId, placeOf(tile, before?.places.get(tile.machineId))]),
  );
  if (before && isSame(before.places, places)) return before;
  const order = [...places].toSorted(([, a], [, b]) => byPlace(a, b)).map(([id]) => id);
  const risen = [...places].filter(([id, place]) => hasRisen(before?.places.get(id), place));
  return { places, order, risen: risen.map(([, { name }]) => name), since: now };
}

function placeOf({ attention, runId, finishAt, name }: FleetTile, before: Place | undefined): Place {
  const isKept = before?.attention === attention && before.runId === runId && before.name === name;
  return isKept ? before : { attention, runId, finishAt, name };
}

const isSame = (before: FleetOrder["places"], places: FleetOrder["places"]): boolean =>
  before.size === places.size && [...places].every(([id, place]) => before.get(id) === place);

const rank = ({ attention }: Place): number => attentions.indexOf(attention);

function byPlace(a: Place, b: Place): number {
  const need = rank(a) - rank(b);
  const finish = (a.finishAt ?? Number.MAX_SAFE_INTEGER) - (b.finishAt ?? Number.MAX_SAFE_INTEGER);
  return need || finish || a.name.localeCompare(b.name, "en");
}

/** Nobody is told of a machine that begins to run, only of one that wants a person. */
const hasRisen = (before: Place | undefined, place: Place): boolean =>
  before !== undefined &&
  (place.attention === "alarm" || place.attention === "stale") &&
  rank(place) < rank(before);
