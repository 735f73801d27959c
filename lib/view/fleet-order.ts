import { type EpochMs, elapsed, SECOND } from "#lib/time.ts";
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
  /** Names of those that came nearer to the front lately, because they need a person more than before. */
  readonly risen: readonly string[];
  /** When the last of them did. */
  readonly since: EpochMs;
};

/** What was said of those stays long enough to be read, whatever other machines do meanwhile. */
export const RISE_SAID_FOR = 15 * SECOND;

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
  const isSaid = before !== null && elapsed(before.since, now) < RISE_SAID_FOR;
  const earlier = [...places].filter(
    ([id, place]) => isSaid && before.risen.includes(place.name) && before.places.get(id) === place,
  );
  const latest = [...places].filter(([id, place]) => hasRisen(before?.places.get(id), place));
  const since = latest.length === 0 && earlier.length > 0 && before ? before.since : now;
  return { places, order, risen: [...earlier, ...latest].map(([, { name }]) => name), since };
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
