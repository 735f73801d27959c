"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import type { Run } from "#lib/model/run.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import type { EpochMs } from "#lib/time.ts";

/** When the run's first step began by the controller's clock. Known from the page, from the steps here, else read. */
export function useRunOrigin(
  run: Run | null,
  steps: readonly StepExecution[],
  first: EpochMs | null,
): EpochMs | null {
  const config = useRuntimeConfig();
  const [page] = useState({ runId: run?.id, first });
  const here = steps[0]?.seq === 1 ? steps[0].deviceStartedAt : null;
  const known = here ?? (page.runId === run?.id ? page.first : null);
  const read = useQuery({
    queryKey: ["run", run?.id, "origin"],
    queryFn: async ({ signal }) => {
      if (!run) return null;
      const [step] = await fetchSteps(browserClient(config), run.id, { from: 1, to: 1 }, { signal });
      return step?.deviceStartedAt ?? null;
    },
    enabled: known === null && steps.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return known ?? read.data ?? null;
}
