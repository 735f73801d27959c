"use client";

import { useEffect, useState } from "react";
import type { ServerClock } from "#lib/realtime/server-clock.ts";
import type { EpochMs } from "#lib/time.ts";

/** Server time every `periodMs`, for figures that change faster than once a second but need no frame of their own. */
export function useNowEvery(clock: ServerClock, periodMs: number, initial: EpochMs): EpochMs {
  const [now, setNow] = useState(initial);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), periodMs);
    return () => clearInterval(timer);
  }, [clock, periodMs]);
  return now;
}
