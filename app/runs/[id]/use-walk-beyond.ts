import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import type { Beyond } from "#components/timeline/timeline.tsx";
import type { LiveRun } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { runCyclesQuery } from "#lib/queries/run.ts";
import { fetchStepInCycle, fetchSteps } from "#lib/queries/steps.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import type { Client } from "#lib/supabase/call.ts";

/** A step to go to, and how far what it begins reaches; ms from the run's first step. */
interface Place {
  readonly seq: number;
  readonly startMs: number;
  readonly endMs: number;
}

interface WalkBeyond {
  readonly walk: Beyond;
  /** Why the last one led nowhere; null when it did not, or when there is nothing more that way. */
  readonly problem: string | null;
}

/** Asks the database for the step or the cycle beside a step, where it is not among what has been read. */
export function useWalkBeyond(live: LiveRun, go: (place: Place) => void): WalkBeyond {
  const client = browserClient(useRuntimeConfig());
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const isAsking = useRef(false);
  const runId = live.run.id;
  const origin = live.totals.firstDeviceStartedAt;

  const placeOf = (step: StepExecution | undefined): Place | null => {
    if (!step || step.deviceStartedAt === null || origin === null) return null;
    const startMs = step.deviceStartedAt - origin;
    return { seq: step.seq, startMs, endMs: startMs + (step.measuredMs ?? 0) };
  };
  const stepAt = async (seq: number): Promise<StepExecution | undefined> =>
    (await fetchSteps(client, runId, { from: seq, to: seq }))[0];

  const cycleBeside = async (seq: number, direction: -1 | 1): Promise<Place | null> => {
    const here = (await stepAt(seq))?.cycle ?? null;
    // Outside of every cycle the next one is that of the nearest step in any.
    const cycle = here ?? (await fetchStepInCycle(client, runId, seq, direction))?.cycle ?? null;
    if (cycle === null) return null;
    const begin = await cycleAt(queries, client, runId, cycle);
    if (here === null) return begin;
    // Back from within a cycle leads to its own beginning.
    return direction === -1 && begin && begin.seq < seq
      ? begin
      : cycleAt(queries, client, runId, cycle + direction);
  };

  const walk: Beyond = (what, seq, direction) => {
    if (isAsking.current) return;
    isAsking.current = true;
    const found = what === "step" ? stepAt(seq + direction).then(placeOf) : cycleBeside(seq, direction);
    void found
      .then(
        (place) => {
          setProblem(null);
          if (place) go(place);
        },
        (fault: Error) => setProblem(fault.message),
      )
      .finally(() => {
        isAsking.current = false;
      });
  };
  return { walk, problem };
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
