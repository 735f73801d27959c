import { controlId } from "#components/recipes/step-move-buttons.tsx";
import { Select, TextInput } from "#components/ui/field.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import type { RecipeParts } from "#lib/model/recipe.ts";
import type { DraftFault } from "#lib/view/draft-faults.ts";
import { formatLimits, parameterLabel } from "#lib/view/quantity.ts";
import { type DraftField, type DraftStep, FIELDS_OF } from "#lib/view/recipe-draft.ts";

interface StepFieldsProps {
  readonly step: DraftStep;
  readonly place: string;
  readonly faults: readonly DraftFault[];
  readonly noteId: string;
  readonly parameters: RecipeParts["parameters"];
  readonly onChange: (id: string, change: Partial<DraftStep>) => void;
}

type Look = { readonly label: string; readonly unit: string; readonly width: string };

const LOOKS: Readonly<Record<DraftField, Look>> = {
  valve_number: { label: "Valve", unit: "", width: "w-16" },
  duration_ms: { label: "Duration", unit: "ms", width: "w-24" },
  gas_type: { label: "Gas", unit: "", width: "w-16" },
  flow_rate: { label: "Flow", unit: "sccm", width: "w-20" },
  parameter_id: { label: "Parameter", unit: "", width: "w-44" },
  target_value: { label: "Target", unit: "", width: "w-20" },
  adjustment_rate: { label: "Rate", unit: "/s", width: "w-20" },
  hold_duration_ms: { label: "Hold", unit: "ms", width: "w-24" },
  iteration_count: { label: "Repeats", unit: "×", width: "w-20" },
};

/** The figures of a step, each with its unit. */
export function StepFields({ step, place, faults, noteId, parameters, onChange }: StepFieldsProps) {
  const change = (field: DraftField, text: string) =>
    onChange(step.id, { fields: { ...step.fields, [field]: text } });
  return FIELDS_OF[step.type].map((field) => {
    const { label, unit, width } = LOOKS[field];
    const isWrong = faults.some((fault) => fault.field === field);
    const wiring = {
      id: controlId(step.id, field),
      ...(isWrong ? { "aria-invalid": true as const, "aria-describedby": noteId } : {}),
    };
    return (
      <span key={field} className="flex items-center gap-1.5 text-xs text-ink-muted">
        <label htmlFor={wiring.id}>
          {label}
          <span className="sr-only">
            {unit === "ms" || unit === "sccm" ? ` in ${unit}` : ""} of step {place}
          </span>
        </label>
        <span className={joinClasses("shrink-0", width)}>
          {field === "parameter_id" ? (
            <ParameterSelect wiring={wiring} step={step} parameters={parameters} onChange={onChange} />
          ) : (
            <TextInput
              {...wiring}
              inputMode={field === "gas_type" ? "text" : "decimal"}
              autoComplete="off"
              value={step.fields[field] ?? ""}
              onChange={({ target }) => change(field, target.value)}
            />
          )}
        </span>
        <span aria-hidden="true">{unitOf(field, unit, step)}</span>
      </span>
    );
  });
}

function unitOf(field: DraftField, unit: string, { parameter }: DraftStep): string {
  if (field === "target_value") return parameter?.unit ?? "";
  return field === "adjustment_rate" ? `${parameter?.unit ?? ""}/s` : unit;
}

interface ParameterSelectProps extends Pick<StepFieldsProps, "step" | "parameters" | "onChange"> {
  readonly wiring: { readonly id: string };
}

function ParameterSelect({ wiring, step, parameters, onChange }: ParameterSelectProps) {
  const value = step.fields.parameter_id ?? "";
  const isListed = parameters.some(({ id }) => id === value);
  const choose = (id: string) => {
    const found = parameters.find((parameter) => parameter.id === id);
    const parameter = found ? { name: found.name, unit: found.unit } : step.parameter;
    onChange(step.id, { fields: { ...step.fields, parameter_id: id }, parameter });
  };
  return (
    <Select {...wiring} value={value} onChange={({ target }) => choose(target.value)}>
      {value === "" ? <option value="">Choose</option> : null}
      {value !== "" && !isListed ? (
        <option value={value}>{parameterLabel(step.parameter?.name ?? "as it is")}</option>
      ) : null}
      {parameters.map(({ id, name, unit, minimum, maximum }) => (
        <option key={id} value={id}>
          {parameterLabel(name)}
          {minimum === null || maximum === null ? "" : ` (${formatLimits(minimum, maximum, unit)})`}
        </option>
      ))}
    </Select>
  );
}
