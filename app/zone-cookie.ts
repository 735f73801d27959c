import { isKnownZone } from "#lib/time-format.ts";

export const ZONE_COOKIE = "pulseboard-zone";

/** The zone in a cookie; null when there is none, or none that this host can calculate with. */
export const zoneOfCookie = (value: string | undefined): string | null =>
  value && isKnownZone(value) ? value : null;
