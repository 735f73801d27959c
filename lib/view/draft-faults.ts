// What of a draft cannot be saved, told while it is typed. A courtesy: the database judges again, by the same limits
// (private.recipe_step_fault, private.recipe_fault). Guarded by draft-faults.test.ts.

import { totals } from "#lib/model/program.ts";
import { formatCount } from "./count.ts";
import { type DraftRow, draftRows } from "./draft-moves.ts";
import {
  type DraftField,
  type DraftHead,
  type DraftStep,
  FIELDS_OF,
  programOf,
  type RecipeDraft,
  typedNumber,
} from "./recipe-draft.ts";

export type DraftFault = {
  /** As the database names it: "steps[2].children[0]", "recipe.name", "steps" for the whole. */
  path: string;
  stepId: string | null;
  field: DraftField | "name" | keyof DraftHead | null;
  /** What is wrong and what to do. */
  problem: string;
};

const WEEK_MS = 604_800_000;
const MOST_WRITTEN = 2000;
const MOST_UNROLLED = 1_000_000;
const DEEPEST = 32;
const LONGEST_NAME = 200;

type Check = (text: string) => string | null;

const whole =
  (what: string, most: number): Check =>
  (text) => {
    const value = typedNumber(text);
    return value !== null && Number.isInteger(value) && value >= 1 && value <= most
      ? null
      : `${what}: a whole number from 1 to ${formatCount(most)}`;
  };

const within =
  (what: string, least: number, most: number): Check =>
  (text) => {
    const value = typedNumber(text);
    return value !== null && value >= least && value <= most
      ? null
      : `${what}: a number from ${Number.isInteger(least) ? formatCount(least) : least} to ${formatCount(most)}`;
  };

const words =
  (what: string, most: number): Check =>
  (text) =>
    text.trim() !== "" && text.length <= most ? null : `${what}: 1 to ${most} characters`;

const atMost =
  (what: string, most: number): Check =>
  (text) =>
    text.length <= most ? null : `${what}: at most ${formatCount(most)} characters`;

const BILLION = 1e9;
const FIELDS: Readonly<Record<DraftField, Check>> = {
  valve_number: whole("Valve", 999),
  duration_ms: whole("Duration in ms", WEEK_MS),
  gas_type: words("Gas", 40),
  flow_rate: within("Flow in sccm", 0.001, 1e6),
  parameter_id: (text) => (text === "" ? "Choose a parameter" : null),
  target_value: within("Target", -BILLION, BILLION),
  adjustment_rate: within("Rate per second", 0.000001, BILLION),
  hold_duration_ms: whole("Hold in ms", WEEK_MS),
  iteration_count: whole("Repeats", 1_000_000),
};

const HEAD: Readonly<Record<keyof DraftHead, Check>> = {
  name: words("Name", LONGEST_NAME),
  description: atMost("Description", 2000),
  machine_type: words("Machine type", 60),
  substrate: atMost("Substrate", 200),
  chamber_temperature_set_point: within("Temperature in °C", -273, 3000),
  pressure_set_point: within("Pressure in Torr", 0.000001, 10_000),
};

/** Everything that stands against saving, in the order of the page; none when it may be tried. */
export function draftFaults(draft: RecipeDraft): DraftFault[] {
  const heads = (Object.keys(HEAD) as (keyof DraftHead)[]).flatMap((field): DraftFault[] => {
    const problem = HEAD[field](draft.head[field]);
    return problem === null ? [] : [{ path: `recipe.${field}`, stepId: null, field, problem }];
  });
  const rows = draftRows(draft.steps);
  const steps = rows.flatMap(({ step, path, depth }) => stepFaults(step, path, depth));
  return [...heads, ...steps, ...wholeFaults(draft, rows.length, steps.length === 0)];
}

function stepFaults(step: DraftStep, path: string, depth: number): DraftFault[] {
  const at = { path, stepId: step.id };
  const named = words("Name", LONGEST_NAME)(step.name);
  const fields = FIELDS_OF[step.type].flatMap((field): DraftFault[] => {
    const problem = FIELDS[field](step.fields[field] ?? "");
    return problem === null ? [] : [{ ...at, field, problem }];
  });
  const isEmpty = step.type === "loop" && step.children.length === 0;
  return [
    ...(named === null ? [] : [{ ...at, field: "name" as const, problem: named }]),
    ...fields,
    ...(isEmpty ? [{ ...at, field: null, problem: "This loop has no steps: add one, or remove it" }] : []),
    ...(depth === DEEPEST ? [{ ...at, field: null, problem: `Nested more than ${DEEPEST} deep` }] : []),
  ];
}

function wholeFaults(draft: RecipeDraft, written: number, isCountable: boolean): DraftFault[] {
  const fault = (problem: string): DraftFault[] => [{ path: "steps", stepId: null, field: null, problem }];
  if (written === 0) return fault("The recipe has no steps: add one");
  if (written > MOST_WRITTEN)
    return fault(`Written out, at most ${formatCount(MOST_WRITTEN)} steps; loops repeat them`);
  const { steps } = isCountable ? totals(programOf(draft).steps) : { steps: 0 };
  if (steps <= MOST_UNROLLED) return [];
  return fault(`Unrolled, ${formatCount(steps)} steps; at most ${formatCount(MOST_UNROLLED)} can be saved`);
}

/** A fault that the database named, at the step that its path leads to; at the whole where it leads to none. */
export function faultAt(
  { path, problem }: { readonly path: string; readonly problem: string },
  rows: readonly DraftRow[],
): DraftFault[] {
  const row = rows.find((one) => one.path === path || `${one.path}.children` === path);
  const field = path.startsWith("recipe.") ? (path.slice("recipe.".length) as keyof DraftHead) : null;
  if (row || field) return [{ path, stepId: row?.step.id ?? null, field, problem }];
  return [{ path: "steps", stepId: null, field: null, problem }];
}
