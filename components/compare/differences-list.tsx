import Link from "next/link";
import { formatDifference, formatMeasured, stepTitle, whereOf } from "#components/compare/figures.ts";
import { RunKey } from "#components/compare/run-key.tsx";
import type { Comparison } from "#lib/model/comparison.ts";
import { nameText } from "#lib/view/name-text.ts";

/** The steps in which runs differ, the farthest first; each leads to its step in its run. */
export function DifferencesList({ comparison }: { readonly comparison: Comparison }) {
  const { align, unit, differences, runs } = comparison;
  const idOf = new Map(runs.map(({ index, runId }) => [index, runId]));
  return (
    <ol
      aria-label="Steps that differ"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller without focus cannot be scrolled by keyboard
      tabIndex={0}
      className="max-h-96 overflow-y-auto focus-visible:-outline-offset-2"
    >
      {differences.map((one) => (
        <li
          key={`${one.key} ${one.index} ${one.xFrom}`}
          className="relative grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line px-4 py-2 text-sm last:border-b-0 hover:bg-hover/60 md:grid-cols-[auto_minmax(0,1.2fr)_7rem_minmax(0,1fr)_minmax(0,1fr)]"
        >
          <RunKey index={one.index} />
          <Link
            href={`/runs/${idOf.get(one.index) ?? ""}?tab=steps&step=${one.seq}`}
            prefetch={false}
            className="truncate font-medium after:absolute after:inset-0 hover:underline"
          >
            <bdi>{nameText(stepTitle(one))}</bdi>
            <span className="sr-only"> of run {one.index}</span>
          </Link>
          <span className="text-right font-semibold tabular-nums">
            {formatDifference(one.difference, unit)}
          </span>
          <span className="col-start-2 text-xs text-ink-muted md:col-start-auto">
            {formatMeasured(one.value, unit)} instead of {formatMeasured(one.expected, unit)}
          </span>
          <span className="col-start-2 text-xs text-ink-faint tabular-nums md:col-start-auto md:text-right">
            {whereOf(one, align)}, from step {one.seq}
          </span>
        </li>
      ))}
    </ol>
  );
}
