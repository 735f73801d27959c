"use client";

import { useMemo } from "react";
import { useNowEvery } from "#app/machines/[id]/use-now-every.ts";
import { useZone } from "#app/zone.tsx";
import { knownNow } from "#components/machine/known-now.ts";
import { NoRun } from "#components/machine/no-run.tsx";
import { NowCard } from "#components/machine/now-card.tsx";
import { OutcomeCard } from "#components/machine/outcome-card.tsx";
import { RunCard } from "#components/machine/run-card.tsx";
import { stepSequence } from "#components/machine/step-sequence.ts";
import type { Person } from "#lib/model/person.ts";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import type { Feed } from "#lib/realtime/live-store.ts";
import type { EpochMs } from "#lib/time.ts";
import { firstStep, nowCard } from "#lib/view/now-card.ts";
import { runProgress } from "#lib/view/progress.ts";
import { runVerdict } from "#lib/view/run-verdict.ts";

interface NowPanelProps {
  readonly live: Feed<LiveMachine>;
  readonly now: EpochMs;
  readonly openedAt: EpochMs;
  readonly person: Person;
  readonly isStale: boolean;
}

/** The run that is on, the outcome of the last one, or that there has been none. */
export function NowPanel({ live, now, openedAt, person, isStale }: NowPanelProps) {
  const { run, operatorName, machine } = live.data;
  const zone = useZone(machine.timezone);
  if (!run) return <NoRun machineName={machine.name} />;

  const operator = operatorName ?? (run.operatorId === person.id ? person.name : null);
  if (isRunEnded(run.status)) {
    return (
      <OutcomeCard
        run={run}
        verdict={runVerdict(run, null).text}
        operatorName={operator}
        now={now}
        zone={zone}
      />
    );
  }
  return <LiveRunCards live={live} run={run} openedAt={openedAt} operatorName={operator} isStale={isStale} />;
}

interface LiveRunCardsProps {
  readonly live: Feed<LiveMachine>;
  readonly run: Run;
  readonly openedAt: EpochMs;
  readonly operatorName: string | null;
  readonly isStale: boolean;
}

/** Tenths of a second are what a person can read of a step's time. */
const REFRESH_MS = 100;

function LiveRunCards({ live, run, openedAt, operatorName, isStale }: LiveRunCardsProps) {
  const { data, feed, clock } = live;
  const ticking = useNowEvery(clock, REFRESH_MS, openedAt);
  const now = knownNow(ticking, feed, data.lease);
  const zone = useZone(data.machine.timezone);
  const isStopping = data.machine.status === "stopping";
  const steps = useMemo(() => withLastOpen(data.steps), [data.steps]);
  const sequence = useMemo(() => stepSequence(run.program, steps), [run.program, steps]);

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:gap-5 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
      <NowCard
        view={nowCard({ run, steps }, now)}
        first={run.program && firstStep(run.program)}
        sequence={sequence}
        totalSteps={run.totalSteps}
        speed={run.speed}
        isStopping={isStopping}
        isStale={isStale}
      />
      <RunCard
        run={run}
        progress={runProgress({ run, runState: data.runState, steps, pace: data.pace }, now)}
        operatorName={operatorName}
        now={now}
        zone={zone}
        isStopping={isStopping}
        isStale={isStale}
      />
    </div>
  );
}

/**
 * The end of a step and the beginning of the next arrive as two messages, now and then in two frames. Between them the
 * last step is still what is known, so the card does not blink.
 */
function withLastOpen(steps: readonly StepExecution[]): readonly StepExecution[] {
  const last = steps.at(-1);
  return last === undefined || last.endedAt === null ? steps : steps.with(-1, { ...last, endedAt: null });
}
