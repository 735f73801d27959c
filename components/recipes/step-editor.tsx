import { memo } from "react";
import { StepFields } from "#components/recipes/step-fields.tsx";
import { controlId, type StepMove, StepMoveButtons } from "#components/recipes/step-move-buttons.tsx";
import { TextInput } from "#components/ui/field.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape } from "#components/ui/shape.tsx";
import type { RecipeParts } from "#lib/model/recipe.ts";
import type { DraftFault } from "#lib/view/draft-faults.ts";
import type { DraftRow } from "#lib/view/draft-moves.ts";
import type { DraftStep, StepType } from "#lib/view/recipe-draft.ts";

interface StepEditorProps {
  readonly step: DraftStep;
  readonly depth: number;
  readonly place: string;
  readonly path: string;
  readonly ways: string;
  /** In the whole run, in words. */
  readonly total: string;
  readonly faults: readonly DraftFault[];
  readonly parameters: RecipeParts["parameters"];
  readonly onChange: (id: string, change: Partial<DraftStep>) => void;
  readonly onMove: (id: string, move: StepMove) => void;
}

export const TYPE_NAMES: Readonly<Record<StepType, string>> = {
  valve: "Pulse",
  purge: "Purge",
  wait: "Wait",
  parameter: "Parameter",
  loop: "Loop",
};

/** Deeper loops are told by their number; the fields still need room. */
const DEEPEST = 4;

/** Which moves are open, as one text: a row is drawn anew only when it changes. */
export const waysOf = ({ canMoveUp, canMoveDown, canGoIn, canGoOut }: DraftRow): string =>
  [canMoveUp && "up", canMoveDown && "down", canGoIn && "in", canGoOut && "out"].filter(Boolean).join(" ");

/** One step under the pen: its place, its name, its figures, what is wrong with it, and what can be done with it. */
export const StepEditor = memo(function StepEditor(props: StepEditorProps) {
  const { step, depth, place, path, ways, total, faults, parameters, onChange, onMove } = props;
  const can = new Set(ways.split(" "));
  const row = {
    ...{ step, depth, path, place },
    ...{
      canMoveUp: can.has("up"),
      canMoveDown: can.has("down"),
      canGoIn: can.has("in"),
      canGoOut: can.has("out"),
    },
  };
  const noteId = controlId(step.id, "faults");
  const nameFault = faults.some(({ field }) => field === "name");
  return (
    <li
      aria-label={`Step ${place}`}
      className={joinClasses(
        "border-b border-line px-3 py-2 sm:px-4",
        faults.length > 0 && "bg-alarm-1-soft",
      )}
    >
      <div
        style={{ marginInlineStart: `${Math.min(depth, DEEPEST) * 1.25}rem` }}
        className={joinClasses("grid gap-2", depth > 0 && "border-s-2 border-line ps-3")}
      >
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <span className="w-20 shrink-0 text-xs">
            <span className="text-ink-faint">{place}</span>{" "}
            <span className={step.type === "loop" ? "font-semibold" : "text-ink-muted"}>
              {TYPE_NAMES[step.type]}
            </span>
          </span>
          <span className="min-w-40 flex-1 basis-40 sm:max-w-64">
            <TextInput
              id={controlId(step.id, "name")}
              aria-label={`Name of step ${place}`}
              dir="auto"
              value={step.name}
              {...(nameFault ? { "aria-invalid": true, "aria-describedby": noteId } : {})}
              onChange={({ target }) => onChange(step.id, { name: target.value })}
            />
          </span>
          <StepFields
            step={step}
            place={place}
            faults={faults}
            noteId={noteId}
            parameters={parameters}
            onChange={onChange}
          />
          <span className="ml-auto flex items-center gap-3">
            <span className="text-right text-xs text-ink-muted">{total}</span>
            <StepMoveButtons row={row} onMove={onMove} />
          </span>
        </div>
        {faults.length > 0 ? (
          <ul id={noteId} className="text-xs text-alarm-1">
            {faults.map(({ field, problem }) => (
              <li key={`${field} ${problem}`} className="flex items-baseline gap-1.5">
                <Shape name="diamond" className="size-2.5" />
                <span>
                  <span className="font-mono text-2xs">{path}:</span> {problem}.
                </span>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </li>
  );
});
