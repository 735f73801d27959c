import type { CycleCell, CyclePhase, CycleRow, RunCycles } from "#lib/model/cycles.ts";
import { type Fields, numberOf } from "#lib/model/fields.ts";
import { rowReader } from "./row.ts";

type Column = (row: number) => number | null;

/** One column of an answer that is laid out by columns. A column that json_agg made of no rows is null. */
function column(fields: Fields, name: string): Column {
  const values = fields.listOr(name);
  return (row) => {
    const value = values[row];
    return value === null || value === undefined ? null : numberOf(value, fields.pathOf(`${name}[${row}]`));
  };
}

const phase = (row: Fields): CyclePhase => ({
  series: row.number("series"),
  stepName: row.maybeText("step_name") ?? row.text("step_type"),
  stepType: row.text("step_type"),
  valveNumber: row.maybeNumber("valve_number"),
  plannedMs: row.maybeNumber("planned_ms"),
  group: row.number("group"),
});

function rowsOf(fields: Fields): CycleRow[] {
  const sure = (name: string) => {
    const values = column(fields, name);
    return (row: number) => values(row) ?? fields.fail(`${name}[${row}]`, "is not a number");
  };
  const [fromCycle, toCycle, fromSeq, toSeq] = [
    sure("from_cycle"),
    sure("to_cycle"),
    sure("from_seq"),
    sure("to_seq"),
  ];
  const [startMs, endMs] = [sure("start_ms"), sure("end_ms")];
  return fields.listOr("from_cycle").map((_, row) => ({
    fromCycle: fromCycle(row),
    toCycle: toCycle(row),
    fromSeq: fromSeq(row),
    toSeq: toSeq(row),
    startMs: startMs(row),
    endMs: endMs(row),
  }));
}

function cellsOf(fields: Fields, rows: number): CycleCell[] {
  const [count, measured, worst] = ["count", "measured_ms", "worst_ms"].map((name) => column(fields, name));
  const [worstSeq, deviations, peak] = ["worst_seq", "deviations", "peak_torr"].map((name) =>
    column(fields, name),
  );
  return Array.from({ length: rows }, (_, row) => ({
    count: count?.(row) ?? 0,
    measuredMs: measured?.(row) ?? null,
    worstMs: worst?.(row) ?? null,
    worstSeq: worstSeq?.(row) ?? null,
    deviations: deviations?.(row) ?? 0,
    peakTorr: peak?.(row) ?? null,
  }));
}

export const runCyclesRow = rowReader("run_cycles", (row): RunCycles => {
  const rows = rowsOf(row.inner("rows"));
  return {
    fromCycle: row.maybeNumber("from_cycle") ?? 1,
    toCycle: row.maybeNumber("to_cycle") ?? 0,
    totalCycles: row.maybeNumber("total_cycles"),
    phases: row.each("phases", phase),
    rows,
    cells: row.each("cells", (cells) => cellsOf(cells, rows.length)),
  };
});
