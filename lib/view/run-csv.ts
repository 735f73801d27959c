import { originOf } from "#lib/model/origin.ts";
import type { RunSummary } from "#lib/model/run.ts";
import type { EpochMs } from "#lib/time.ts";
import { type CsvCell, csvRow } from "./csv.ts";
import { worstOf } from "./sparkline.ts";

const iso = (at: EpochMs | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Durations in ms; times in UTC, to the millisecond. */
const COLUMNS: readonly (readonly [name: string, of: (run: RunSummary) => CsvCell])[] = [
  ["run_id", (run) => run.runId],
  ["status", (run) => run.status],
  ["recipe", (run) => run.recipeName],
  ["recipe_version", (run) => run.recipeRevision],
  ["machine", (run) => run.machineName],
  ["serial_number", (run) => run.serialNumber],
  ["operator", (run) => run.operatorName],
  ["start_time", (run) => iso(run.startTime)],
  ["end_time", (run) => iso(run.endTime)],
  ["recorded_ms", (run) => (run.endTime === null ? null : run.endTime - run.startTime)],
  ["planned_ms", (run) => run.plannedMs],
  ["steps", (run) => run.lastSeq],
  ["total_steps", (run) => run.totalSteps],
  ["total_cycles", (run) => run.totalCycles],
  ["deviations", (run) => run.deviationCount],
  ["worst_deviation_ms", (run) => worstOf(run.sparkline)],
  ["is_good", (run) => run.isGood],
  ["end_reason", (run) => run.endReason],
  ["error_message", (run) => run.errorMessage],
  ["description", (run) => run.description],
  ["origin", (run) => originOf(run)],
];

/** Names of the columns, as a line. */
export const runCsvHeading = (): string => csvRow(COLUMNS.map(([name]) => name));

/** One run as a line. */
export const runCsvLine = (run: RunSummary): string => csvRow(COLUMNS.map(([, of]) => of(run)));
