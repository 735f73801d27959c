"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { type Trace, tracePoints } from "#components/machine/trace-points.ts";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import { fetchRunTrend } from "#lib/queries/run.ts";
import { useReading } from "#lib/realtime/use-reading.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import type { EpochMs } from "#lib/time.ts";

const SHOWN = [
  { name: "chamber_pressure", label: "Pressure", unit: "Torr", digits: 2 },
  { name: "chamber_temperature", label: "Temperature", unit: "°C", digits: 1 },
] as const;

const BUCKETS = 1200;
const NAMES = SHOWN.map(({ name }) => name);

/** The feed carries about one sample a second; this often the finer course of the pulses is read after it (ms). */
const READ_AGAIN_MS = 4000;
/** A run that is played faster is read more often, but not endlessly (ms). */
const LEAST_PAUSE_MS = 1000;
/** A value that is recorded seldom still needs a neighbour left of the picture to be a line. */
const LEAST_PAST_MS = 120_000;

/** Pressure and temperature of the stretch in sight: read in full now and then, continued with what the feed brings. */
export function useTraces(run: Run, origin: EpochMs, data: LiveMachine, spanMs: number): readonly Trace[] {
  const client = browserClient(useRuntimeConfig());
  const isLive = !isRunEnded(run.status);
  const edgeMs = useRef(0);
  useEffect(() => {
    edgeMs.current = (data.steps.at(-1)?.deviceStartedAt ?? origin) - origin;
  }, [data.steps, origin]);

  const read = useReading(
    `${run.id} ${spanMs} ${isLive}`,
    isLive ? Math.max(LEAST_PAUSE_MS, READ_AGAIN_MS / run.speed) : null,
    (signal) => {
      const fromMs = Math.max(0, edgeMs.current - Math.max(2 * spanMs, LEAST_PAST_MS));
      const window = { fromMs, toMs: edgeMs.current + spanMs };
      return fetchRunTrend(client, run.id, { window, buckets: BUCKETS, parameters: NAMES }, { signal });
    },
  );
  // Another stretch of the same run is better than none while it is read; another run is not.
  const [last, keep] = useState({ runId: run.id, past: read.data });
  if (last.runId !== run.id || (read.data !== null && read.data !== last.past)) {
    keep({ runId: run.id, past: read.data });
  }
  const past = last.past;

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
          past?.find((series) => series.name === name) ?? null,
          data.telemetry,
          origin,
        ),
      })),
    [recipe, past, data.telemetry, origin],
  );
}
