"use client";

import { CYCLE_CHOICES, type CycleChoice } from "#components/machine/live-window.ts";
import { joinClasses } from "#components/ui/join-classes.ts";

interface CycleChooserProps {
  readonly value: CycleChoice;
  readonly onChange: (choice: CycleChoice) => void;
}

/** How many cycles the lanes show. */
export function CycleChooser({ value, onChange }: CycleChooserProps) {
  return (
    <fieldset className="flex items-center gap-2 text-xs text-ink-muted">
      <legend className="sr-only">Cycles in sight</legend>
      <span aria-hidden="true">Cycles</span>
      <span className="flex rounded-md border border-line-strong/60">
        {CYCLE_CHOICES.map((choice) => (
          <button
            key={choice}
            type="button"
            aria-pressed={choice === value}
            aria-label={`${choice} cycles`}
            onClick={() => onChange(choice)}
            className={joinClasses(
              "h-7 min-w-9 px-2 tabular-nums first:rounded-l-[0.3rem] last:rounded-r-[0.3rem] not-first:border-l not-first:border-line-strong/60",
              choice === value ? "bg-accent-soft font-semibold text-accent" : "hover:bg-hover",
            )}
          >
            {choice}
          </button>
        ))}
      </span>
    </fieldset>
  );
}
