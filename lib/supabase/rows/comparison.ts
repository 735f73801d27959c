import {
  aligns,
  type ComparedColumn,
  type ComparedRun,
  type ComparedSeries,
  type Comparison,
  comparedMeasures,
  type StepDifference,
} from "#lib/model/comparison.ts";
import { type Fields, numberOf } from "#lib/model/fields.ts";
import { runStatuses } from "#lib/model/run.ts";
import { rowReader } from "./row.ts";

const run = (row: Fields): ComparedRun => ({
  index: row.number("index"),
  runId: row.text("run_id"),
  machineName: row.maybeText("machine_name") ?? "(no name)",
  recipeName: row.maybeText("recipe_name"),
  recipeRevision: row.maybeNumber("recipe_revision"),
  startTime: row.moment("start_time"),
  status: row.word("status", runStatuses),
  lastSeq: row.maybeNumber("last_seq") ?? 0,
  totalCycles: row.maybeNumber("total_cycles"),
  deviationCount: row.maybeNumber("deviation_count") ?? 0,
  durationMs: row.maybeNumber("duration_ms"),
  isGood: row.yes("is_good"),
});

const column = (row: Fields, name: string): ComparedColumn =>
  row.list(name).map((value, at) => (value === null ? null : numberOf(value, row.pathOf(`${name}[${at}]`))));

function series(row: Fields): ComparedSeries {
  const envelope = row.maybeInner("envelope");
  return {
    key: row.text("key"),
    stepName: row.maybeText("step_name"),
    lane: row.text("lane"),
    valveNumber: row.maybeNumber("valve_number"),
    x: row.list("x").map((value, at) => numberOf(value, row.pathOf(`x[${at}]`))),
    runs: row.each("runs", (one) => ({ index: one.number("index"), mean: column(one, "mean") })),
    envelope: envelope && {
      min: column(envelope, "min"),
      median: column(envelope, "median"),
      max: column(envelope, "max"),
    },
  };
}

const difference = (row: Fields): StepDifference => ({
  key: row.text("key"),
  stepName: row.maybeText("step_name"),
  lane: row.text("lane"),
  index: row.number("index"),
  xFrom: row.number("x_from"),
  xTo: row.number("x_to"),
  value: row.number("value"),
  expected: row.number("expected"),
  difference: row.number("difference"),
  seq: row.number("seq"),
  cycle: row.maybeNumber("cycle"),
});

const ids = (row: Fields, name: string): string[] => row.list(name).map(String);

export const comparisonRow = rowReader(
  "compare_runs",
  (row): Comparison => ({
    align: row.word("align", aligns),
    measure: row.word("measure", comparedMeasures),
    unit: row.text("unit"),
    runs: row.each("runs", run),
    notFound: ids(row, "not_found"),
    goodRunIds: ids(row, "good_run_ids"),
    series: row.each("series", series),
    differences: row.each("differences", difference),
  }),
);
