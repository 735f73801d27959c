import { createLoader, parseAsStringLiteral } from "nuqs/server";
import { parseAsIds, parseAsPlace } from "#app/address/list-parsers.ts";
import {
  LONGEST_TEXT,
  parseAsCount,
  parseAsDay,
  parseAsFlag,
  parseAsId,
  parseAsWords,
} from "#app/address/parsers.ts";
import { runStatuses } from "#lib/model/run.ts";
import { MOST_COMPARED, type RunFilter, type RunOrder, runSorts } from "#lib/model/run-list.ts";
import { DAY, epochMs } from "#lib/time.ts";

/** A run has fewer steps, and a recipe fewer versions. */
const MOST = 2 ** 31 - 1;

/** What narrows and orders the list. */
const selectionParams = {
  status: parseAsStringLiteral(runStatuses),
  machine: parseAsId,
  recipe: parseAsId,
  version: parseAsCount(MOST),
  operator: parseAsId,
  text: parseAsWords.withDefault(""),
  /** First day, UTC. */
  from: parseAsDay,
  /** Last day, UTC, included. */
  to: parseAsDay,
  deviations: parseAsFlag.withDefault(false),
  least: parseAsCount(MOST),
  good: parseAsFlag.withDefault(false),
  sort: parseAsStringLiteral(runSorts).withDefault("start_time"),
  order: parseAsStringLiteral(["desc", "asc"]).withDefault("desc"),
};

/** The whole state of the runs page. A link reproduces it exactly. */
export const runsParams = {
  ...selectionParams,
  /** Runs chosen to be compared or exported, wherever in the list they stand. */
  pins: parseAsIds(MOST_COMPARED).withDefault([]),
  /** Where the page begins, or the one behind it does; both absent: with the first run. */
  after: parseAsPlace,
  before: parseAsPlace,
};

/** What each of them should be. */
export const RUNS_PARAMS_WANTED: Readonly<Record<keyof typeof runsParams, string>> = {
  status: `a status of a run (${runStatuses.join(", ")})`,
  machine: "the id of a machine",
  recipe: "the id of a recipe",
  version: "the number of a version, from 1",
  operator: "the id of a person",
  text: `text of at most ${LONGEST_TEXT} characters`,
  from: "a day, such as 2026-11-21",
  to: "a day, such as 2026-11-21",
  deviations: "true or false",
  least: "a number of deviations, from 1",
  good: "true or false",
  sort: `an order of runs (${runSorts.join(", ")})`,
  order: "desc or asc",
  pins: `a list of at most ${MOST_COMPARED} ids of runs`,
  after: "a place in the list",
  before: "a place in the list",
};

export const loadRunsParams = createLoader(runsParams);

export const RUNS_PER_PAGE = 50;

type RunsParams = Awaited<ReturnType<typeof loadRunsParams>>;
type Selection = Pick<RunsParams, keyof typeof selectionParams>;

export function runFilter(params: Selection): RunFilter {
  const least = params.least ?? (params.deviations ? 1 : null);
  return {
    ...(params.status ? { status: params.status } : {}),
    ...(params.machine ? { machineId: params.machine } : {}),
    ...(params.recipe ? { recipeId: params.recipe } : {}),
    ...(params.version ? { recipeVersion: params.version } : {}),
    ...(params.operator ? { operatorId: params.operator } : {}),
    ...(params.text ? { text: params.text } : {}),
    ...(params.from ? { from: epochMs(params.from.getTime()) } : {}),
    ...(params.to ? { to: epochMs(params.to.getTime() + DAY) } : {}),
    ...(least === null ? {} : { leastDeviations: least }),
    ...(params.good ? { isGood: true } : {}),
  };
}

export const runOrder = ({ sort, order }: Selection): RunOrder => ({ sort, isDescending: order === "desc" });

/** Days the wrong way round let no run through; that is said instead of an empty list. Null when all is well. */
export function reversedDays({ from, to }: Pick<Selection, "from" | "to">): string | null {
  if (!from || !to || from <= to) return null;
  const [first, last] = [from, to].map((day) => day.toISOString().slice(0, 10));
  return `No run can match: the list is to begin on ${first}, after its end on ${last}.`;
}
