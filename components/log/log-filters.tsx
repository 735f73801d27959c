"use client";

import { X } from "lucide-react";
import { useState } from "react";
import { type Choice, Choose } from "#components/runs/choose.tsx";
import { Day } from "#components/runs/filter-fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, TextInput } from "#components/ui/field.tsx";
import { type LogChoice, type LogChoices, logKindLabel, logKinds } from "#lib/model/log.ts";

export interface LogFilterValues {
  readonly kind: string;
  readonly machine: string;
  /** Chosen by a link to the log of one run. */
  readonly run: string;
  readonly person: string;
  readonly text: string;
  /** yyyy-mm-dd */
  readonly from: string;
  readonly to: string;
}

interface LogFiltersProps {
  readonly values: LogFilterValues;
  readonly choices: LogChoices;
  /** The choice of what no person did. */
  readonly nobody: string;
  readonly isReversed: boolean;
  readonly onChange: (change: Partial<LogFilterValues>) => void;
  readonly onClear: () => void;
}

/** Narrows the log; every choice goes into the address. */
export function LogFilters({ values, choices, nobody, isReversed, onChange, onClear }: LogFiltersProps) {
  /** On a phone the log comes first. */
  const [isOpen, open] = useState(false);
  const isFiltered = Object.values(values).some(Boolean);
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
            placeholder="Reason, refusal, note"
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
        label="Kind"
        all="Everything"
        value={values.kind}
        choices={logKinds.map((kind) => ({ value: kind, name: logKindLabel(kind) }))}
        onChange={(kind) => onChange({ kind })}
      />
      <Choose
        label="Machine"
        all="All machines"
        value={values.machine}
        choices={choices.machines.map(asChoice)}
        onChange={(machine) => onChange({ machine })}
      />
      <Choose
        label="Person"
        all="Anybody"
        value={values.person}
        choices={[{ value: nobody, name: "No person" }, ...choices.people.map(asChoice)]}
        onChange={(person) => onChange({ person })}
      />
      <Day label="From (UTC)" value={values.from} onChange={(from) => onChange({ from })} />
      <Day
        label="To (UTC)"
        value={values.to}
        error={isReversed ? "Before the first day" : null}
        onChange={(to) => onChange({ to })}
      />
      {isFiltered ? (
        <div className="col-span-2 flex flex-wrap gap-2 sm:self-end">
          {values.run === "" ? null : (
            <Button onClick={() => onChange({ run: "" })}>
              Of one run
              <X className="size-4" aria-label="Of all runs" />
            </Button>
          )}
          <Button variant="ghost" onClick={onClear}>
            <X className="size-4" aria-hidden="true" />
            Clear
          </Button>
        </div>
      ) : null}
    </search>
  );
}

const asChoice = ({ id, name }: LogChoice): Choice => ({ value: id, name });
