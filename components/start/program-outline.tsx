import { memo } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import type { Program } from "#lib/model/program.ts";
import { formatDuration } from "#lib/time-format.ts";
import type { StepChange } from "#lib/view/program-diff.ts";
import { programRows } from "#lib/view/program-tree.ts";

interface ProgramOutlineProps {
  readonly program: Program;
  /** What is marked as different; removed steps are not there to be marked. */
  readonly changes: readonly StepChange[];
}

const MARKS = { added: "new", moved: "moved", changed: "changed", removed: "" } as const;

/**
 * The program as a person reads it: steps in order, loops indented with their count, the time each takes in all. It may
 * have thousands of rows and seldom changes, while the page around it is drawn anew every second.
 */
export const ProgramOutline = memo(function ProgramOutline({ program, changes }: ProgramOutlineProps) {
  const marks = new Map(changes.map(({ id, kind }) => [id, MARKS[kind]]));
  return (
    <ol
      aria-label="Program"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller without focus cannot be scrolled by keyboard
      tabIndex={0}
      className="max-h-96 overflow-y-auto py-2 text-sm print:max-h-none"
    >
      {programRows(program).map((row) => (
        <li
          key={row.path}
          className="grid grid-cols-[2.75rem_minmax(0,1fr)_auto] items-baseline gap-x-2 px-4 py-0.5 hover:bg-hover/60"
        >
          <span className="text-xs text-ink-faint">{row.path}</span>
          <span
            style={{ paddingInlineStart: `${Math.min(row.depth, DEEPEST) * 1.125}rem` }}
            className="flex min-w-0 items-baseline gap-2"
          >
            <span className={joinClasses("truncate", row.type === "loop" && "font-semibold")} dir="auto">
              {row.name}
            </span>
            <span className="hidden truncate text-xs text-ink-muted sm:inline">{row.detail}</span>
            {marks.get(row.id) ? <Badge>{marks.get(row.id)}</Badge> : null}
          </span>
          <span className="text-right text-xs text-ink-muted">{formatDuration(row.totalMs)}</span>
        </li>
      ))}
    </ol>
  );
});

/** Deeper loops are told by their number; the name still needs room. */
const DEEPEST = 6;
