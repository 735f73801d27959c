"use client";

import dynamic from "next/dynamic";
import { memo, useMemo } from "react";
import { useSampled } from "#app/machines/[id]/use-sampled.ts";
import { liveDurationLines } from "#components/machine/live-duration-lines.ts";
import { PulseStrips } from "#components/machine/pulse-strips.tsx";
import { StepTable } from "#components/machine/step-table.tsx";
import { valveStrips } from "#components/machine/valve-strips.ts";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { StepExecution } from "#lib/model/step.ts";
import { counted } from "#lib/view/count.ts";

const CHART_HEIGHT = 132;
/** Drawn only when its line changed: with every step of a fast recipe, the charts took half of the page's time. */
const DurationChart = memo(
  dynamic(() => import("#components/charts/duration-chart.tsx").then((module) => module.DurationChart), {
    ssr: false,
    loading: () => <Skeleton className="h-44" />,
  }),
);

/** Charts need not follow every step of a fast recipe. */
const REFRESH_MS = 1000;

/** Is each dose arriving: the last pulses, the durations over the cycles, and the last steps in figures. */
export function PulsePanel({ steps }: { readonly steps: readonly StepExecution[] }) {
  const calm = useSampled(steps, REFRESH_MS);
  const valves = useMemo(() => valveStrips(steps), [steps]);
  const lines = useMemo(() => liveDurationLines(calm), [calm]);
  if (steps.length === 0) return null;

  return (
    <>
      <Card aria-label="Pulses">
        <CardHeader
          title="Pulses"
          note="the last 50 of each valve: how long it was open, and how high the pressure rose"
        />
        <PulseStrips valves={valves} />
      </Card>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 sm:gap-5 xl:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <Card aria-label="Durations">
          <CardHeader title="Durations" note={`planned against measured, last ${spanText(calm)}`} />
          <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-5 md:grid-cols-[repeat(2,minmax(0,1fr))]">
            {lines.map((line) => (
              <DurationChart key={line.key} line={line} xName="Cycle" height={CHART_HEIGHT} />
            ))}
            {lines.length === 0 ? (
              <p className="text-sm text-ink-muted">No step has been measured yet.</p>
            ) : null}
          </CardBody>
        </Card>
        <Card aria-label="Last steps">
          <CardHeader title="Last steps" />
          <StepTable steps={steps} />
        </Card>
      </div>
    </>
  );
}

function spanText(steps: readonly StepExecution[]): string {
  const cycles = new Set(steps.flatMap((step) => (step.cycle === null ? [] : [step.cycle]))).size;
  return cycles > 0 ? counted(cycles, "cycle") : counted(steps.length, "step");
}
