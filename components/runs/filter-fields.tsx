import { useId } from "react";
import { Field, TextInput } from "#components/ui/field.tsx";

interface DayProps {
  readonly label: string;
  readonly value: string;
  readonly error?: string | null;
  readonly onChange: (value: string) => void;
}

/** A day in UTC. */
export function Day({ label, value, error = null, onChange }: DayProps) {
  return (
    <Field label={label} className="min-w-0 sm:w-40" {...(error === null ? {} : { error })}>
      {(wiring) => (
        <TextInput {...wiring} type="date" value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

interface LeastProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The least number of deviations. */
export function Least({ value, onChange }: LeastProps) {
  const id = useId();
  return (
    <label htmlFor={id} className="flex h-9 items-center gap-2 whitespace-nowrap text-sm">
      Deviations, at least
      <span className="w-20 shrink-0">
        <TextInput
          id={id}
          type="number"
          min={1}
          inputMode="numeric"
          placeholder="any"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
    </label>
  );
}

interface CheckProps {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

export function Check({ label, isChecked, onChange }: CheckProps) {
  const id = useId();
  return (
    <label htmlFor={id} className="flex h-9 items-center gap-2 text-sm">
      <input
        id={id}
        type="checkbox"
        className="size-4 accent-accent"
        checked={isChecked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}
