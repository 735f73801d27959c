"use client";

import { X } from "lucide-react";
import { useState } from "react";
import { type Choice, Choose } from "#components/runs/choose.tsx";
import { Check, Day, Least } from "#components/runs/filter-fields.tsx";
import { OrderChoice } from "#components/runs/order-choice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, TextInput } from "#components/ui/field.tsx";
import { runStatuses, runStatusLabel } from "#lib/model/run.ts";
import type { RunChoices, RunOrder } from "#lib/model/run-list.ts";

export interface RunFilterValues {
  readonly status: string;
  readonly machine: string;
  readonly recipe: string;
  /** Of the recipe; empty: any. */
  readonly version: string;
  readonly operator: string;
  readonly text: string;
  /** yyyy-mm-dd */
  readonly from: string;
  readonly to: string;
  /** Least number of deviations; empty: any. */
  readonly least: string;
  readonly deviations: boolean;
  readonly good: boolean;
}

interface RunFiltersProps {
  readonly values: RunFilterValues;
  readonly choices: RunChoices;
  readonly isReversed: boolean;
  readonly order: RunOrder;
  readonly onSort: (order: RunOrder) => void;
  readonly onChange: (change: Partial<RunFilterValues>) => void;
  readonly onClear: () => void;
}

/** Narrows the list; every choice goes into the address. */
export function RunFilters(props: RunFiltersProps) {
  const { values, choices, isReversed, onChange, onClear } = props;
  /** On a phone the list comes first. */
  const [isOpen, open] = useState(false);
  const isFiltered = Object.values(values).some(Boolean);
  const statuses = runStatuses.map((status) => ({ value: status, name: runStatusLabel(status) }));
  return (
    <search
      data-open={isOpen || undefined}
      className="grid grid-cols-2 items-start gap-3 sm:flex sm:flex-wrap max-sm:not-data-open:[&>:nth-child(n+3)]:hidden"
    >
      <Field label="Search" className="col-span-2 min-w-48 flex-1 basis-52">
        {(wiring) => (
          <TextInput
            {...wiring}
            type="search"
            placeholder="Machine, recipe, operator, notes, error"
            maxLength={200}
            value={values.text}
            onChange={(event) => onChange({ text: event.target.value })}
          />
        )}
      </Field>
      <Button aria-expanded={isOpen} onClick={() => open(!isOpen)} className="col-span-2 sm:hidden">
        {isOpen ? "Fewer filters" : isFiltered ? "Filters (some are on)" : "Filters"}
      </Button>
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
        choices={choices.machines.map(asChoice)}
        onChange={(machine) => onChange({ machine })}
      />
      <Choose
        label="Recipe"
        all="All recipes"
        value={values.recipe}
        choices={choices.recipes.map(asChoice)}
        onChange={(recipe) => onChange({ recipe, version: "" })}
      />
      {values.recipe || values.version ? (
        <Choose
          label="Version"
          all="All versions"
          value={values.version}
          choices={versionsOf(values.recipe, choices)}
          onChange={(version) => onChange({ version })}
        />
      ) : null}
      <Choose
        label="Operator"
        all="Anybody"
        value={values.operator}
        choices={choices.operators.map(asChoice)}
        onChange={(operator) => onChange({ operator })}
      />
      <Day label="From (UTC)" value={values.from} onChange={(from) => onChange({ from })} />
      <Day
        label="To (UTC)"
        value={values.to}
        error={isReversed ? "Before the first day" : null}
        onChange={(to) => onChange({ to })}
      />
      <OrderChoice order={props.order} onSort={props.onSort} />
      <div className="col-span-2 flex flex-wrap items-center gap-x-5 gap-y-1 sm:basis-full">
        <Least value={values.least} onChange={(least) => onChange({ least })} />
        <Check
          label="With deviations"
          isChecked={values.deviations}
          onChange={(deviations) => onChange({ deviations })}
        />
        <Check label="Marked good" isChecked={values.good} onChange={(good) => onChange({ good })} />
        {isFiltered ? (
          <Button variant="ghost" onClick={onClear}>
            <X className="size-4" aria-hidden="true" />
            Clear
          </Button>
        ) : null}
      </div>
    </search>
  );
}

const asChoice = ({ id, name }: { id: string; name: string }): Choice => ({ value: id, name });

/** Versions are counted from 1 without gaps; of a recipe that many people have edited, the newest. */
const MOST_VERSIONS = 200;

function versionsOf(recipe: string, { recipes }: RunChoices): readonly Choice[] {
  const newest = recipes.find(({ id }) => id === recipe)?.version ?? 0;
  return Array.from({ length: Math.min(newest, MOST_VERSIONS) }, (_, index) => ({
    value: String(newest - index),
    name: `Version ${newest - index}`,
  }));
}
