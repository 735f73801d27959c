"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { boxOfLine, boxOfRuns } from "#components/charts/duration-box.ts";
import { DurationBoxes } from "#components/charts/duration-boxes.tsx";
import { DurationChart } from "#components/charts/duration-chart.tsx";
import { DurationHistogram } from "#components/charts/duration-histogram.tsx";
import { type DurationLine, durationLines } from "#components/charts/duration-line.ts";
import { SingleDurations } from "#components/charts/single-durations.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { RecipeDurations } from "#lib/model/recipe.ts";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import { recipeDurationsQuery } from "#lib/queries/recipes.ts";
import { runDurationsQuery } from "#lib/queries/run.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";

/** A live run's charts are read again this often; a pulse more or less does not change them. */
const READ_AGAIN_MS = 5_000;

/** Planned against measured for every pulse and purge of the recipe: over the cycles, and how often each length came. */
export function DurationsPanel({ run }: { readonly run: Run }) {
  const client = browserClient(useRuntimeConfig());
  const [, setView] = useQueryStates(viewParams);
  const query = useQuery({
    ...runDurationsQuery(client, run.id, 400),
    refetchInterval: isRunEnded(run.status) ? false : READ_AGAIN_MS,
  });

  const usual = useQuery({
    ...recipeDurationsQuery(client, run.recipeId),
    staleTime: Number.POSITIVE_INFINITY,
  });

  if (query.isPending) return <Skeleton className="m-4 h-96" />;
  if (query.error) {
    return (
      <div className="p-4">
        <RefusalBanner message={query.error.message} />
      </div>
    );
  }
  const lines = durationLines(query.data);
  if (lines.length === 0) {
    return (
      <EmptyState title="No pulse or purge recorded yet">The charts begin with the first one.</EmptyState>
    );
  }
  const repeated = lines.filter((line) => line.dots.length > 1);
  const single = lines.filter((line) => line.dots.length === 1);
  return (
    <>
      <ul>
        {repeated.map((line) => (
          <li
            key={line.key}
            className="grid gap-x-8 gap-y-4 border-b border-line p-4 lg:grid-cols-[minmax(0,2.4fr)_minmax(0,1fr)]"
          >
            <DurationChart
              line={line}
              xName="Cycle"
              onSelect={(seq) => void setView({ tab: "steps", step: seq })}
            />
            <div>
              <DurationHistogram line={line} />
              <Spreads line={line} usual={usual.data ?? null} />
            </div>
          </li>
        ))}
      </ul>
      {single.length > 0 ? <SingleDurations lines={single} /> : null}
    </>
  );
}

/** How the step's durations are spread in this run, and in the newest runs of its recipe. */
function Spreads({ line, usual }: { readonly line: DurationLine; readonly usual: RecipeDurations | null }) {
  const here = boxOfLine(line);
  const there = boxOfRuns(usual?.steps.find(({ stepId }) => stepId === line.key));
  const boxes = [
    ...(here ? [{ name: "This run", box: here }] : []),
    ...(usual && usual.runs > 1 && there ? [{ name: `${usual.runs} newest runs`, box: there }] : []),
  ];
  return boxes.length === 0 ? null : <DurationBoxes boxes={boxes} plannedMs={line.plannedMs} />;
}
