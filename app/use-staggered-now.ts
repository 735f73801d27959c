"use client";

import { useEffect, useState } from "react";
import type { ServerClock } from "#lib/realtime/server-clock.ts";
import { type EpochMs, SECOND } from "#lib/time.ts";

/** One of these advances at a time, so that a second's ages are drawn over many frames and not in one. */
const GROUPS = 10;

/** Server time for the n-th of many things that each show ages: every one advances once a second, one after another. */
export function useStaggeredNow(clock: ServerClock, initial: EpochMs): (nth: number) => EpochMs {
  const [moments, setMoments] = useState<readonly EpochMs[]>(() => Array(GROUPS).fill(initial));
  useEffect(() => {
    let turn = 0;
    const timer = setInterval(() => {
      turn = (turn + 1) % GROUPS;
      setMoments((known) => known.with(turn, clock.now()));
    }, SECOND / GROUPS);
    return () => clearInterval(timer);
  }, [clock]);
  return (nth) => moments[nth % GROUPS] ?? initial;
}
