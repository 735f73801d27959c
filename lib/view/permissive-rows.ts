// What must hold before a start, as a screen shows it. Postgres has judged; here it only grows old. Guarded by
// permissive-rows.test.ts.

import type { Permissive, PermissiveKey, StartReview } from "#lib/model/start-review.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { formatAgo } from "#lib/time-format.ts";
import { formatLimits, formatReading, formatSetting, parameterLabel } from "./quantity.ts";
import { type Staleness, staleness } from "./staleness.ts";

export type PermissiveState = "met" | "not-met" | "unknown";

export type PermissiveRow = {
  id: string;
  title: string;
  state: PermissiveState;
  /** "200.1 °C"; null where there is no number, or none that still counts. */
  value: string | null;
  /** "0 to 400 °C". */
  limits: string | null;
  /** Where the value lies between its limits, 0..1; outside of them it lies on the limit. */
  place: number | null;
  /** Of what was measured or heard; null for what only the database knows. */
  age: Staleness | null;
  /** Why it is not met, or not known; a sentence. */
  why: string | null;
  hint: string | null;
};

export type PermissiveGroup = { title: string; rows: readonly PermissiveRow[] };

export type PermissiveView = {
  groups: readonly PermissiveGroup[];
  notMet: readonly PermissiveRow[];
  unknown: readonly PermissiveRow[];
  total: number;
  /** Of the whole answer: past ten periods nothing in it counts any more. */
  age: Staleness;
};

/** Controllers tell their readings, and this page asks, about this often. */
export const REVIEW_PERIOD = durationMs(2_000);

/** Within a group the order of `keys`, then by name: the database tells them in any order. */
const GROUPS: readonly { title: string; keys: readonly PermissiveKey[] }[] = [
  { title: "Machine", keys: ["service", "idle", "controller", "machine_type"] },
  { title: "What the recipe sets", keys: ["set_point"] },
  { title: "What the machine reads", keys: ["reading"] },
];

export function permissiveView({ permissives, serverTime }: StartReview, now: EpochMs): PermissiveView {
  const age = staleness(durationMs(Math.max(0, elapsed(serverTime, now))), REVIEW_PERIOD);
  const groups = GROUPS.map(({ title, keys }) => ({
    title,
    rows: permissives
      .filter(({ key }) => keys.includes(key))
      .toSorted((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key) || a.name.localeCompare(b.name, "en"))
      .map((each) => rowOf(each, age, now)),
  })).filter(({ rows }) => rows.length > 0);
  const rows = groups.flatMap((group) => group.rows);
  return {
    groups,
    notMet: rows.filter(({ state }) => state === "not-met"),
    unknown: rows.filter(({ state }) => state === "unknown"),
    total: rows.length,
    age,
  };
}

function rowOf(permissive: Permissive, answer: Staleness, now: EpochMs): PermissiveRow {
  const { key, name, unit, minimum, maximum, readAt } = permissive;
  const isMeasured = key === "reading" || key === "controller";
  const ageMs = readAt === null ? null : durationMs(Math.max(0, elapsed(readAt, now)));
  const age = isMeasured ? staleness(ageMs, REVIEW_PERIOD) : null;
  const state = stateOf(permissive, answer, age);
  const isTold = key !== "reading" || state !== "unknown";
  const value = isTold ? permissive.value : null;
  return {
    id: `${key} ${name}`,
    title: titleOf(permissive),
    state,
    value:
      value === null ? null : key === "reading" ? formatReading(value, unit) : formatSetting(value, unit),
    limits: minimum === null || maximum === null ? null : formatLimits(minimum, maximum, unit),
    place: value === null ? null : placeOf(value, minimum, maximum),
    age,
    why: whyOf(permissive, state, answer, ageMs),
    hint: state === "not-met" ? permissive.hint : null,
  };
}

/** What was found wanting stands until it is looked at again; what was right is believed only while it is fresh. */
function stateOf({ isMet }: Permissive, answer: Staleness, age: Staleness | null): PermissiveState {
  if (answer.level === "no-data" || isMet === null) return "unknown";
  if (!isMet) return "not-met";
  return age?.level === "no-data" ? "unknown" : "met";
}

function titleOf({ key, name }: Permissive): string {
  if (key === "set_point") return `${parameterLabel(name)} set-point`;
  return key === "reading" ? parameterLabel(name) : name;
}

function placeOf(value: number, minimum: number | null, maximum: number | null): number | null {
  if (minimum === null || maximum === null || maximum <= minimum) return null;
  return Math.min(1, Math.max(0, (value - minimum) / (maximum - minimum)));
}

function whyOf(
  { name, reason }: Permissive,
  state: PermissiveState,
  answer: Staleness,
  ageMs: DurationMs | null,
): string | null {
  if (state === "met") return null;
  if (answer.level === "no-data") return "This page has no fresh answer from the database.";
  if (state === "not-met") return sentence(reason ?? "it does not hold", name);
  return ageMs === null ? "Never read." : `Last read ${formatAgo(ageMs)}.`;
}

/** The database's own words, with parameters called as on the screen. */
function sentence(reason: string, name: string): string {
  const words = reason.replaceAll(name, name.replaceAll("_", " "));
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
