import { Plus } from "lucide-react";
import { TYPE_NAMES } from "#components/recipes/step-editor.tsx";
import { Button } from "#components/ui/button.tsx";
import type { ProgramTotals } from "#lib/model/program.ts";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { counted } from "#lib/view/count.ts";
import { nameText } from "#lib/view/name-text.ts";
import { STEP_TYPES, type StepType } from "#lib/view/recipe-draft.ts";

interface EditorBarProps {
  /** What the draft comes to as it stands. */
  readonly totals: ProgramTotals;
  /** Some figures are missing: the totals are of the rest. */
  readonly isPartial: boolean;
  /** Behind which step a new one goes; null: at the end. */
  readonly after: { readonly place: string; readonly name: string } | null;
  readonly onAdd: (type: StepType) => void;
  /** Why it cannot be saved now; null when it can. */
  readonly whyNot: string | null;
  /** Leads to what is at fault; null when nothing is. */
  readonly onLook: (() => void) | null;
  readonly onSave: () => void;
}

/** Always in sight while a recipe is written: what it comes to, what can be added, and the way to save it. */
export function EditorBar({ totals, isPartial, after, onAdd, whyNot, onLook, onSave }: EditorBarProps) {
  return (
    <section
      aria-label="Recipe as it stands"
      className="sticky bottom-0 z-20 flex flex-wrap items-center gap-x-5 gap-y-1.5 rounded-lg border border-line bg-raised px-3 py-2 shadow-high sm:px-4 sm:py-2.5"
    >
      <fieldset className="flex min-w-0 flex-wrap items-center gap-1.5">
        <legend className="sr-only">Add a step</legend>
        <span className="max-w-56 truncate text-xs text-ink-muted max-sm:w-full max-sm:max-w-full">
          {after === null ? "Add at the end" : `Add after ${after.place}, ${nameText(after.name)}`}
        </span>
        {STEP_TYPES.map((type) => (
          <Button
            key={type}
            size="sm"
            aria-label={`Add ${TYPE_NAMES[type].toLowerCase()}`}
            className="max-sm:px-2"
            onClick={() => onAdd(type)}
          >
            <Plus className="size-3 max-sm:hidden" aria-hidden="true" />
            {TYPE_NAMES[type]}
          </Button>
        ))}
      </fieldset>
      <div className="ml-auto flex flex-wrap items-center justify-end gap-x-4 gap-y-1 max-sm:w-full max-sm:justify-between">
        <output aria-label="Totals" className="text-xs sm:text-sm">
          <strong className="font-semibold">{formatDuration(durationMs(totals.planned_ms))}</strong>
          <span className="text-ink-muted">
            , {counted(totals.steps, "step")}, {counted(totals.cycles, "cycle")}
            {isPartial ? ", without what is at fault" : ""}
          </span>
        </output>
        {onLook ? (
          <Button size="sm" variant="ghost" onClick={onLook}>
            {whyNot}
          </Button>
        ) : (
          <span className="text-xs text-ink-muted">{whyNot}</span>
        )}
        <Button
          variant="primary"
          aria-disabled={whyNot === null ? undefined : true}
          onClick={() => whyNot === null && onSave()}
          className="aria-disabled:opacity-55"
        >
          Review and save
        </Button>
      </div>
    </section>
  );
}
