"use client";

import { useQueries } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import { StepNote } from "#app/runs/[id]/step-note.tsx";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useZone } from "#app/zone.tsx";
import { StepsTable } from "#components/runs/steps-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Person } from "#lib/model/person.ts";
import { isRunEnded } from "#lib/model/run.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";

const STEPS_PER_PAGE = 200;
/** A step this far behind the newest is closed, measured, and will not change. */
const SETTLED_BEHIND = 4;

interface StepsPanelProps {
  readonly live: LiveRun;
  readonly person: Person;
}

/** Every step, read by the part in sight; the newest ones come with the feed. */
export function StepsPanel({ live, person }: StepsPanelProps) {
  const client = browserClient(useRuntimeConfig());
  const zone = useZone(live.machine.timezone);
  const [{ step: selected }, setView] = useQueryStates(viewParams, { history: "replace" });
  const [visible, setVisible] = useState({ from: 1, to: 30 });
  const isEnded = isRunEnded(live.run.status);
  const count = Math.max(live.run.lastSeq, live.steps.at(-1)?.seq ?? 0);

  const pages = pagesOf(visible.from, Math.min(visible.to, count));
  const read = useQueries({
    queries: pages.map((page) => {
      const range = { from: page * STEPS_PER_PAGE + 1, to: (page + 1) * STEPS_PER_PAGE };
      const isSettled = isEnded || count >= range.to + SETTLED_BEHIND;
      return {
        queryKey: ["run", live.run.id, "steps", page, isSettled],
        queryFn: ({ signal }: { signal: AbortSignal }) => fetchSteps(client, live.run.id, range, { signal }),
        staleTime: isSettled ? Number.POSITIVE_INFINITY : 5_000,
      };
    }),
    combine: (results) => ({
      steps: results.flatMap(({ data }) => data ?? []),
      error: results.find(({ error }) => error)?.error ?? null,
    }),
  });

  const bySeq = useMemo(
    () => new Map([...read.steps, ...live.steps].map((step) => [step.seq, step])),
    [read.steps, live.steps],
  );
  const onVisible = useCallback((from: number, to: number) => setVisible({ from, to }), []);

  if (count === 0) {
    return (
      <EmptyState title="No step recorded yet">Rows appear here as the controller reports them.</EmptyState>
    );
  }
  return (
    <>
      {read.error ? (
        <div className="p-4">
          <RefusalBanner message={read.error.message} />
        </div>
      ) : null}
      <StepsTable
        count={count}
        stepAt={(seq) => bySeq.get(seq)}
        onVisible={onVisible}
        selectedSeq={selected}
        onSelect={(seq) => void setView({ step: seq })}
        zone={zone}
      />
      <StepNote live={live} person={person} seq={selected !== null && selected <= count ? selected : null} />
    </>
  );
}

function pagesOf(from: number, to: number): readonly number[] {
  const first = Math.floor((from - 1) / STEPS_PER_PAGE);
  const last = Math.floor((Math.max(from, to) - 1) / STEPS_PER_PAGE);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
