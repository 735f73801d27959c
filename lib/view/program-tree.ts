import { type Program, type ProgramStep, plannedMsOf, totals } from "#lib/model/program.ts";
import { type DurationMs, durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";

export type ProgramRow = {
  id: string;
  /** 0 for the steps of the program itself. */
  depth: number;
  /** Position as a person counts: "3", "3.1". */
  path: string;
  name: string;
  type: ProgramStep["type"];
  /** What the step does, in a few words: "valve 2 open for 100 ms". */
  detail: string;
  /** For a loop how often it runs. */
  iterations: number | null;
  /** Planned time of one execution; for a loop of one pass. */
  plannedMs: DurationMs;
  /** Planned time over the whole run, every loop around it counted. */
  totalMs: DurationMs;
};

type Pending = { step: ProgramStep; depth: number; path: string; times: number };

/** The program as rows of a tree, in the order a person reads it. */
export function programRows(program: Pick<Program, "steps">): ProgramRow[] {
  const rows: ProgramRow[] = [];
  const pending = children(program.steps, 0, "", 1);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    rows.push(rowOf(next));
    const { step, depth, path, times } = next;
    if (step.type === "loop")
      pending.push(...children(step.children, depth + 1, `${path}.`, times * step.iteration_count));
  }
  return rows;
}

/** Reversed, so that the first is taken from the end of the list first. */
const children = (steps: readonly ProgramStep[], depth: number, prefix: string, times: number): Pending[] =>
  steps.map((step, index) => ({ step, depth, path: `${prefix}${index + 1}`, times })).reverse();

function rowOf({ step, depth, path, times }: Pending): ProgramRow {
  const plannedMs = step.type === "loop" ? totals(step.children).planned_ms : plannedMsOf(step);
  const repeats = step.type === "loop" ? times * step.iteration_count : times;
  return {
    id: step.id,
    depth,
    path,
    name: step.name,
    type: step.type,
    detail: detailOf(step),
    iterations: step.type === "loop" ? step.iteration_count : null,
    plannedMs: durationMs(plannedMs),
    totalMs: durationMs(plannedMs * repeats),
  };
}

/** What a step does, in a few words; of a loop how often. */
export function detailOf(step: ProgramStep): string {
  if (step.type === "valve")
    return `valve ${step.valve_number} open for ${formatDuration(durationMs(step.duration_ms))}`;
  if (step.type === "purge") {
    return `${step.gas_type} ${step.flow_rate} sccm for ${formatDuration(durationMs(step.duration_ms))}`;
  }
  if (step.type === "wait") return `wait ${formatDuration(durationMs(step.duration_ms))}`;
  if (step.type === "loop") return `${step.iteration_count} ×`;
  const unit = step.unit ? ` ${step.unit}` : "";
  const rate = `${step.adjustment_rate}${unit}/s`;
  const hold = formatDuration(durationMs(step.hold_duration_ms));
  return `${step.parameter_name} to ${step.target_value}${unit} at ${rate}, hold ${hold}`;
}
