"use client";

import { useState } from "react";
import type { FeedStatus } from "#lib/model/feed.ts";
import type { EpochMs } from "#lib/time.ts";

/** One state that the feed of this page was in. */
export type FeedChange = { state: FeedStatus["state"]; at: EpochMs; reason: string | null };

/** Newest first, as far back as is kept; how often it was live and then was not. */
export type FeedHistory = { changes: readonly FeedChange[]; losses: number };

const KEPT = 12;

/** What became of this page's feed since the page was opened. */
export function useFeedHistory({ state, since, reason }: FeedStatus): FeedHistory {
  const [history, keep] = useState<FeedHistory>({ changes: [{ state, at: since, reason }], losses: 0 });
  const [newest] = history.changes;
  if (newest?.state === state) return history;
  const next = {
    changes: [{ state, at: since, reason }, ...history.changes].slice(0, KEPT),
    losses: history.losses + (newest?.state === "live" ? 1 : 0),
  };
  keep(next);
  return next;
}
