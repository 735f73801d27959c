import { Fields, numberOf } from "#lib/model/fields.ts";
import { type Program, type ProgramTotals, parseProgram } from "#lib/model/program.ts";
import type {
  RecipeDurations,
  RecipeList,
  RecipePage,
  RecipeParts,
  RecipeSummary,
  RecipeVersion,
  StepDurations,
} from "#lib/model/recipe.ts";
import { runStatuses } from "#lib/model/run.ts";
import { durationMs } from "#lib/time.ts";
import { paceOf } from "./pace.ts";
import { filledText, rowReader } from "./row.ts";

const totalsOf = (row: Fields): ProgramTotals => ({
  steps: row.number("steps"),
  cycles: row.number("cycles"),
  planned_ms: row.number("planned_ms"),
});

const lastRunOf = (row: Fields): RecipeSummary["lastRun"] => ({
  runId: row.text("run_id"),
  status: row.word("status", runStatuses),
  startTime: row.moment("start_time"),
  machineId: row.text("machine_id"),
  machineName: row.maybeText("machine_name") ?? "(no name)",
});

const summaryOf = (row: Fields): RecipeSummary => {
  const lastRun = row.maybeInner("last_run");
  return {
    id: row.text("id"),
    name: row.text("name"),
    description: filledText(row, "description"),
    version: row.number("version"),
    machineType: row.text("machine_type"),
    totals: row.maybeNumber("planned_ms") === null ? null : totalsOf(row),
    runs: row.number("runs"),
    lastRun: lastRun && lastRunOf(lastRun),
  };
};

export const recipeListRow = rowReader(
  "list_recipes",
  (frame): RecipeList => ({
    serverTime: frame.moment("server_time"),
    total: frame.number("total"),
    recipes: frame.each("recipes", summaryOf),
  }),
);

const versionOf = (row: Fields): RecipeVersion => {
  const totals = row.maybeInner("totals");
  return {
    version: row.number("version"),
    note: filledText(row, "note"),
    authorName: filledText(row, "author_name"),
    createdAt: row.moment("created_at"),
    totals: totals && totalsOf(totals),
  };
};

/** A program that this version cannot read has a problem, like one that Postgres could not build. */
function programOf(frame: Fields): RecipePage["program"] {
  const problem = frame.maybeText("problem");
  if (problem !== null) return { ok: false, problem };
  const parsed = parseProgram(frame.raw("program"));
  if (!parsed.ok) return { ok: false, problem: parsed.message };
  return { ok: true, program: parsed.program, tag: frame.text("program_tag") };
}

export const recipePageRow = rowReader("recipe_page", (frame): RecipePage => {
  const recipe = frame.inner("recipe");
  return {
    serverTime: frame.moment("server_time"),
    recipe: {
      id: recipe.text("id"),
      name: recipe.text("name"),
      description: filledText(recipe, "description"),
      version: recipe.number("version"),
      machineType: recipe.text("machine_type"),
    },
    program: programOf(frame),
    pace: paceOf(frame.maybeInner("pace")),
    runs: frame.number("runs"),
    versions: frame.each("versions", versionOf),
  };
});

/** The program of a version, null when it is not kept or cannot be read. */
export function recipeVersionRow(value: unknown): Program | null {
  const parsed = value === null ? null : parseProgram(value);
  return parsed?.ok ? parsed.program : null;
}

const stepDurations = (row: Fields): StepDurations => ({
  stepId: row.text("step_id"),
  plannedMs: durationMs(row.number("planned_ms")),
  measured: row.number("measured"),
  runs: row.number("runs"),
  otherwise: row.number("otherwise"),
  figures:
    row.maybeNumber("mean_ms") === null
      ? null
      : {
          mean: durationMs(row.number("mean_ms")),
          least: durationMs(row.number("least_ms")),
          p05: durationMs(row.number("p05_ms")),
          median: durationMs(row.number("p50_ms")),
          p95: durationMs(row.number("p95_ms")),
          most: durationMs(row.number("most_ms")),
        },
  deviations: row.number("deviations"),
  bins: row.list("bins").map((count, at) => numberOf(count, row.pathOf(`bins[${at}]`))),
});

export const recipeDurationsRow = rowReader(
  "recipe_durations",
  (frame): RecipeDurations => ({
    runs: frame.number("runs"),
    since: frame.maybeMoment("since"),
    isSummed: frame.yes("is_summed"),
    // A step without its configuration has no planned time, and the recipe is malformed.
    steps: frame
      .list("steps")
      .map((value) => new Fields(value))
      .filter((row) => row.maybeNumber("planned_ms") !== null)
      .map(stepDurations),
  }),
);

export const recipePartsRow = rowReader(
  "recipe_parts",
  (frame): RecipeParts => ({
    machineTypes: frame.list("machine_types").map(String),
    parameters: frame.each("parameters", (row) => ({
      id: row.text("id"),
      machineType: row.maybeText("machine_type") ?? "",
      name: row.text("name"),
      unit: row.maybeText("unit"),
      minimum: row.maybeNumber("min_value"),
      maximum: row.maybeNumber("max_value"),
    })),
  }),
);

/** Where a recipe cannot be saved, as the database names the place; null when the refusal is about something else. */
export const faultPlaceRow = rowReader("the refusal of a recipe", (row) => ({
  path: row.text("path"),
  problem: row.text("problem"),
}));
