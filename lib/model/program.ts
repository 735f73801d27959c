// The frozen program of a run: what process_executions.recipe_version holds. Postgres builds and validates the same
// shape (private.program_of); this parser guards every reader against rows it did not write. Walks are iterative, so
// nesting is limited by memory only. Guarded by program.test.ts.

import { FieldFault, Fields } from "#lib/model/fields.ts";
import { type Refusal, refusal } from "#lib/result.ts";

type Named = { id: string; name: string };
export type ValveStep = Named & { type: "valve"; valve_number: number; duration_ms: number };
export type PurgeStep = Named & { type: "purge"; duration_ms: number; gas_type: string; flow_rate: number };
export type WaitStep = Named & { type: "wait"; duration_ms: number };
export type ParameterStep = Named & {
  type: "parameter";
  parameter_id: string;
  parameter_name: string;
  unit: string | null;
  target_value: number;
  adjustment_rate: number;
  hold_duration_ms: number;
};
/** A step that takes time on the machine. */
export type LeafStep = ValveStep | PurgeStep | WaitStep | ParameterStep;
export type LoopStep = Named & { type: "loop"; iteration_count: number; children: ProgramStep[] };
export type ProgramStep = LeafStep | LoopStep;
export type ProgramTotals = { steps: number; cycles: number; planned_ms: number };
export type Program = {
  format: 1;
  recipe: {
    id: string;
    name: string;
    version: number;
    machine_type: string;
    substrate: string | null;
    chamber_temperature_set_point: number;
    pressure_set_point: number;
  };
  steps: ProgramStep[];
  parameters: { name: string; value: number; unit: string | null; min: number | null; max: number | null }[];
  totals: ProgramTotals;
};

/** A fault of the program as a whole, at no place in it. */
class ProgramFault extends Error {}

/** `record_step` takes step numbers of up to nine digits. */
const MOST_STEPS = 999_999_999;
const HINT = "Correct the recipe and start it again.";

/** The program in `json`, or a refusal `program_invalid` (422) whose message opens with the path of the first fault in a step. */
export function parseProgram(json: unknown): { ok: true; program: Program } | Refusal {
  try {
    return { ok: true, program: programOf(new Fields(json)) };
  } catch (fault) {
    if (fault instanceof ProgramFault) return invalid(fault.message);
    if (!(fault instanceof FieldFault)) throw fault;
    return invalid(`${fault.path === "" ? "program" : fault.path}: ${fault.problem}`);
  }
}

function programOf(fields: Fields): Program {
  const head = {
    format: fields.raw("format") === 1 ? (1 as const) : fields.fail("format", "is not 1"),
    recipe: recipeOf(fields.inner("recipe")),
    parameters: fields.each("parameters", (row) => ({
      name: row.text("name"),
      value: row.real("value"),
      unit: row.maybeText("unit"),
      min: row.maybeReal("min"),
      max: row.maybeReal("max"),
    })),
  };
  const steps = parseSteps(fields.list("steps"));
  return { ...head, steps, totals: statedTotals(fields.inner("totals"), totals(steps)) };
}

const recipeOf = (row: Fields): Program["recipe"] => ({
  id: row.text("id"),
  name: row.text("name"),
  version: row.integer("version"),
  machine_type: row.text("machine_type"),
  substrate: row.maybeText("substrate"),
  chamber_temperature_set_point: row.real("chamber_temperature_set_point"),
  pressure_set_point: row.real("pressure_set_point"),
});

/** The totals that the program states; they must be what its steps add up to, and few enough to be numbered. */
function statedTotals(stated: Fields, counted: ProgramTotals): ProgramTotals {
  if (counted.steps > MOST_STEPS || counted.planned_ms > Number.MAX_SAFE_INTEGER) {
    const problem = `unrolled, the program has ${counted.steps} steps; at most ${MOST_STEPS} can be numbered`;
    throw new ProgramFault(problem);
  }
  for (const key of ["steps", "cycles", "planned_ms"] as const) {
    const said = stated.integer(key);
    if (said !== counted[key]) stated.fail(key, `says ${said}, but the steps add up to ${counted[key]}`);
  }
  return counted;
}

type Level = { input: readonly unknown[]; at: number; output: ProgramStep[] };

/** Reads a list of steps in document order, depth first; paths look like `steps[2].children[0]`. */
function parseSteps(input: readonly unknown[]): ProgramStep[] {
  if (input.length === 0) throw new ProgramFault("the recipe has no steps");
  const steps: ProgramStep[] = [];
  const levels: Level[] = [{ input, at: -1, output: steps }];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    level.at += 1;
    if (level.at === level.input.length) {
      levels.pop();
      continue;
    }
    const inner = placed(levels, () => readStep(level.input[level.at], level.output));
    if (inner !== null) levels.push(inner);
  }
  return steps;
}

/** A path is as long as its step lies deep, so it is written out only when something does not fit. */
function placed<T>(levels: readonly Level[], read: () => T): T {
  try {
    return read();
  } catch (fault) {
    throw fault instanceof FieldFault ? fault.under(pathOf(levels)) : fault;
  }
}

const pathOf = (levels: readonly Level[]): string =>
  `steps${levels.map((level) => `[${level.at}]`).join(".children")}`;

/** Appends one step to `output`; answers the level below it when it is a loop. */
function readStep(value: unknown, output: ProgramStep[]): Level | null {
  const row = new Fields(value);
  const type = row.word("type", STEP_TYPES);
  const named = { id: row.text("id"), name: row.text("name") };
  if (type !== "loop") {
    output.push({ ...named, ...LEAVES[type](row) });
    return null;
  }
  const iteration_count = row.integer("iteration_count", 1);
  const input = row.list("children");
  if (input.length === 0) row.fail("children", "this loop has no steps");
  const children: ProgramStep[] = [];
  output.push({ ...named, type, iteration_count, children });
  return { input, at: -1, output: children };
}

const STEP_TYPES = ["valve", "purge", "wait", "parameter", "loop"] as const;

const LEAVES = {
  valve: (row: Fields) => ({
    type: "valve" as const,
    valve_number: row.integer("valve_number", 1),
    duration_ms: row.integer("duration_ms", 1),
  }),
  purge: (row: Fields) => ({
    type: "purge" as const,
    duration_ms: row.integer("duration_ms", 1),
    gas_type: row.text("gas_type"),
    flow_rate: row.real("flow_rate"),
  }),
  wait: (row: Fields) => ({ type: "wait" as const, duration_ms: row.integer("duration_ms", 1) }),
  parameter: (row: Fields) => ({
    type: "parameter" as const,
    parameter_id: row.text("parameter_id"),
    parameter_name: row.text("parameter_name"),
    unit: row.maybeText("unit"),
    target_value: row.real("target_value"),
    adjustment_rate: row.real("adjustment_rate"),
    hold_duration_ms: row.integer("hold_duration_ms", 1),
  }),
};

const invalid = (message: string): Refusal => refusal(422, "program_invalid", message, HINT);

/** True for a loop whose iterations are cycles: it holds no loop and at least one pulse. */
export const isCycleLoop = (step: ProgramStep): boolean =>
  step.type === "loop" &&
  step.children.every((child) => child.type !== "loop") &&
  step.children.some((child) => child.type === "valve");

/** How long the recipe plans a step to last, in ms; a parameter step lasts as long as its hold. */
export const plannedMsOf = (step: LeafStep): number =>
  step.type === "parameter" ? step.hold_duration_ms : step.duration_ms;

/** Unrolled step executions, cycles and planned time (ms) of a list of steps; exact up to 2^53. */
export function totals(steps: readonly ProgramStep[]): ProgramTotals {
  const sum: ProgramTotals = { steps: 0, cycles: 0, planned_ms: 0 };
  const pending = [{ steps, times: 1 }];
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    for (const step of block.steps) {
      if (step.type === "loop") {
        const times = block.times * step.iteration_count;
        if (isCycleLoop(step)) sum.cycles += times;
        pending.push({ steps: step.children, times });
      } else {
        sum.steps += block.times;
        sum.planned_ms += block.times * plannedMsOf(step);
      }
    }
  }
  return sum;
}
