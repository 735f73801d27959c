import { useLayoutEffect } from "react";
import { StepEditor, waysOf } from "#components/recipes/step-editor.tsx";
import { controlId, type StepMove } from "#components/recipes/step-move-buttons.tsx";
import type { RecipeParts } from "#lib/model/recipe.ts";
import type { DurationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import type { DraftFault } from "#lib/view/draft-faults.ts";
import type { DraftRow } from "#lib/view/draft-moves.ts";
import type { DraftStep } from "#lib/view/recipe-draft.ts";

interface StepListProps {
  readonly rows: readonly DraftRow[];
  /** Of each step over the whole run; NaN where a figure is missing. */
  readonly totals: ReadonlyMap<string, DurationMs>;
  readonly faults: readonly DraftFault[];
  readonly parameters: RecipeParts["parameters"];
  /** Where the keyboard goes on; `count` tells two wishes for the same place apart. */
  readonly focus: { readonly stepId: string; readonly control: string; readonly count: number } | null;
  /** Told whenever the keyboard or a finger enters a step. */
  readonly onEnter: (id: string) => void;
  readonly onChange: (id: string, change: Partial<DraftStep>) => void;
  readonly onMove: (id: string, move: StepMove) => void;
}

const NONE: readonly DraftFault[] = [];

/** The steps of a recipe under the pen, in the order in which they are played. */
export function StepList({
  rows,
  totals,
  faults,
  parameters,
  focus,
  onEnter,
  onChange,
  onMove,
}: StepListProps) {
  const byStep = Map.groupBy(faults, ({ stepId }) => stepId);
  // A step that moves takes the focus along, which the browser drops when it takes an element out and puts it in again.
  useLayoutEffect(() => {
    if (focus === null) return;
    const control = document.getElementById(controlId(focus.stepId, focus.control));
    control?.focus();
    if (control instanceof HTMLInputElement) control.select();
  }, [focus]);

  return (
    <ol
      aria-label="Steps"
      // What has the focus is never under the header or the bar below.
      className="[&_:is(input,select,button)]:scroll-mt-28 [&_:is(input,select,button)]:scroll-mb-48"
      onFocus={({ target }) => {
        const id = /^step-(.{36})-/.exec(target.id)?.[1];
        if (id) onEnter(id);
      }}
    >
      {rows.map((row) => (
        <StepEditor
          key={row.step.id}
          step={row.step}
          depth={row.depth}
          place={row.place}
          path={row.path}
          ways={waysOf(row)}
          total={formatDuration(totals.get(row.step.id) ?? (Number.NaN as DurationMs))}
          faults={byStep.get(row.step.id) ?? NONE}
          parameters={parameters}
          onChange={onChange}
          onMove={onMove}
        />
      ))}
    </ol>
  );
}
