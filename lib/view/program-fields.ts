// What a step and a recipe are told by, field by field, with units. Guarded by program-diff.test.ts.

import type { Program, ProgramStep, ProgramTotals } from "#lib/model/program.ts";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { formatCount } from "./count.ts";
import { formatLimits, formatSetting, parameterLabel } from "./quantity.ts";

/** One thing that was `from` and is `to`, with units; "none" where there was or is nothing. */
export type FieldChange = { label: string; from: string; to: string };

type Field = [label: string, text: string, exact?: number];

/** What a step is told by. `exact` is a number (ms) that two equal texts may hide a difference of. */
export function fieldsOf(step: ProgramStep): Field[] {
  const time = (label: string, ms: number): Field => [label, formatDuration(durationMs(ms)), ms];
  const head: Field[] = [
    ["name", step.name],
    ["type", step.type],
  ];
  switch (step.type) {
    case "valve":
      return [...head, ["valve", `${step.valve_number}`], time("duration", step.duration_ms)];
    case "purge": {
      const flow: Field = ["flow", formatSetting(step.flow_rate, "sccm")];
      return [...head, time("duration", step.duration_ms), ["gas", step.gas_type], flow];
    }
    case "wait":
      return [...head, time("duration", step.duration_ms)];
    case "parameter":
      return [
        ...head,
        ["parameter", parameterLabel(step.parameter_name)],
        ["target", formatSetting(step.target_value, step.unit)],
        ["rate", formatSetting(step.adjustment_rate, `${step.unit ?? ""}/s`)],
        time("hold", step.hold_duration_ms),
      ];
    case "loop":
      return [...head, ["repeats", `${formatCount(step.iteration_count)} ×`]];
  }
}

export function stepFields(from: ProgramStep, to: ProgramStep): FieldChange[] {
  return changedFields(fieldsOf(from), fieldsOf(to));
}

function changedFields(from: readonly Field[], to: readonly Field[]): FieldChange[] {
  const labels = new Set([...from, ...to].map(([label]) => label));
  return [...labels].flatMap((label) => {
    const [was, is] = [from, to].map((fields) => fields.find(([own]) => own === label));
    if (was?.[1] === is?.[1] && was?.[2] === is?.[2]) return [];
    const isHidden = was?.[1] === is?.[1];
    const text = (field: Field | undefined) => {
      if (field === undefined) return NONE;
      return isHidden && field[2] !== undefined ? `${formatCount(field[2])} ms` : field[1];
    };
    return { label, from: text(was), to: text(is) };
  });
}

const NONE = "none";

export function headChanges({ recipe: from }: Program, { recipe: to }: Program): FieldChange[] {
  const fields = (recipe: Program["recipe"]): Field[] => [
    ["recipe name", recipe.name],
    ["machine type", recipe.machine_type],
    ["substrate", recipe.substrate ?? "any"],
    ["chamber temperature", formatSetting(recipe.chamber_temperature_set_point, "°C")],
    ["pressure", formatSetting(recipe.pressure_set_point, "Torr")],
  ];
  return changedFields(fields(from), fields(to));
}

export function conditionChanges({ parameters: from }: Program, { parameters: to }: Program): FieldChange[] {
  const fields = (parameters: Program["parameters"]): Field[] =>
    parameters.map(({ name, value, unit, min, max }) => {
      const limits = min === null || max === null ? "" : ` (${formatLimits(min, max, null)})`;
      return [`condition ${parameterLabel(name).toLowerCase()}`, `${formatSetting(value, unit)}${limits}`];
    });
  return changedFields(fields(from), fields(to));
}

export function totalChanges(from: ProgramTotals, to: ProgramTotals): FieldChange[] {
  const fields = ({ planned_ms, cycles, steps }: ProgramTotals): Field[] => [
    ["planned time", formatDuration(durationMs(planned_ms)), planned_ms],
    ["cycles", formatCount(cycles)],
    ["steps", formatCount(steps)],
  ];
  return changedFields(fields(from), fields(to));
}
