"use client";

import dynamic from "next/dynamic";
import { memo, useMemo, useRef } from "react";
import { Contained } from "#app/contained.tsx";
import { useInSight } from "#app/machines/[id]/use-in-sight.ts";
import { useSampled } from "#app/machines/[id]/use-sampled.ts";
import { liveDurationLines } from "#components/machine/live-duration-lines.ts";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { StepExecution } from "#lib/model/step.ts";
import { counted } from "#lib/view/count.ts";

const CHART_HEIGHT = 132;
const PLACE = "h-44";
/** Drawn only when its line changed: with every step of a fast recipe, the charts took half of the page's time. */
const DurationChart = memo(
  dynamic(() => import("#components/charts/duration-chart.tsx").then((module) => module.DurationChart), {
    ssr: false,
    loading: () => <Skeleton className={PLACE} />,
  }),
);

/** Charts need not follow every step of a fast recipe. */
const REFRESH_MS = 1000;

/** How long the steps took over the last cycles. The charts are fetched and drawn only while somebody can see them. */
export function DurationsCard({ steps }: { readonly steps: readonly StepExecution[] }) {
  const card = useRef<HTMLDivElement>(null);
  const { isInSight, wasInSight } = useInSight(card);
  const calm = useSampled(steps, REFRESH_MS, isInSight);
  const lines = useMemo(() => liveDurationLines(calm), [calm]);

  return (
    <Card aria-label="Durations">
      <CardHeader title="Durations" note={`planned against measured, last ${spanText(calm)}`} />
      <div ref={card}>
        <Contained name="The durations">
          <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-5 md:grid-cols-[repeat(2,minmax(0,1fr))]">
            {lines.map((line) =>
              wasInSight ? (
                <DurationChart key={line.key} line={line} xName="Cycle" height={CHART_HEIGHT} />
              ) : (
                <Skeleton key={line.key} className={PLACE} />
              ),
            )}
            {lines.length === 0 ? (
              <p className="text-sm text-ink-muted">No step has been measured yet.</p>
            ) : null}
          </CardBody>
        </Contained>
      </div>
    </Card>
  );
}

function spanText(steps: readonly StepExecution[]): string {
  const cycles = new Set(steps.flatMap((step) => (step.cycle === null ? [] : [step.cycle]))).size;
  return cycles > 0 ? counted(cycles, "cycle") : counted(steps.length, "step");
}
