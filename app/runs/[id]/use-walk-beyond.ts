import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import type { Beyond } from "#components/timeline/timeline.tsx";
import type { LiveRun } from "#lib/model/snapshot.ts";
import { runCyclesQuery } from "#lib/queries/run.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import type { Client } from "#lib/supabase/call.ts";

/** A step to go to, and how far what it begins reaches; ms from the run's first step. */
interface Place {
  readonly seq: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Asks the database for the step or the cycle beside a chosen step, where it is not among what has been read. */
export function useWalkBeyond(live: LiveRun, seq: number | null, go: (place: Place) => void): Beyond {
  const client = browserClient(useRuntimeConfig());
  const queries = useQueryClient();
  const isAsking = useRef(false);
  const origin = live.totals.firstDeviceStartedAt;

  const stepAt = async (number: number): Promise<(Place & { cycle: number | null }) | null> => {
    const [step] = await fetchSteps(client, live.run.id, { from: number, to: number });
    if (!step || step.deviceStartedAt === null || origin === null) return null;
    const startMs = step.deviceStartedAt - origin;
    return { seq: step.seq, startMs, endMs: startMs + (step.measuredMs ?? 0), cycle: step.cycle };
  };
  const cycleBeside = async (from: number, direction: -1 | 1): Promise<Place | null> => {
    const cycle = (await stepAt(from))?.cycle ?? null;
    if (cycle === null) return null;
    const begin = direction === 1 ? null : await cycleAt(queries, client, live.run.id, cycle);
    // Back from within a cycle leads to its own beginning.
    return begin && begin.seq < from ? begin : cycleAt(queries, client, live.run.id, cycle + direction);
  };

  return (what, direction) => {
    if (seq === null || isAsking.current) return;
    isAsking.current = true;
    const found = what === "step" ? stepAt(seq + direction) : cycleBeside(seq, direction);
    void found
      // What cannot be read now is asked for with the next press.
      .catch(() => null)
      .then((place) => {
        isAsking.current = false;
        if (place) go(place);
      });
  };
}

async function cycleAt(
  queries: QueryClient,
  client: Client,
  runId: string,
  cycle: number,
): Promise<Place | null> {
  if (cycle < 1) return null;
  const { rows } = await queries.fetchQuery(runCyclesQuery(client, runId, { from: cycle, to: cycle }, 1));
  const row = rows[0];
  return row && row.fromCycle === cycle ? { seq: row.fromSeq, startMs: row.startMs, endMs: row.endMs } : null;
}
