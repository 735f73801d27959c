"use client";

import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useHeader } from "#app/use-header.ts";
import { isLeaseHeld } from "#lib/model/lease.ts";
import { isMachineBusy } from "#lib/model/machine.ts";
import type { Origin } from "#lib/model/origin.ts";
import type { LiveMachine, MachineSnapshot } from "#lib/model/snapshot.ts";
import type { Feed } from "#lib/realtime/live-store.ts";
import { useMachineFeed, useNow } from "#lib/realtime/use-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import { machineOrigin } from "#lib/view/fleet-tiles.ts";
import { type PageNews, pageNews } from "#lib/view/page-news.ts";

/** One machine as a page of it sees it now. */
export interface SeenMachine {
  readonly live: Feed<LiveMachine>;
  /** Server time, each second. */
  readonly now: EpochMs;
  /** When the page was read; what was settled before it is history. */
  readonly openedAt: EpochMs;
  readonly news: PageNews;
  /** The screen may be behind the database, so nothing may be ruled out. */
  readonly isBehind: boolean;
  /** Behind the database, or the controller is silent during a run. */
  readonly isStale: boolean;
  readonly origin: Origin;
}

/** Follows a machine from what the server read, and tells the header about it. */
export function useLiveMachine(initial: MachineSnapshot): SeenMachine {
  const live = useMachineFeed(useRuntimeConfig(), initial.machine.id, initial);
  const { data, feed, clock } = live;
  const { machine, lease } = data;
  const now = useNow(clock, initial.serverTime);

  const news = pageNews(feed, [lease], now);
  const isBehind = news.state === "behind";
  const isLost = isMachineBusy(machine.status) && !isLeaseHeld(lease, news.knownAt);
  const origin = machineOrigin(data);

  useHeader({ feed, news, lease, machine, origin, zone: machine.timezone, now });
  return { live, now, openedAt: initial.serverTime, news, isBehind, isStale: isBehind || isLost, origin };
}
