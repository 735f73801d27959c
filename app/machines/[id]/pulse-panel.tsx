"use client";

import { useMemo } from "react";
import { DurationsCard } from "#app/machines/[id]/durations-card.tsx";
import { PulseStrips } from "#components/machine/pulse-strips.tsx";
import { StepTable } from "#components/machine/step-table.tsx";
import { valveStrips } from "#components/machine/valve-strips.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import type { StepExecution } from "#lib/model/step.ts";

/** Is each dose arriving: the last pulses, the durations over the cycles, and the last steps in figures. */
export function PulsePanel({ steps }: { readonly steps: readonly StepExecution[] }) {
  const valves = useMemo(() => valveStrips(steps), [steps]);
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
        <DurationsCard steps={steps} />
        <Card aria-label="Last steps">
          <CardHeader title="Last steps" />
          <StepTable steps={steps} />
        </Card>
      </div>
    </>
  );
}
