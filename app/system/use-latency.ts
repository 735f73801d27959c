"use client";

import { useEffect, useRef, useState } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import { browserRuntime } from "#lib/realtime/browser-runtime.ts";
import { useFleetFeed } from "#lib/realtime/use-feed.ts";
import { type DurationMs, type EpochMs, elapsed, SECOND } from "#lib/time.ts";
import { type Latency, latencyOf, withLatencies } from "#lib/view/latency.ts";

/** What a feed catches up with as it comes up was written before, and would count as its way here. */
const SETTLED_AFTER = 3 * SECOND;

/**
 * From a row's own time in the database to the frame that shows it, by the server's clock as this page estimates it. Every
 * machine with a controller changes a row about every 2 s. Only a live feed counts: what is read says nothing of its way here.
 */
export function useLatency(fleet: FleetSnapshot): Latency | null {
  const { data, feed, clock } = useFleetFeed(useRuntimeConfig(), fleet);
  const known = useRef(new Map<string, EpochMs>());
  const [samples, keep] = useState<readonly DurationMs[]>([]);
  useEffect(() => {
    const isSettled = feed.state === "live" && elapsed(feed.since, clock.now()) > SETTLED_AFTER;
    const fresh = data.machines.flatMap(({ machine, lease }) => {
      const at = lease?.renewedAt ?? null;
      const before = known.current.get(machine.id);
      if (at === null || before === at) return [];
      known.current.set(machine.id, at);
      return before === undefined || !isSettled || browserRuntime.isHidden() ? [] : [at];
    });
    if (fresh.length === 0) return;
    browserRuntime.frame(() => {
      const now = clock.now();
      keep((kept) =>
        withLatencies(
          kept,
          fresh.map((at) => elapsed(at, now)),
        ),
      );
    });
  }, [data, feed.state, feed.since, clock]);
  return latencyOf(samples);
}
