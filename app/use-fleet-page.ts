"use client";

import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useFleetHeader } from "#app/use-header.ts";
import { useZone } from "#app/zone.tsx";
import type { FeedStatus } from "#lib/model/feed.ts";
import type { FleetSnapshot, LiveFleet } from "#lib/model/snapshot.ts";
import { useFleetFeed, useNow } from "#lib/realtime/use-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import { type PageNews, pageNews } from "#lib/view/page-news.ts";

interface FleetPage {
  readonly data: LiveFleet;
  readonly feed: FeedStatus;
  readonly news: PageNews;
  readonly now: EpochMs;
  readonly zone: string;
}

/** What a page about no machine in particular needs: the fleet as its doorbell, the header told, time and zone. */
export function useFleetPage(fleet: FleetSnapshot): FleetPage {
  const { data, feed, clock } = useFleetFeed(useRuntimeConfig(), fleet);
  const now = useNow(clock, fleet.serverTime);
  const news = pageNews(
    feed,
    data.machines.map(({ lease }) => lease),
    now,
  );
  useFleetHeader({ fleet: data, feed, news, now });
  return { data, feed, news, now, zone: useZone(null) };
}
