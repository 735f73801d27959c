import type { Pace } from "#lib/model/pace.ts";
import { can, type Person } from "#lib/model/person.ts";
import type { Program, ProgramTotals } from "#lib/model/program.ts";
import type { RunStatus } from "#lib/model/run.ts";
import type { DurationMs, EpochMs } from "#lib/time.ts";

/** More runs of one recipe are not counted: the database answers this many and one. */
export const MOST_COUNTED_RUNS = 10_000;

/** A recipe as the list shows it. */
export type RecipeSummary = {
  id: string;
  name: string;
  description: string | null;
  version: number;
  machineType: string;
  /** Unrolled; null when the recipe is malformed. */
  totals: ProgramTotals | null;
  /** Up to MOST_COUNTED_RUNS, and one more for more. */
  runs: number;
  lastRun: {
    runId: string;
    status: RunStatus;
    startTime: EpochMs;
    machineId: string;
    machineName: string;
  } | null;
};

/** Those that ran last first; `total` counts also those beyond the list. */
export type RecipeList = { serverTime: EpochMs; total: number; recipes: readonly RecipeSummary[] };

export type RecipeVersion = {
  version: number;
  note: string | null;
  authorName: string | null;
  createdAt: EpochMs;
  totals: ProgramTotals | null;
};

export type RecipePage = {
  serverTime: EpochMs;
  recipe: { id: string; name: string; description: string | null; version: number; machineType: string };
  /** As a start would freeze it, or what is wrong with it: the path of the first fault opens the sentence. */
  program: { ok: true; program: Program; tag: string } | { ok: false; problem: string };
  pace: Pace | null;
  runs: number;
  /** Newest first, at most 200. */
  versions: readonly RecipeVersion[];
};

/** How long a step of a recipe really took, by the controller's clock. */
export type StepDurations = {
  stepId: string;
  plannedMs: DurationMs;
  /** How many were measured that were planned to last as long as the recipe says now, in how many runs. */
  measured: number;
  runs: number;
  /** How many were planned to last otherwise: they are in none of the figures. */
  otherwise: number;
  /** Null when none was measured. Percentiles are of the distribution's own values. */
  figures: {
    mean: DurationMs;
    least: DurationMs;
    p05: DurationMs;
    median: DurationMs;
    p95: DurationMs;
    most: DurationMs;
  } | null;
  deviations: number;
  /** How many lie in each of the equal parts from least to most. */
  bins: readonly number[];
};

export type RecipeDurations = {
  /** How many runs were read: the newest. */
  runs: number;
  since: EpochMs | null;
  /** Some runs are so long that sixteen steps or more count by their mean. */
  isSummed: boolean;
  /** In the order of the program, without loops. */
  steps: readonly StepDurations[];
};

/** What a recipe can be written with. */
export type RecipeParts = {
  machineTypes: readonly string[];
  /** What a step can set, by the type of machine that has it; limits are those of its first machine. */
  parameters: readonly {
    id: string;
    machineType: string;
    name: string;
    unit: string | null;
    minimum: number | null;
    maximum: number | null;
  }[];
};

export type SaveRecipeRequest = {
  /** Made by the browser for a new recipe, so that saving twice is saving once. */
  recipeId: string;
  /** The version that was opened; 0 makes a recipe. */
  expectedVersion: number;
  /** Names the program that was opened. */
  expectedProgram: string | null;
  note: string | null;
  /** `recipe` and `steps` as a frozen program has them; the database judges it. */
  program: { readonly [key: string]: unknown };
};

/** Null when this person may write recipes, else the sentence that says why not. A courtesy: the database decides. */
export function whyNoEdit(person: Person): string | null {
  if (!person.isActive) return "Your profile is disabled. Ask an administrator.";
  if (can(person.role, "edit-recipes")) return null;
  return "Read only: engineers and administrators write recipes.";
}
