import { ArrowDown, ArrowUp, Copy, IndentDecrease, IndentIncrease, Trash2 } from "lucide-react";
import { joinClasses } from "#components/ui/join-classes.ts";
import type { DraftRow } from "#lib/view/draft-moves.ts";
import { nameText } from "#lib/view/name-text.ts";

export type StepMove = "up" | "down" | "in" | "out" | "copy" | "remove";

const BUTTONS = [
  { move: "up", Icon: ArrowUp, says: (name: string) => `Move ${name} up`, why: "It is the first here." },
  { move: "down", Icon: ArrowDown, says: (name: string) => `Move ${name} down`, why: "It is the last here." },
  {
    move: "in",
    Icon: IndentIncrease,
    says: (name: string) => `Move ${name} into the loop beside it`,
    why: "No loop stands beside it.",
  },
  {
    move: "out",
    Icon: IndentDecrease,
    says: (name: string) => `Move ${name} out of its loop`,
    why: "It is in no loop.",
  },
  { move: "copy", Icon: Copy, says: (name: string) => `Duplicate ${name}`, why: "" },
  { move: "remove", Icon: Trash2, says: (name: string) => `Remove ${name}`, why: "" },
] as const;

interface StepMoveButtonsProps {
  readonly row: DraftRow;
  readonly onMove: (id: string, move: StepMove) => void;
}

/** The id by which a control of a step is found again after the step has moved. */
export const controlId = (stepId: string, control: string): string => `step-${stepId}-${control}`;

/** What can be done with a step besides typing. What cannot be done here stays in its place and says why. */
export function StepMoveButtons({ row, onMove }: StepMoveButtonsProps) {
  const { step, place } = row;
  const can = {
    up: row.canMoveUp,
    down: row.canMoveDown,
    in: row.canGoIn,
    out: row.canGoOut,
    copy: true,
    remove: true,
  };
  const name = `step ${place}, ${nameText(step.name)}`;
  return (
    <span className="flex shrink-0">
      {BUTTONS.map(({ move, Icon, says, why }) => (
        <button
          key={move}
          type="button"
          id={controlId(step.id, move)}
          aria-label={says(name)}
          title={can[move] ? says(`step ${place}`) : why}
          aria-disabled={can[move] ? undefined : true}
          onClick={() => can[move] && onMove(step.id, move)}
          className={joinClasses(
            "grid size-8 place-items-center rounded-md",
            can[move]
              ? "text-ink-muted hover:bg-hover hover:text-ink"
              : "cursor-not-allowed text-ink-faint opacity-50",
          )}
        >
          <Icon className="size-4" aria-hidden="true" />
        </button>
      ))}
    </span>
  );
}
