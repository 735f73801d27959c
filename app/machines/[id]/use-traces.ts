"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { type Trace, tracePoints } from "#components/machine/trace-points.ts";
import type { Run } from "#lib/model/run.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import { runTrendQuery } from "#lib/queries/run.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import type { EpochMs } from "#lib/time.ts";

const SHOWN = [
  { name: "chamber_pressure", label: "Pressure", unit: "Torr", digits: 2 },
  { name: "chamber_temperature", label: "Temperature", unit: "°C", digits: 1 },
] as const;

const BUCKETS = 1200;
const NAMES = SHOWN.map(({ name }) => name);

/** Pressure and temperature: what was measured before the page opened is read once, the rest comes with the feed. */
export function useTraces(run: Run, origin: EpochMs, data: LiveMachine, spanMs: number): readonly Trace[] {
  const client = browserClient(useRuntimeConfig());
  const last = data.steps.at(-1)?.deviceStartedAt ?? origin;
  // Fixed when the run is first seen: a window that moved with every step would be read with every step.
  const [seen, setSeen] = useState({ runId: run.id, toMs: last - origin, spanMs });
  if (seen.runId !== run.id || seen.spanMs < spanMs) setSeen({ runId: run.id, toMs: last - origin, spanMs });

  const window = { fromMs: Math.max(0, seen.toMs - seen.spanMs), toMs: seen.toMs + seen.spanMs };
  const past = useQuery({
    ...runTrendQuery(client, run.id, { window, buckets: BUCKETS, parameters: NAMES }),
    staleTime: Number.POSITIVE_INFINITY,
  });

  const recipe = run.program?.recipe;
  return useMemo(
    () =>
      SHOWN.map(({ name, label, unit, digits }) => ({
        name,
        label,
        unit,
        digits,
        setPoint:
          (name === "chamber_pressure"
            ? recipe?.pressure_set_point
            : recipe?.chamber_temperature_set_point) ?? null,
        points: tracePoints(
          name,
          past.data?.find((series) => series.name === name) ?? null,
          data.telemetry,
          origin,
        ),
      })),
    [recipe, past.data, data.telemetry, origin],
  );
}
