// A recipe under the pen: what a person typed, letter by letter, so that nothing is lost while it is not yet a number.
// Guarded by recipe-draft.test.ts.

import { type Program, type ProgramStep, totals } from "#lib/model/program.ts";

export const STEP_TYPES = ["valve", "purge", "wait", "parameter", "loop"] as const;
export type StepType = (typeof STEP_TYPES)[number];

/** What can be typed of a step; each type has some of them. */
export type DraftField =
  | "valve_number"
  | "duration_ms"
  | "gas_type"
  | "flow_rate"
  | "parameter_id"
  | "target_value"
  | "adjustment_rate"
  | "hold_duration_ms"
  | "iteration_count";

/** The fields of each type, in the order in which they are asked for. */
export const FIELDS_OF: Readonly<Record<StepType, readonly DraftField[]>> = {
  valve: ["valve_number", "duration_ms"],
  purge: ["duration_ms", "gas_type", "flow_rate"],
  wait: ["duration_ms"],
  parameter: ["parameter_id", "target_value", "adjustment_rate", "hold_duration_ms"],
  loop: ["iteration_count"],
};

export type DraftStep = {
  readonly id: string;
  readonly type: StepType;
  readonly name: string;
  readonly fields: Readonly<Partial<Record<DraftField, string>>>;
  /** Of a parameter step: how its parameter is called; known to the list it is chosen from. */
  readonly parameter: { readonly name: string; readonly unit: string | null } | null;
  /** Empty for all but loops. */
  readonly children: readonly DraftStep[];
};

export type DraftHead = {
  readonly name: string;
  readonly description: string;
  readonly machine_type: string;
  readonly substrate: string;
  readonly chamber_temperature_set_point: string;
  readonly pressure_set_point: string;
};

export type RecipeDraft = { readonly head: DraftHead; readonly steps: readonly DraftStep[] };

/** The program as a person would have typed it. */
export function draftOf(
  { recipe, steps }: Pick<Program, "recipe" | "steps">,
  description: string,
): RecipeDraft {
  return {
    head: {
      name: recipe.name,
      description,
      machine_type: recipe.machine_type,
      substrate: recipe.substrate ?? "",
      chamber_temperature_set_point: String(recipe.chamber_temperature_set_point),
      pressure_set_point: String(recipe.pressure_set_point),
    },
    steps: steps.map(draftStep),
  };
}

function draftStep(step: ProgramStep): DraftStep {
  const { id, name, type } = step;
  const values: Partial<Record<DraftField, unknown>> = step;
  const fields = Object.fromEntries(FIELDS_OF[type].map((field) => [field, String(values[field] ?? "")]));
  const parameter = step.type === "parameter" ? { name: step.parameter_name, unit: step.unit } : null;
  const children = step.type === "loop" ? step.children.map(draftStep) : [];
  return { id, type, name, fields, parameter, children };
}

const NUMBER = /^-?\d{1,12}(\.\d{1,12})?(e-?\d{1,2})?$/i;

/** The number that was typed; null for anything else. */
export function typedNumber(text: string | undefined): number | null {
  const trimmed = text?.trim() ?? "";
  return NUMBER.test(trimmed) ? Number(trimmed) : null;
}

/** What is saved. A field that is no number yet is 0, which the database refuses by its place. */
export function programOf(draft: RecipeDraft): Pick<Program, "steps"> & { recipe: ProgramHead } {
  const { head, steps } = draft;
  return {
    recipe: {
      name: head.name.trim(),
      description: head.description.trim(),
      machine_type: head.machine_type.trim(),
      substrate: head.substrate.trim() || null,
      chamber_temperature_set_point: typedNumber(head.chamber_temperature_set_point) ?? 0,
      pressure_set_point: typedNumber(head.pressure_set_point) ?? 0,
    },
    steps: steps.map(programStep),
  };
}

type ProgramHead = Omit<Program["recipe"], "id" | "version"> & { description: string };

function programStep({ id, name, type, fields, parameter, children }: DraftStep): ProgramStep {
  const named = { id, name: name.trim() };
  const number = (field: DraftField) => typedNumber(fields[field]) ?? 0;
  switch (type) {
    case "valve":
      return { ...named, type, valve_number: number("valve_number"), duration_ms: number("duration_ms") };
    case "purge":
      return {
        ...named,
        type,
        duration_ms: number("duration_ms"),
        gas_type: fields.gas_type?.trim() ?? "",
        flow_rate: number("flow_rate"),
      };
    case "wait":
      return { ...named, type, duration_ms: number("duration_ms") };
    case "parameter":
      return {
        ...named,
        type,
        parameter_id: fields.parameter_id ?? "",
        parameter_name: parameter?.name ?? "",
        unit: parameter?.unit ?? null,
        target_value: number("target_value"),
        adjustment_rate: number("adjustment_rate"),
        hold_duration_ms: number("hold_duration_ms"),
      };
    case "loop":
      return {
        ...named,
        type,
        iteration_count: number("iteration_count"),
        children: children.map(programStep),
      };
  }
}

/** The draft as a program of that recipe, to be laid beside another version of it; its conditions are those of `base`. */
export function asVersion(draft: RecipeDraft, base: Pick<Program, "recipe" | "parameters">): Program {
  const { recipe, steps } = programOf(draft);
  const { description: _, ...head } = recipe;
  return {
    format: 1,
    recipe: { ...head, id: base.recipe.id, version: base.recipe.version },
    steps,
    parameters: base.parameters,
    totals: totals(steps),
  };
}

/** What a new step of a type begins with. */
const BEGINNINGS: Readonly<Record<StepType, { name: string; fields: DraftStep["fields"] }>> = {
  valve: { name: "Pulse", fields: { valve_number: "1", duration_ms: "100" } },
  purge: { name: "Purge", fields: { duration_ms: "3000", gas_type: "N2", flow_rate: "150" } },
  wait: { name: "Wait", fields: { duration_ms: "1000" } },
  parameter: {
    name: "Set parameter",
    fields: { parameter_id: "", target_value: "", adjustment_rate: "1", hold_duration_ms: "1000" },
  },
  loop: { name: "Cycle", fields: { iteration_count: "100" } },
};

/** A new step; a loop comes with a purge in it, since it cannot be empty. */
export function newStep(type: StepType, makeId: () => string): DraftStep {
  const children = type === "loop" ? [newStep("purge", makeId)] : [];
  return { id: makeId(), type, ...BEGINNINGS[type], parameter: null, children };
}

/** A recipe to begin with: a cycle of two half-reactions between two purges. */
export function newDraft(machineType: string, makeId: () => string): RecipeDraft {
  const step = (
    type: StepType,
    name: string,
    fields: DraftStep["fields"],
    children: readonly DraftStep[] = [],
  ) => ({
    ...newStep(type, makeId),
    name,
    fields: { ...BEGINNINGS[type].fields, ...fields },
    children,
  });
  return {
    head: {
      name: "",
      description: "",
      machine_type: machineType,
      substrate: "",
      chamber_temperature_set_point: "200",
      pressure_set_point: "0.4",
    },
    steps: [
      step("purge", "Stabilise", { duration_ms: "10000" }),
      step("loop", "Cycle", {}, [
        step("valve", "Precursor pulse", {}),
        step("purge", "Precursor purge", {}),
        step("valve", "Reactant pulse", { valve_number: "2" }),
        step("purge", "Reactant purge", {}),
      ]),
      step("purge", "Final purge", { duration_ms: "20000" }),
    ],
  };
}
