import { type Fields, numberOf } from "#lib/model/fields.ts";
import { type RunSummary, runStatuses } from "#lib/model/run.ts";
import type { RunChoice, RunChoices, RunPage, RunPlace } from "#lib/model/run-list.ts";
import { filledText, rowReader } from "./row.ts";

const runSummaryRow = rowReader(
  "list_runs",
  (row): RunSummary => ({
    runId: row.text("run_id"),
    machineId: row.text("machine_id"),
    machineName: row.maybeText("machine_name") ?? row.text("serial_number"),
    serialNumber: row.text("serial_number"),
    recipeId: row.text("recipe_id"),
    recipeName: row.maybeText("recipe_name") ?? "(unnamed recipe)",
    recipeRevision: row.maybeNumber("recipe_revision"),
    operatorId: row.text("operator_id"),
    operatorName: filledText(row, "operator_name"),
    status: row.word("status", runStatuses),
    startTime: row.moment("start_time"),
    endTime: row.maybeMoment("end_time"),
    totalSteps: row.maybeNumber("total_steps"),
    totalCycles: row.maybeNumber("total_cycles"),
    plannedMs: row.maybeDuration("planned_ms"),
    lastSeq: row.maybeNumber("last_seq") ?? 0,
    deviationCount: row.maybeNumber("deviation_count") ?? 0,
    endReason: row.maybeText("end_reason"),
    errorMessage: row.maybeText("error_message"),
    isSimulated: row.yesOr("is_simulated", false),
    driver: row.maybeText("driver"),
    description: filledText(row, "description"),
    isGood: row.yesOr("is_good", false),
    sparkline: row
      .listOr("sparkline")
      .map((worst, part) => (worst === null ? null : numberOf(worst, row.pathOf(`sparkline[${part}]`)))),
  }),
);

function placeOf(row: Fields, name: string): RunPlace | null {
  const place = row.raw(name);
  if (place === null || place === undefined) return null;
  const [value, runId]: readonly unknown[] = Array.isArray(place) ? place : [];
  const isValue = typeof value === "string" || typeof value === "number";
  return isValue && typeof runId === "string" ? [value, runId] : row.fail(name, "is not a place in the list");
}

export const runPageRow = rowReader(
  "list_runs",
  (row): RunPage => ({
    rows: row.list("rows").map(runSummaryRow),
    first: placeOf(row, "first"),
    next: placeOf(row, "next"),
  }),
);

export const runCountRow = rowReader("count_runs", (row) => ({
  count: row.number("count"),
  isCapped: row.yes("is_capped"),
}));

const choice = (row: Fields): RunChoice => ({
  id: row.text("id"),
  name: row.maybeText("name") ?? "(no name)",
});

export const runChoicesRow = rowReader(
  "run_choices",
  (row): RunChoices => ({
    machines: row.each("machines", choice),
    recipes: row.each("recipes", (one) => ({ ...choice(one), version: one.maybeNumber("version") ?? 1 })),
    operators: row.each("operators", choice),
  }),
);
