import type { StepExecution } from "#lib/model/step.ts";
import type { EpochMs } from "#lib/time.ts";
import { type CsvCell, csvRow } from "./csv.ts";

/** What every line of an export says of its run. */
export type ExportedRun = {
  machine: string;
  recipe: string;
  /** "simulated", "replay" or "hardware": a table leaves the page that said so. */
  origin: string;
  /** Zero of the run's axis by the controller's clock; null before the first step. */
  begins: EpochMs | null;
};

type Column = readonly [name: string, of: (step: StepExecution, run: ExportedRun) => CsvCell];

const iso = (at: EpochMs | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Durations in ms; times in UTC, to the millisecond. */
const COLUMNS: readonly Column[] = [
  ["seq", (step) => step.seq],
  ["step_type", (step) => step.stepType],
  ["step_name", (step) => step.stepName],
  ["valve_number", (step) => step.valveNumber],
  ["cycle", (step) => step.cycle],
  ["loop_path", (step) => step.loopPath.join("/")],
  ["start_ms", (step, run) => offset(step.deviceStartedAt, run.begins)],
  ["planned_ms", (step) => step.plannedMs],
  ["measured_ms", (step) => step.measuredMs],
  ["recorded_ms", (step) => offset(step.endedAt, step.startedAt)],
  ["deviation_ms", (step) => step.deviationMs],
  ["is_deviation", (step) => String(step.isDeviation)],
  ["peak_torr", (step) => step.pulse?.peakTorr ?? null],
  ["area_torr_s", (step) => step.pulse?.areaTorrS ?? null],
  ["baseline_torr", (step) => step.pulse?.baselineTorr ?? null],
  ["mass_gain_ng_cm2", (step) => step.pulse?.massGainNgCm2 ?? null],
  ["device_started_at", (step) => iso(step.deviceStartedAt)],
  ["started_at", (step) => iso(step.startedAt)],
  ["ended_at", (step) => iso(step.endedAt)],
  ["end_reason", (step) => step.endReason],
  ["machine", (_, run) => run.machine],
  ["recipe", (_, run) => run.recipe],
  ["origin", (_, run) => run.origin],
];

/** Names of the columns, as a line. */
export const csvHeading = (): string => csvRow(COLUMNS.map(([name]) => name));

/** One step as a line (RFC 4180). */
export const csvLine = (step: StepExecution, run: ExportedRun): string =>
  csvRow(COLUMNS.map(([, of]) => of(step, run)));

const offset = (at: EpochMs | null, from: EpochMs | null): number | null =>
  at === null || from === null ? null : at - from;
