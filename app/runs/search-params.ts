import {
  createLoader,
  parseAsBoolean,
  parseAsInteger,
  parseAsIsoDate,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { runStatuses } from "#lib/model/run.ts";
import type { RunFilter } from "#lib/model/timeline.ts";
import { DAY, epochMs } from "#lib/time.ts";

/** The whole state of the runs page. A link reproduces it exactly. */
export const runsParams = {
  status: parseAsStringLiteral(runStatuses),
  machine: parseAsString,
  recipe: parseAsString,
  text: parseAsString.withDefault(""),
  /** First day, UTC. */
  from: parseAsIsoDate,
  /** Last day, UTC, included. */
  to: parseAsIsoDate,
  deviations: parseAsBoolean.withDefault(false),
  /** From 1, as a person counts. */
  page: parseAsInteger.withDefault(1),
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
