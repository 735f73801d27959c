import { DAY, type DurationMs, type EpochMs, HOUR, MINUTE, SECOND } from "#lib/time.ts";

const pad = (n: number): string => String(n).padStart(2, "0");

/** Duration in words with the precision a reader can use: "3.2 ms", "104 ms", "3.2 s", "4 min 05 s", "1 h 02 min", "3 d 04 h". */
export function formatDuration(duration: DurationMs): string {
  if (!Number.isFinite(duration)) return "–";
  if (duration < 0) return `−${positive(-duration)}`;
  return positive(duration);
}

function positive(ms: number): string {
  if (ms === 0) return "0 ms";
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (Math.round(ms) < SECOND) return `${Math.round(ms)} ms`;
  if (Math.round(ms / 100) * 100 < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds * SECOND < HOUR) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.round(ms / MINUTE);
  if (minutes * MINUTE < DAY) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  const hours = Math.round(ms / HOUR);
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

/** A difference with its sign: "+4 ms", "−1.2 s", "±0 ms". */
export function formatDeviation(difference: DurationMs): string {
  if (Math.abs(difference) < 0.05) return "±0 ms";
  return difference > 0 ? `+${positive(difference)}` : `−${positive(-difference)}`;
}

/** How old a fact is, in one unit: "0 s old", "7 s old", "4 min old", "2 h old", "3 d old". Never negative. */
export function formatAge(age: DurationMs): string {
  const ms = Math.max(0, age);
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s old`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min old`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h old`;
  return `${Math.floor(ms / DAY)} d old`;
}

/** How long ago something happened, in one unit: "7 s ago". */
export const formatAgo = (age: DurationMs): string => formatAge(age).replace(/old$/, "ago");

export type ClockStyle = "time" | "minute" | "date" | "date-time" | "millisecond";

const parts: Record<ClockStyle, Intl.DateTimeFormatOptions> = {
  minute: { hour: "2-digit", minute: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  millisecond: { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 },
  date: { year: "numeric", month: "2-digit", day: "2-digit" },
  "date-time": { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string, style: ClockStyle): Intl.DateTimeFormat {
  const key = `${style} ${zone}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { ...parts[style], hourCycle: "h23", timeZone: zone });
  formats.set(key, made);
  return made;
}

/** Wall time in an IANA zone without its label: "14:03:22", "2026-11-21 14:03". Put `zoneLabel` beside it once. */
export function formatClock(at: EpochMs, zone: string, style: ClockStyle = "time"): string {
  const found = Object.fromEntries(
    formatFor(zone, style)
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  );
  const day = found["year"] ? `${found["year"]}-${found["month"]}-${found["day"]}` : "";
  const clock = [found["hour"], found["minute"], found["second"]].filter(Boolean).join(":");
  const fraction = found["fractionalSecond"] ? `.${found["fractionalSecond"]}` : "";
  return [day, clock + fraction].filter(Boolean).join(" ");
}

/** The zone's offset at that moment: "UTC", "UTC+1", "UTC+5:30". Offsets, because abbreviations differ between hosts. */
export function zoneLabel(at: EpochMs, zone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "shortOffset" });
  const name = format.formatToParts(at).find((p) => p.type === "timeZoneName")?.value ?? zone;
  return name.replace("GMT", "UTC").replace(/^UTC[+−-]0$/, "UTC");
}

/** Wall time with its zone: "14:03:22 UTC+1". */
export const formatClockWithZone = (at: EpochMs, zone: string, style: ClockStyle = "time"): string =>
  `${formatClock(at, zone, style)} ${zoneLabel(at, zone)}`;

/** True for a zone name this host can calculate with. */
export function isKnownZone(zone: string): boolean {
  try {
    return zoneLabel(0 as EpochMs, zone) !== "";
  } catch {
    return false;
  }
}
