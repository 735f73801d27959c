import { joinClasses } from "#components/ui/join-classes.ts";
import type { Program } from "#lib/model/program.ts";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { programRows } from "#lib/view/program-tree.ts";

/** The program as a person reads it: steps in order, loops indented with their count. */
export function ProgramOutline({ program }: { readonly program: Program }) {
  return (
    <ol
      aria-label="Program"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller without focus cannot be scrolled by keyboard
      tabIndex={0}
      className="max-h-56 overflow-y-auto rounded-md border border-line bg-sunken py-1.5 text-xs"
    >
      {programRows(program).map((row) => (
        <li
          key={row.path}
          style={{ paddingInlineStart: `${0.75 + row.depth * 1}rem` }}
          className={joinClasses(
            "flex items-baseline gap-2 py-0.5 pr-3",
            row.type === "loop" && "font-semibold",
          )}
        >
          <span className="truncate">{row.name}</span>
          <span className="truncate text-ink-faint">{row.detail}</span>
          <span className="ml-auto shrink-0 tabular-nums text-ink-muted">
            {formatDuration(durationMs(row.totalMs))}
          </span>
        </li>
      ))}
    </ol>
  );
}
