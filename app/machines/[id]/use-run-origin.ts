"use client";

import { useState } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import type { Run } from "#lib/model/run.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { useReading } from "#lib/realtime/use-reading.ts";
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
  const asked = known === null && run && steps.length > 0 ? run.id : null;
  const read = useReading(asked, null, async (signal) => {
    const [step] = await fetchSteps(browserClient(config), asked ?? "", { from: 1, to: 1 }, { signal });
    return step?.deviceStartedAt ?? null;
  });
  return known ?? read.data;
}
