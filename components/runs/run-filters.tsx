"use client";

import { X } from "lucide-react";
import { useId } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field, Select, TextInput } from "#components/ui/field.tsx";
import { runStatuses, runStatusLabel } from "#lib/model/run.ts";

export interface RunFilterValues {
  readonly status: string;
  readonly machine: string;
  readonly recipe: string;
  readonly text: string;
  /** yyyy-mm-dd */
  readonly from: string;
  readonly to: string;
  readonly deviations: boolean;
}

export interface Choice {
  readonly value: string;
  readonly name: string;
}

interface RunFiltersProps {
  readonly values: RunFilterValues;
  readonly machines: readonly Choice[];
  readonly recipes: readonly Choice[];
  readonly onChange: (change: Partial<RunFilterValues>) => void;
  readonly onClear: () => void;
}

/** Narrows the list; every choice goes into the address. */
export function RunFilters({ values, machines, recipes, onChange, onClear }: RunFiltersProps) {
  const deviationsId = useId();
  const isFiltered = Object.values(values).some(Boolean);
  const statuses = runStatuses.map((status) => ({ value: status, name: runStatusLabel(status) }));

  return (
    <search className="grid grid-cols-2 items-end gap-3 sm:flex sm:flex-wrap">
      <Field label="Search" className="col-span-2 min-w-48 flex-1 basis-52">
        {(wiring) => (
          <TextInput
            {...wiring}
            type="search"
            placeholder="Machine, recipe, operator, error"
            maxLength={200}
            defaultValue={values.text}
            key={values.text === "" ? "empty" : "filled"}
            onChange={(event) => onChange({ text: event.target.value })}
          />
        )}
      </Field>
      <Choose
        label="Status"
        all="Any status"
        value={values.status}
        choices={statuses}
        onChange={(status) => onChange({ status })}
      />
      <Choose
        label="Machine"
        all="All machines"
        value={values.machine}
        choices={machines}
        onChange={(machine) => onChange({ machine })}
      />
      <Choose
        label="Recipe"
        all="All recipes"
        value={values.recipe}
        choices={recipes}
        onChange={(recipe) => onChange({ recipe })}
      />
      <Field label="From (UTC)" className="sm:w-36">
        {(wiring) => (
          <TextInput
            {...wiring}
            type="date"
            value={values.from}
            onChange={(event) => onChange({ from: event.target.value })}
          />
        )}
      </Field>
      <Field label="To (UTC)" className="sm:w-36">
        {(wiring) => (
          <TextInput
            {...wiring}
            type="date"
            value={values.to}
            onChange={(event) => onChange({ to: event.target.value })}
          />
        )}
      </Field>
      <label htmlFor={deviationsId} className="flex h-9 items-center gap-2 text-sm">
        <input
          id={deviationsId}
          type="checkbox"
          className="size-4 accent-accent"
          checked={values.deviations}
          onChange={(event) => onChange({ deviations: event.target.checked })}
        />
        With deviations
      </label>
      {isFiltered ? (
        <Button variant="ghost" onClick={onClear}>
          <X className="size-4" aria-hidden="true" />
          Clear
        </Button>
      ) : null}
    </search>
  );
}

interface ChooseProps {
  readonly label: string;
  /** The choice that narrows nothing. */
  readonly all: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}

function Choose({ label, all, value, choices, onChange }: ChooseProps) {
  return (
    <Field label={label} className="sm:w-40">
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
