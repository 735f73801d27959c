import { Field, Select } from "#components/ui/field.tsx";

export interface Choice {
  readonly value: string;
  readonly name: string;
}

interface ChooseProps {
  readonly label: string;
  /** The choice that narrows nothing. */
  readonly all: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}

/** One of several, or all; a value from the address that is not among them is still seen to be on. */
export function Choose({ label, all, value, choices, onChange }: ChooseProps) {
  return (
    <Field label={label} className="min-w-0 sm:w-40">
      {(wiring) => (
        <Select {...wiring} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{all}</option>
          {value === "" || choices.some((choice) => choice.value === value) ? null : (
            <option value={value}>Not in the list</option>
          )}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
