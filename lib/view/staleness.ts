import { type DurationMs, durationMs } from "#lib/time.ts";
import { formatAge } from "#lib/time-format.ts";

export type Staleness = {
  level: "fresh" | "stale" | "no-data";
  ageMs: DurationMs | null;
  /** The words to show beside the value; null while it is fresh. */
  label: string | null;
};

/** The controller renews its lease this often, and with it proves the whole chain. */
export const LEASE_PERIOD = durationMs(2_000);

const STALE_PERIODS = 3;
const NO_DATA_PERIODS = 10;

/** Past 3 expected periods a value is shown with its age; past 10 it is no value any more (rule T6). */
export function staleness(ageMs: DurationMs | null, periodMs: DurationMs): Staleness {
  if (ageMs === null || ageMs > NO_DATA_PERIODS * periodMs) {
    const label = ageMs === null ? "no data" : `no data, ${formatAge(ageMs)}`;
    return { level: "no-data", ageMs, label };
  }
  if (ageMs > STALE_PERIODS * periodMs) return { level: "stale", ageMs, label: formatAge(ageMs) };
  return { level: "fresh", ageMs, label: null };
}
