import { ChevronRight } from "lucide-react";
import type { KeyboardEvent, MouseEvent } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";
import { StepCells } from "#components/workflow/step-cells.tsx";
import { TallyCells } from "#components/workflow/tally-cells.tsx";
import type { WorkflowRow } from "#lib/view/workflow-rows.ts";

interface TreeRowProps {
  readonly row: WorkflowRow;
  readonly isSelected: boolean;
  /** The one row of the tree that Tab reaches. */
  readonly isTabStop: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
}

/** What one level is moved in, in rem; deep levels move no further, so that words keep their room on a phone. */
const INDENT = 1;
const DEEPEST = 4;

/** One project, subtask or step. A press on the arrow opens or closes it, anywhere else chooses it. */
export function TreeRow(props: TreeRowProps) {
  const { row, isSelected, isTabStop, onChoose, onToggle, onKeyDown, onFocus } = props;
  const press = (event: MouseEvent) => {
    const isArrow = event.target instanceof Element && event.target.closest("[data-arrow]") !== null;
    if (isArrow && row.isOpen !== null) onToggle();
    else onChoose();
  };

  return (
    <div
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-selected={isSelected}
      aria-label={row.sentence}
      {...(row.isOpen === null ? {} : { "aria-expanded": row.isOpen })}
      tabIndex={isTabStop ? 0 : -1}
      data-key={row.key}
      onClick={press}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      style={{ paddingLeft: `${(Math.min(row.level, DEEPEST) - 1) * INDENT}rem` }}
      className={joinClasses(
        "flex min-h-11 scroll-mt-28 scroll-mb-[72dvh] cursor-pointer items-start border-b border-l-2 border-b-line pr-3 last:border-b-0 focus-visible:-outline-offset-2 sm:pr-4 lg:scroll-mb-6",
        isSelected ? "border-l-accent bg-accent-soft" : "border-l-transparent hover:bg-hover/60",
        row.node.kind === "project" && "bg-sunken",
      )}
    >
      <span data-arrow className="flex h-11 w-8 shrink-0 items-center justify-center">
        {row.isOpen === null ? null : (
          <ChevronRight
            aria-hidden="true"
            className={joinClasses("size-4 text-ink-faint", row.isOpen && "rotate-90")}
          />
        )}
      </span>
      {row.node.kind === "step" ? (
        <StepCells step={row.node.step} isContext={row.node.isContext} />
      ) : (
        <TallyCells node={row.node} />
      )}
    </div>
  );
}
