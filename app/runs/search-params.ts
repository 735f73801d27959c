import { createLoader, parseAsStringLiteral } from "nuqs/server";
import {
  LONGEST_TEXT,
  parseAsCount,
  parseAsDay,
  parseAsFlag,
  parseAsId,
  parseAsWords,
} from "#app/address/parsers.ts";
import { runStatuses } from "#lib/model/run.ts";
import type { RunFilter } from "#lib/model/timeline.ts";
import { DAY, epochMs } from "#lib/time.ts";

/** The whole state of the runs page. A link reproduces it exactly. */
export const runsParams = {
  status: parseAsStringLiteral(runStatuses),
  machine: parseAsId,
  recipe: parseAsId,
  text: parseAsWords.withDefault(""),
  /** First day, UTC. */
  from: parseAsDay,
  /** Last day, UTC, included. */
  to: parseAsDay,
  deviations: parseAsFlag.withDefault(false),
  /** From 1, as a person counts. */
  page: parseAsCount(1_000_000).withDefault(1),
};

/** What each of them should be. */
export const RUNS_PARAMS_WANTED: Readonly<Record<keyof typeof runsParams, string>> = {
  status: `a status of a run (${runStatuses.join(", ")})`,
  machine: "the id of a machine",
  recipe: "the id of a recipe",
  text: `text of at most ${LONGEST_TEXT} characters`,
  from: "a day, such as 2026-11-21",
  to: "a day, such as 2026-11-21",
  deviations: "true or false",
  page: "the number of a page, from 1",
};

export const loadRunsParams = createLoader(runsParams);

export const RUNS_PER_PAGE = 50;

type RunsParams = Awaited<ReturnType<typeof loadRunsParams>>;

export function runFilter(params: RunsParams): RunFilter {
  return {
    ...(params.status ? { status: params.status } : {}),
    ...(params.machine ? { machineId: params.machine } : {}),
    ...(params.recipe ? { recipeId: params.recipe } : {}),
    ...(params.text ? { text: params.text } : {}),
    ...(params.from ? { from: epochMs(params.from.getTime()) } : {}),
    ...(params.to ? { to: epochMs(params.to.getTime() + DAY) } : {}),
    ...(params.deviations ? { hasDeviation: true } : {}),
  };
}
