// Two kinds of number that must never be mixed: a length of time and a moment. Both may carry fractions of a
// millisecond (Postgres keeps microseconds). Nothing here reads a clock. Guarded by time.test.ts.

declare const kind: unique symbol;

/** A length of time in milliseconds. */
export type DurationMs = number & { readonly [kind]: "duration" };
/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly [kind]: "moment" };

export const durationMs = (ms: number): DurationMs => ms as DurationMs;
export const epochMs = (ms: number): EpochMs => ms as EpochMs;

export const SECOND = durationMs(1000);
export const MINUTE = durationMs(60_000);
export const HOUR = durationMs(3_600_000);
export const DAY = durationMs(86_400_000);

/** The time from `from` to `to`; negative when `to` is earlier. Only meaningful for two readings of one clock. */
export const elapsed = (from: EpochMs, to: EpochMs): DurationMs => durationMs(to - from);
export const later = (at: EpochMs, by: number): EpochMs => epochMs(at + by);

const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?\s*(Z|[+-]\d{2}(?::?\d{2})?)$/;

/** Parses an ISO 8601 moment as Postgres writes it (space or T, microseconds, `+00`); null when it is not one. */
export function parseMoment(text: string): EpochMs | null {
  const parts = ISO.exec(text);
  if (parts === null) return null;
  const [, day, clock, fraction = "", zone = "Z"] = parts;
  const whole = Date.parse(`${day}T${clock}${normaliseZone(zone)}`);
  if (Number.isNaN(whole)) return null;
  return epochMs(whole + Number(`0.${fraction || "0"}`) * 1000);
}

function normaliseZone(zone: string): string {
  if (zone === "Z") return zone;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** The moment as ISO 8601 in UTC with milliseconds. */
export const isoMoment = (at: EpochMs): string => new Date(at).toISOString();

/** The moment as ISO 8601 in UTC with microseconds, all that Postgres keeps. */
export function exactMoment(at: EpochMs): string {
  const micros = Math.round((at - Math.floor(at)) * 1000);
  const whole = Math.floor(at) + Math.floor(micros / 1000);
  return new Date(whole).toISOString().replace("Z", `${String(micros % 1000).padStart(3, "0")}Z`);
}
