import type { StoredMonth } from "#lib/model/system.ts";
import type { EpochMs } from "#lib/time.ts";

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** "8.19 kB", by thousands. */
export function formatBytes(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${unit === 0 ? bytes : (bytes / 1000 ** unit).toPrecision(3)} ${UNITS[unit]}`;
}

export type Retention = { dropped: readonly string[]; bytes: number; readings: number };

/** What keeping `months` whole months before the present one would throw away. */
export function retentionOf(stored: readonly StoredMonth[], months: number, now: EpochMs): Retention {
  const present = new Date(now);
  const before = Date.UTC(present.getUTCFullYear(), present.getUTCMonth() - months, 1);
  const old = stored.filter(({ until }) => until !== null && until <= before);
  return {
    dropped: old.flatMap(({ month }) => month ?? []),
    bytes: old.reduce((sum, { bytes }) => sum + bytes, 0),
    readings: old.reduce((sum, { readings }) => sum + readings, 0),
  };
}
