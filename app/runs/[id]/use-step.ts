import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import type { LiveRun } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";

/** A pointer that rests this long means the step it is on. */
const REST_MS = 150;

/** The whole row of one step, read once the choice rests; null until then or without a choice. */
export function useStep(live: LiveRun, seq: number | null): StepExecution | null {
  const client = browserClient(useRuntimeConfig());
  const [rested, setRested] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(seq), REST_MS);
    return () => clearTimeout(timer);
  }, [seq]);

  const known = live.steps.find((step) => step.seq === seq);
  const query = useQuery({
    queryKey: ["run", live.run.id, "step", rested],
    queryFn: ({ signal }) =>
      fetchSteps(client, live.run.id, { from: rested ?? 0, to: rested ?? 0 }, { signal }),
    enabled: rested !== null && rested === seq && !known,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const read = query.data?.[0];
  return known ?? (read?.seq === seq ? read : null);
}
