import { Field, Select, TextArea, TextInput } from "#components/ui/field.tsx";
import type { DraftFault } from "#lib/view/draft-faults.ts";
import type { DraftHead } from "#lib/view/recipe-draft.ts";

interface HeadFieldsProps {
  readonly head: DraftHead;
  readonly machineTypes: readonly string[];
  readonly faults: readonly DraftFault[];
  readonly onChange: (change: Partial<DraftHead>) => void;
}

/** What a recipe says of itself: name, for which machines, at which set-points. */
export function HeadFields({ head, machineTypes, faults, onChange }: HeadFieldsProps) {
  const errorOf = (name: keyof DraftHead) => {
    const fault = faults.find(({ stepId, field }) => stepId === null && field === name);
    return fault ? { error: `${fault.problem}.` } : {};
  };
  return (
    <div className="grid items-start gap-3 p-4 sm:grid-cols-2 lg:grid-cols-4">
      <Field label="Name" className="sm:col-span-2" {...errorOf("name")}>
        {(wiring) => (
          <TextInput
            {...wiring}
            dir="auto"
            value={head.name}
            onChange={({ target }) => onChange({ name: target.value })}
          />
        )}
      </Field>
      <Field label="Machine type" {...errorOf("machine_type")}>
        {(wiring) => (
          <Select
            {...wiring}
            value={head.machine_type}
            onChange={({ target }) => onChange({ machine_type: target.value })}
          >
            {machineTypes.includes(head.machine_type) ? null : (
              <option value={head.machine_type}>{head.machine_type}</option>
            )}
            {machineTypes.map((type) => (
              <option key={type} value={type}>
                {type}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Substrate (optional)" {...errorOf("substrate")}>
        {(wiring) => (
          <TextInput
            {...wiring}
            dir="auto"
            value={head.substrate}
            onChange={({ target }) => onChange({ substrate: target.value })}
          />
        )}
      </Field>
      <Field label="Chamber temperature, °C" {...errorOf("chamber_temperature_set_point")}>
        {(wiring) => (
          <TextInput
            {...wiring}
            inputMode="decimal"
            value={head.chamber_temperature_set_point}
            onChange={({ target }) => onChange({ chamber_temperature_set_point: target.value })}
          />
        )}
      </Field>
      <Field label="Pressure, Torr" {...errorOf("pressure_set_point")}>
        {(wiring) => (
          <TextInput
            {...wiring}
            inputMode="decimal"
            value={head.pressure_set_point}
            onChange={({ target }) => onChange({ pressure_set_point: target.value })}
          />
        )}
      </Field>
      <Field label="Description (optional)" className="sm:col-span-2" {...errorOf("description")}>
        {(wiring) => (
          <TextArea
            {...wiring}
            dir="auto"
            rows={2}
            className="min-h-9"
            value={head.description}
            onChange={({ target }) => onChange({ description: target.value })}
          />
        )}
      </Field>
    </div>
  );
}
