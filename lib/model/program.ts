// The frozen program of a run: what process_executions.recipe_version holds. Postgres builds and validates the same
// shape (private.program_of); this parser guards every reader against rows it did not write. Walks are iterative, so
// nesting is limited by memory only. Guarded by program.test.ts.

import { z } from "zod";
import { type Refusal, refusal } from "#lib/result.ts";

const durationMs = z.int().min(1);
const named = { id: z.string(), name: z.string() };

const valveSchema = z.object({
  ...named,
  type: z.literal("valve"),
  valve_number: z.int().min(1),
  duration_ms: durationMs,
});
const purgeSchema = z.object({
  ...named,
  type: z.literal("purge"),
  duration_ms: durationMs,
  gas_type: z.string(),
  flow_rate: z.number(),
});
const waitSchema = z.object({ ...named, type: z.literal("wait"), duration_ms: durationMs });
const parameterSchema = z.object({
  ...named,
  type: z.literal("parameter"),
  parameter_id: z.string(),
  parameter_name: z.string(),
  unit: z.string().nullable(),
  target_value: z.number(),
  adjustment_rate: z.number(),
  hold_duration_ms: durationMs,
});
const loopSchema = z.object({
  ...named,
  type: z.literal("loop"),
  iteration_count: z.int().min(1),
  children: z.array(z.unknown()),
});
const stepSchema = z.discriminatedUnion("type", [
  valveSchema,
  purgeSchema,
  waitSchema,
  parameterSchema,
  loopSchema,
]);

const totalsSchema = z.object({ steps: z.int(), cycles: z.int(), planned_ms: z.int() });
const programSchema = z.object({
  format: z.literal(1),
  recipe: z.object({
    id: z.string(),
    name: z.string(),
    version: z.int(),
    machine_type: z.string(),
    substrate: z.string().nullable(),
    chamber_temperature_set_point: z.number(),
    pressure_set_point: z.number(),
  }),
  steps: z.array(z.unknown()),
  parameters: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      unit: z.string().nullable(),
      min: z.number().nullable(),
      max: z.number().nullable(),
    }),
  ),
  totals: totalsSchema,
});

export type ValveStep = z.infer<typeof valveSchema>;
export type PurgeStep = z.infer<typeof purgeSchema>;
export type WaitStep = z.infer<typeof waitSchema>;
export type ParameterStep = z.infer<typeof parameterSchema>;
/** A step that takes time on the machine. */
export type LeafStep = ValveStep | PurgeStep | WaitStep | ParameterStep;
export type LoopStep = Omit<z.infer<typeof loopSchema>, "children"> & { children: ProgramStep[] };
export type ProgramStep = LeafStep | LoopStep;
export type ProgramTotals = z.infer<typeof totalsSchema>;
export type Program = Omit<z.infer<typeof programSchema>, "steps"> & { steps: ProgramStep[] };

/** `record_step` takes step numbers of up to nine digits. */
const MOST_STEPS = 999_999_999;
const HINT = "Correct the recipe and start it again.";

/** The program in `json`, or a refusal `program_invalid` (422) whose message opens with the path of the first fault. */
export function parseProgram(json: unknown): { ok: true; program: Program } | Refusal {
  const parsed = programSchema.safeParse(json);
  if (!parsed.success) return invalid(issueText("", parsed.error));
  const steps = parseSteps(parsed.data.steps);
  if (!steps.ok) return steps;
  const counted = totals(steps.steps);
  if (counted.steps > MOST_STEPS || counted.planned_ms > Number.MAX_SAFE_INTEGER) {
    return invalid(
      `steps: unrolled, the program has ${counted.steps} steps; at most ${MOST_STEPS} can be numbered`,
    );
  }
  const stated = parsed.data.totals;
  for (const key of ["steps", "cycles", "planned_ms"] as const) {
    if (stated[key] !== counted[key]) {
      return invalid(`totals.${key}: says ${stated[key]}, but the steps add up to ${counted[key]}`);
    }
  }
  return { ok: true, program: { ...parsed.data, steps: steps.steps } };
}

type Level = { input: readonly unknown[]; at: number; output: ProgramStep[] };

/** Parses a list of steps in document order, depth first; paths look like `steps[2].children[0]`. */
function parseSteps(input: readonly unknown[]): { ok: true; steps: ProgramStep[] } | Refusal {
  if (input.length === 0) return invalid("steps: the recipe has no steps");
  const steps: ProgramStep[] = [];
  const levels: Level[] = [{ input, at: -1, output: steps }];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    level.at += 1;
    if (level.at === level.input.length) {
      levels.pop();
      continue;
    }
    const parsed = stepSchema.safeParse(level.input[level.at]);
    if (!parsed.success) return invalid(issueText(pathOf(levels), parsed.error));
    if (parsed.data.type !== "loop") {
      level.output.push(parsed.data);
      continue;
    }
    if (parsed.data.children.length === 0)
      return invalid(`${pathOf(levels)}.children: this loop has no steps`);
    const children: ProgramStep[] = [];
    level.output.push({ ...parsed.data, children });
    levels.push({ input: parsed.data.children, at: -1, output: children });
  }
  return { ok: true, steps };
}

const pathOf = (levels: readonly Level[]): string =>
  `steps${levels.map((level) => `[${level.at}]`).join(".children")}`;

function issueText(path: string, error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return `${path}: is not what a program may hold`;
  const where = issue.path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : `${text}${text === "" ? "" : "."}${String(key)}`,
    path,
  );
  return `${where === "" ? "program" : where}: ${issue.message}`;
}

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
