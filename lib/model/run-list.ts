import type { RunStatus, RunSummary } from "#lib/model/run.ts";
import type { EpochMs } from "#lib/time.ts";

/** What the list of runs can be sorted by, as `list_runs` calls it. */
export const runSorts = [
  "start_time",
  "status",
  "recipe",
  "machine",
  "duration",
  "deviation_count",
  "steps",
  "operator",
] as const;
export type RunSort = (typeof runSorts)[number];

export type RunOrder = { sort: RunSort; isDescending: boolean };

/** What is not said does not narrow. */
export type RunFilter = {
  runIds?: readonly string[];
  machineId?: string;
  recipeId?: string;
  /** Of the recipe as it was frozen into the run. */
  recipeVersion?: number;
  status?: RunStatus;
  operatorId?: string;
  /** Of the start: from, included, to, not included. */
  from?: EpochMs;
  to?: EpochMs;
  leastDeviations?: number;
  isGood?: boolean;
  text?: string;
};

/** A place in an order: what it is ordered by, as Postgres writes it, and the run. */
export type RunPlace = readonly [value: string | number, runId: string];

export type RunPage = {
  rows: readonly RunSummary[];
  /** Of the first run; null without one. */
  first: RunPlace | null;
  /** Of the last run; null where no run follows. */
  next: RunPlace | null;
};

export type RunCount = { count: number; isCapped: boolean };

export type RunChoice = { id: string; name: string };
/** What the list can be narrowed to; of a recipe its newest version. */
export type RunChoices = {
  machines: readonly RunChoice[];
  recipes: readonly (RunChoice & { version: number })[];
  operators: readonly RunChoice[];
};

/** As many can be told apart in one picture, and as many does the database compare. */
export const MOST_COMPARED = 20;
