// Reads the log folder of a recorded run, all of it and strictly, before anything is done with it: the execution table
// (planned), the dose table (what happened), the 2 Hz data log and the summary must agree. Guarded by recording.test.ts.

import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Cell,
  LogFault,
  type LogTable,
  type Row,
  readTable,
} from "#executor/drivers/replay/log-table.ts";
import { readSummary } from "#executor/drivers/replay/summary.ts";
import { type Refusal, refusal } from "#lib/result.ts";
import type { EpochMs } from "#lib/time.ts";

/** One line of the tool's recipe: a pulse and the purge after it, or a purge alone. */
export type RecordedRow = {
  /** Number and name of the precursor; 0 and "None" for a purge alone. */
  precursorNumber: number;
  precursor: string;
  plannedPulseMs: number | null;
  plannedPurgeMs: number;
  pulseStartedAt: EpochMs | null;
  purgeStartedAt: EpochMs;
  massGainNgCm2: number | null;
};
export type Recording = {
  name: string;
  startedAt: EpochMs;
  endedAt: EpochMs;
  furnaceC: number;
  notes: string;
  rows: RecordedRow[];
  samples: { at: EpochMs; values: Record<string, number> }[];
};

const EXECUTION_HEADINGS = [
  "Recipe Step",
  "Precursor",
  "Fill Pressure [Torr]",
  "Dose Time [s]",
  "Purge Time [s]",
  "ALD Process Type",
];
const DOSE_HEADINGS = [
  "Recipe Step #",
  "Precursor #",
  "Precursor Name",
  "ALD Process Type",
  "Pulse/Fill Start Timestamp",
  "Pulse/Fill Start Elapsed Time [s]",
  "Hold Start Timestamp",
  "Hold Start Elapsed Time [s]",
  "Purge Start Timestamp",
  "Purge Start Elapsed Time [s]",
  "Initial Mass [ng/cm²]",
  "Final Mass [ng/cm²]",
  "delta-M [ng/cm²]",
];
const outputs = (module: number) => Array.from({ length: 8 }, (_, bit) => `Mod${module}/do${bit}`);
const DATA_HEADINGS = [
  "Timestamp",
  "Elapsed Time [s]",
  "Chamber Pressure [Torr]",
  "Pump Pressure [Torr]",
  "Xtal OK? [0=F, 1=T]",
  "Xtal Life [%]",
  "Mass [ng/cm²]",
  "Mass Offset [ng/cm²]",
  "Frequency [Hz]",
  ...[1, 2, 3, 4, 5].map((line) => `MFC ${line} Flow [sccm]`),
  ...[1, 2, 3, 4].map((couple) => `Thermocouple ${couple} [ºC]`),
  "Iteration Duration (s)",
  ...outputs(7),
  ...outputs(8),
];
/** The columns of the data log that are telemetry, and the name and unit of the parameter each becomes. */
export const RECORDED_PARAMETERS: readonly {
  heading: string;
  name: string;
  unit: string;
  min: number;
  max: number;
}[] = [
  { heading: "Chamber Pressure [Torr]", name: "chamber_pressure", unit: "Torr", min: 0, max: 10 },
  { heading: "Mass [ng/cm²]", name: "qcm_mass", unit: "ng/cm²", min: -100_000, max: 100_000 },
  { heading: "Frequency [Hz]", name: "qcm_frequency", unit: "Hz", min: 0, max: 10_000_000 },
  ...[1, 2, 3, 4, 5].map((line) => ({
    heading: `MFC ${line} Flow [sccm]`,
    name: `mfc_${line}_flow`,
    unit: "sccm",
    min: 0,
    max: 500,
  })),
  ...[1, 2, 3, 4].map((couple) => ({
    heading: `Thermocouple ${couple} [ºC]`,
    name: `thermocouple_${couple}`,
    unit: "°C",
    min: 0,
    max: 1000,
  })),
];
const PURGE = "0: Purge";
const PULSE = "1: Pulse-Purge (Full Flow)";
/** Timestamps and elapsed times are rounded to a millisecond each. */
const ROUNDING_MS = 3;
const LONGEST_STEP_MS = 86_400_000;
/** An instrument reads a little beyond its range, and no further. */
const BEYOND_RANGE = 0.1;
/** The data log ends with the process, to within its own rate and a little. */
const LOG_TAIL_MS = 3000;

/** The recording in a folder; or a refusal `recording_invalid` whose one sentence names the folder, or file, line and column. */
export async function readRecording(folder: string): Promise<{ ok: true; recording: Recording } | Refusal> {
  try {
    const problem = await folderProblem(folder);
    return problem === null ? { ok: true, recording: await read(folder) } : invalid(problem);
  } catch (fault) {
    if (!(fault instanceof LogFault)) throw fault;
    return invalid(fault.message);
  }
}

const invalid = (message: string): Refusal =>
  refusal(422, "recording_invalid", message, "Copy the log folder again, whole; nothing was imported.");

async function folderProblem(folder: string): Promise<string | null> {
  const found = await stat(folder).catch(() => null);
  if (found === null) return `there is no folder ${folder}.`;
  return found.isDirectory() ? null : `${folder} is a file; name the folder that holds the log.`;
}

async function read(folder: string): Promise<Recording> {
  const summary = await readSummary(join(folder, "Summary.txt"));
  const execution = await readTable(join(folder, "ExecutionTable.txt"), EXECUTION_HEADINGS);
  const doses = await readTable(join(folder, "Doses-DeltaM.txt"), DOSE_HEADINGS);
  const data = await readTable(await dataLogIn(folder), DATA_HEADINGS);
  for (const { file, name } of [execution, doses, data]) {
    if (name !== summary.name)
      throw new LogFault(file, 1, 1, `the file belongs to run ${name}, Summary.txt to ${summary.name}`);
  }
  if (execution.rows.length !== summary.steps) {
    throw execution.end.fault(
      `the table has ${execution.rows.length} steps, Summary.txt says ${summary.steps}`,
    );
  }
  const rows = joined(execution, doses, summary.startedAt, summary.endedAt);
  return { ...summary, rows, samples: samplesOf(data, summary) };
}

async function dataLogIn(folder: string): Promise<string> {
  const plain = join(folder, "DataLog.txt");
  const isPlain = await access(plain).then(
    () => true,
    () => false,
  );
  return isPlain ? plain : `${plain}.gz`;
}

function joined(execution: LogTable, doses: LogTable, startedAt: EpochMs, endedAt: EpochMs): RecordedRow[] {
  const rows: RecordedRow[] = [];
  let reached = startedAt;
  for (const [index, plan] of execution.rows.entries()) {
    const dose = doses.rows[index];
    if (dose === undefined)
      throw doses.end.fault(`the table ends after ${index} of ${execution.rows.length} steps`);
    expectStep(plan.at(0), index + 1);
    expectStep(dose.at(0), index + 1);
    const row = rowOf(plan, dose);
    for (const at of [4, 8]) {
      const moment = dose.at(at).momentOrNull();
      if (moment === null) continue;
      if (moment <= reached && rows.length > 0)
        throw dose.at(at).fault("the time is not after the one before it");
      if (moment > endedAt)
        throw dose.at(at).fault("the time is after the end of the process in Summary.txt");
      expectElapsed(dose.at(at + 1), moment - startedAt);
      reached = moment;
    }
    rows.push(row);
  }
  const extra = doses.rows[execution.rows.length];
  if (extra !== undefined)
    throw extra.at(0).fault(`the step is not in the execution table, which has ${execution.rows.length}`);
  return rows;
}

function rowOf(plan: Row, dose: Row): RecordedRow {
  const type = plan.at(5);
  if (type.text !== PURGE && type.text !== PULSE)
    throw type.fault(`steps of type "${type.text}" cannot be replayed`);
  if (dose.at(3).text !== type.text)
    throw dose.at(3).fault(`the type is "${dose.at(3).text}", the execution table says "${type.text}"`);
  if (dose.at(2).text !== plan.at(1).text)
    throw dose
      .at(2)
      .fault(`the precursor is "${dose.at(2).text}", the execution table says "${plan.at(1).text}"`);
  for (const unused of [plan.at(2), plan.at(3), dose.at(7), dose.at(10), dose.at(11)]) unused.numberOrNull();
  dose.at(6).momentOrNull();
  const isPulse = type.text === PULSE;
  const precursorNumber = dose.at(1).number();
  if (!Number.isInteger(precursorNumber) || isPulse !== precursorNumber > 0)
    throw dose.at(1).fault(`"${dose.at(1).text}" is not the number of the precursor`);
  return {
    precursorNumber,
    precursor: plan.at(1).text,
    plannedPulseMs: isPulse ? plannedMs(plan.at(3)) : null,
    plannedPurgeMs: plannedMs(plan.at(4)),
    pulseStartedAt: isPulse ? dose.at(4).moment() : null,
    purgeStartedAt: dose.at(8).moment(),
    massGainNgCm2: dose.at(12).numberOrNull(),
  };
}

function expectStep(cell: Cell, step: number): void {
  if (cell.number() !== step) throw cell.fault(`the step is ${cell.text}, not ${step}`);
}

function expectElapsed(cell: Cell, elapsedMs: number): void {
  if (Math.abs(cell.number() * 1000 - elapsedMs) > ROUNDING_MS) {
    throw cell.fault(
      `the elapsed time ${cell.text} s does not fit the timestamp, which gives ${(elapsedMs / 1000).toFixed(3)} s`,
    );
  }
}

function plannedMs(cell: Cell): number {
  const ms = Math.round(cell.number() * 1000);
  if (ms < 1) throw cell.fault("a planned time must be above 0");
  if (ms > LONGEST_STEP_MS) throw cell.fault("a planned time is a day at most");
  return ms;
}

function samplesOf(
  data: LogTable,
  { startedAt, endedAt }: { startedAt: EpochMs; endedAt: EpochMs },
): Recording["samples"] {
  const columns = RECORDED_PARAMETERS.map((parameter) => ({
    ...parameter,
    index: DATA_HEADINGS.indexOf(parameter.heading),
    room: BEYOND_RANGE * (parameter.max - parameter.min),
  }));
  let reached = startedAt;
  const samples = data.rows.map((row) => {
    const at = row.at(0).moment();
    if (at <= reached) throw row.at(0).fault("the time is not after the one before it");
    reached = at;
    expectElapsed(row.at(1), at - startedAt);
    for (const cell of row.cells.slice(2)) cell.numberOrNull();
    const known = columns.flatMap(({ index, name, unit, min, max, room }): [string, number][] => {
      const cell = row.at(index);
      const value = cell.numberOrNull();
      if (value === null) return [];
      if (value < min - room || value > max + room)
        throw cell.fault(`${cell.text} ${unit} cannot be read there; it goes from ${min} to ${max} ${unit}`);
      return [[name, value]];
    });
    return { at, values: Object.fromEntries(known) };
  });
  if (endedAt - reached > LOG_TAIL_MS)
    throw data.end.fault("the log ends before the end of the process in Summary.txt");
  return samples;
}
