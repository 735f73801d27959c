import { parseAsStringLiteral } from "nuqs/server";
import { type Ignored, ignoredParams } from "#app/address/ignored.ts";
import { parseAsCount, parseAsOffsetMs } from "#app/address/parsers.ts";
import { measures } from "#components/strobe/shade.ts";
import { eventKinds } from "#lib/view/run-events.ts";

const runTabs = ["timeline", "cycles", "durations", "trends", "steps", "events", "notes"] as const;

/** Postgres counts steps in 32 bits. */
const MOST_STEPS = 2 ** 31 - 1;

/** The state of the run page, whole in the address: a link shows exactly what its sender saw. */
export const viewParams = {
  tab: parseAsStringLiteral(runTabs).withDefault("timeline"),
  /** The shown window in ms from the run's first step; both absent: the whole run. */
  from: parseAsOffsetMs,
  to: parseAsOffsetMs,
  /** Width in ms of a window that keeps to the live edge. */
  span: parseAsOffsetMs,
  step: parseAsCount(MOST_STEPS),
  /** First and last of the cycles that are folded; both absent: all. */
  cfrom: parseAsCount(MOST_STEPS),
  cto: parseAsCount(MOST_STEPS),
  /** What the shades of the folded cycles tell. */
  shade: parseAsStringLiteral(measures).withDefault("duration"),
  /** The chosen cell of the folded cycles. */
  cycle: parseAsCount(MOST_STEPS),
  phase: parseAsCount(MOST_STEPS),
  /** The one kind of events that is shown; absent: all. */
  events: parseAsStringLiteral(eventKinds),
};

const WANTED: Readonly<Record<keyof typeof viewParams, string>> = {
  tab: `a view of a run (${runTabs.join(", ")})`,
  from: "a time in ms from the first step",
  to: "a time in ms from the first step",
  span: "a width in ms",
  step: "the number of a step, from 1",
  cfrom: "the number of a cycle, from 1",
  cto: "the number of a cycle, from 1",
  shade: `what shades tell (${measures.join(", ")})`,
  cycle: "the number of a cycle, from 1",
  phase: "the place of a step in its cycle, from 1",
  events: `a kind of events (${eventKinds.join(", ")})`,
};

/** What the address says that the page cannot show: what is malformed, and half a window. */
export function ignoredView(search: Pick<URLSearchParams, "getAll">): readonly Ignored[] {
  const ignored = ignoredParams(viewParams, WANTED, search);
  if (ignored.length > 0) return ignored;
  const [from, to] = [search.getAll("from")[0], search.getAll("to")[0]];
  if (from && !to) return [{ name: "from", why: "stands without to" }];
  if (to && !from) return [{ name: "to", why: "stands without from" }];
  return from && Number(to) <= Number(from) ? [{ name: "to", why: "is not after from" }] : [];
}

export const TABS = [
  { value: "timeline", label: "Timeline" },
  { value: "cycles", label: "Cycles" },
  { value: "durations", label: "Durations" },
  { value: "trends", label: "Trends" },
  { value: "steps", label: "Steps" },
  { value: "events", label: "Events" },
  { value: "notes", label: "Notes" },
] as const;
