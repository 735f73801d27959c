"use client";

import { useId } from "react";

interface ChoiceListProps<T extends string> {
  readonly legend: string;
  readonly choices: readonly { readonly value: T; readonly title: string; readonly note: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of a few, each with its consequence in full view; 44 px high for a finger, arrow keys for a keyboard. */
export function ChoiceList<T extends string>({ legend, choices, value, onChange }: ChoiceListProps<T>) {
  const name = useId();
  return (
    <fieldset className="grid gap-2">
      <legend className="eyebrow mb-1.5">{legend}</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className="flex min-h-11 cursor-pointer gap-3 rounded-md border border-line px-3 py-2.5 hover:bg-hover has-checked:border-ink has-checked:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
        >
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
            className="mt-0.5 size-4 shrink-0 accent-(--ink) outline-none"
          />
          <span className="grid">
            <span className="text-sm font-semibold">{choice.title}</span>
            <span className="text-xs text-ink-muted">{choice.note}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
