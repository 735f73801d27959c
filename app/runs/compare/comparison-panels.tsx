import { usePathname, useSearchParams } from "next/navigation";
import { useState } from "react";
import { ComparedRuns } from "#components/compare/compared-runs.tsx";
import { DifferencesList } from "#components/compare/differences-list.tsx";
import { ProgramGroups } from "#components/compare/program-groups.tsx";
import { SeriesChart } from "#components/compare/series-chart.tsx";
import { SingleSteps } from "#components/compare/single-steps.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import type { Comparison } from "#lib/model/comparison.ts";
import { envelopeSentence, orderedSeries } from "#lib/view/comparison.ts";
import { counted } from "#lib/view/count.ts";
import type { ProgramGroup } from "#lib/view/program-differences.ts";

interface ComparisonPanelsProps {
  readonly comparison: Comparison;
  readonly programs: readonly ProgramGroup[];
  readonly zone: string;
  /** Another comparison was asked for and is not there yet. */
  readonly isPending: boolean;
}

/** A program may have hundreds of steps, and a chart costs more than a row. */
const CHARTS_AT_ONCE = 12;

/** The comparison in its order of use: which runs, where they differ, how each step went, what they were to do. */
export function ComparisonPanels({ comparison, programs, zone, isPending }: ComparisonPanelsProps) {
  const [shown, show] = useState(CHARTS_AT_ONCE);
  const withoutHref = useWithoutHref(comparison);
  const { repeated, single } = orderedSeries(comparison);
  const { differences, runs } = comparison;
  return (
    <div aria-busy={isPending} className={isPending ? "contents *:opacity-60" : "contents"}>
      <Card aria-label="Compared runs">
        <ComparedRuns runs={runs} zone={zone} withoutHref={withoutHref} />
        <p className="px-4 py-2.5 text-xs text-ink-muted">{envelopeSentence(comparison)}</p>
      </Card>
      <Card aria-labelledby="differences">
        <CardHeader
          id="differences"
          title="Steps that differ"
          note={differences.length > 0 ? "the farthest first; each leads to its step" : null}
        />
        {differences.length > 0 ? (
          <DifferencesList comparison={comparison} />
        ) : (
          <p className="px-4 py-3 text-sm text-ink-muted">No step stands out in any of these runs.</p>
        )}
      </Card>
      <Card aria-labelledby="step-by-step">
        <CardHeader
          id="step-by-step"
          title="Step by step"
          note="a numbered line per run; the good runs as a band, their median dashed"
        />
        {repeated.length === 0 && single.length === 0 ? (
          <p className="px-4 py-3 text-sm text-ink-muted">Nothing of this was measured in these runs.</p>
        ) : null}
        <ul className="grid grid-cols-[minmax(0,1fr)] xl:grid-cols-2">
          {repeated.slice(0, shown).map((series) => (
            <li key={series.key} className="min-w-0 border-b border-line p-4 xl:odd:border-r">
              <SeriesChart series={series} comparison={comparison} />
            </li>
          ))}
        </ul>
        {repeated.length > shown ? (
          <p className="border-b border-line px-4 py-3">
            <Button size="sm" onClick={() => show(shown + CHARTS_AT_ONCE)}>
              Show {counted(Math.min(CHARTS_AT_ONCE, repeated.length - shown), "more step", "more steps")}
            </Button>
          </p>
        ) : null}
        {single.length > 0 ? <SingleSteps series={single} comparison={comparison} /> : null}
      </Card>
      {programs.length > 0 ? (
        <Card aria-labelledby="programs">
          <CardHeader
            id="programs"
            title="Programs and parameters"
            note="as they were frozen into the runs"
          />
          <ProgramGroups groups={programs} base={runs[0]?.index ?? 1} />
        </Card>
      ) : null}
    </div>
  );
}

function useWithoutHref({ runs }: Comparison): (runId: string) => string {
  const path = usePathname();
  const search = useSearchParams();
  return (runId) => {
    const target = new URLSearchParams(search);
    target.set(
      "runs",
      runs
        .map((run) => run.runId)
        .filter((id) => id !== runId)
        .join(","),
    );
    return `${path}?${target}`;
  };
}
