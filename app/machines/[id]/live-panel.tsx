"use client";

import { useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import { machineParams } from "#app/machines/[id]/search-params.ts";
import { useRunOrigin } from "#app/machines/[id]/use-run-origin.ts";
import { useTraces } from "#app/machines/[id]/use-traces.ts";
import { CycleChooser } from "#components/machine/cycle-chooser.tsx";
import { knownNow } from "#components/machine/known-now.ts";
import { LiveLanes } from "#components/machine/live-lanes.tsx";
import { cycleStarts, liveLanes, liveSpans } from "#components/machine/live-spans.ts";
import { endedSpanMs, liveSpanMs } from "#components/machine/live-window.ts";
import { planAhead } from "#components/machine/plan-ahead.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import type { Feed } from "#lib/realtime/live-store.ts";
import type { EpochMs } from "#lib/time.ts";
import { deviceNow } from "#lib/view/device-clock.ts";

interface LivePanelProps {
  readonly live: Feed<LiveMachine>;
  /** Zero of the time axis for the run that the page was read with. */
  readonly origin: EpochMs | null;
  readonly isStale: boolean;
}

/** The valves of the last cycles with pressure and temperature on the controller's clock; nothing before a first step. */
export function LivePanel({ live, origin: first, isStale }: LivePanelProps) {
  const { run, steps } = live.data;
  const origin = useRunOrigin(run, steps, first);
  if (!run || origin === null) return null;
  return <RunLanes live={live} run={run} origin={origin} isStale={isStale} />;
}

interface RunLanesProps {
  readonly live: Feed<LiveMachine>;
  readonly run: Run;
  readonly origin: EpochMs;
  readonly isStale: boolean;
}

function RunLanes({ live, run, origin, isStale }: RunLanesProps) {
  const { data, feed, clock } = live;
  const { steps, lease } = data;
  const [{ cycles }, setParams] = useQueryStates(machineParams);
  const isLive = !isRunEnded(run.status);
  const isPlanned = isLive && !isStale && data.machine.status === "processing";
  // Steps around the cycles (a preheat, the safe end) are drawn on the scale of the last cycle.
  const scaledBy = steps.findLast((step) => step.cycle !== null) ?? null;
  const liveMs = liveSpanMs(cycles, run.program, scaledBy, run.speed);
  const lanes = useMemo(() => liveLanes(liveSpans(steps, origin), run.program), [steps, origin, run.program]);
  const starts = useMemo(() => cycleStarts(steps, origin), [steps, origin]);
  const endedAt = isLive ? null : deviceNow(run, steps, clock.now());
  const spanMs = endedAt === null ? liveMs : endedSpanMs(cycles, starts, endedAt - origin, liveMs);
  const ghosts = useMemo(
    () => (isPlanned ? planAhead(run.program, steps, lanes, origin, spanMs) : []),
    [isPlanned, run.program, steps, lanes, origin, spanMs],
  );
  const traces = useTraces(run, origin, data, spanMs);

  const { speed } = run;
  const sampledAt = data.telemetry.at(-1)?.at ?? origin;
  const readClock = useCallback(() => {
    const now = knownNow(clock.now(), feed, lease);
    const at = deviceNow({ speed }, steps, now);
    // A sample from the controller proves that its clock has got at least so far.
    return at === null ? null : { now, estimateMs: Math.max(at, sampledAt) - origin };
  }, [feed, lease, clock, speed, steps, sampledAt, origin]);

  return (
    <Card aria-label="Valves and values">
      <CardHeader
        title={isLive ? "Valves and values" : "The last steps of that run"}
        note="controller's clock, from the run's first step"
        aside={
          <>
            {speed === 1 ? null : <Badge tone="hatched">{speed} × speed</Badge>}
            <CycleChooser value={cycles} onChange={(choice) => void setParams({ cycles: choice })} />
          </>
        }
      />
      <LiveLanes
        lanes={lanes}
        traces={traces}
        cycles={starts}
        ghosts={ghosts}
        spanMs={spanMs}
        speed={speed}
        readClock={readClock}
        isMoving={isLive && !isStale}
        state={isLive ? (isStale ? "stale" : "live") : "ended"}
      />
    </Card>
  );
}
