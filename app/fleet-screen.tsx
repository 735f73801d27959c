"use client";

import Link from "next/link";
import { useCallback, useMemo } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useFleetGlance } from "#app/use-fleet-glance.ts";
import { useFleetHeader } from "#app/use-header.ts";
import { useReadAgainWhenRunsChange } from "#app/use-read-again.ts";
import { useSameList } from "#app/use-same-list.ts";
import { useStaggeredNow } from "#app/use-staggered-now.ts";
import { withLiveRuns } from "#app/with-live-runs.ts";
import { useZone, useZoneChoice } from "#app/zone.tsx";
import { FleetGrid } from "#components/fleet/fleet-grid.tsx";
import { fleetSummary } from "#components/fleet/fleet-summary.ts";
import { RunsTable } from "#components/runs/runs-table.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import type { RunSummary } from "#lib/model/run.ts";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import { useFleetFeed, useNow } from "#lib/realtime/use-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import { pageNews } from "#lib/view/page-news.ts";

interface FleetScreenProps {
  readonly initial: FleetSnapshot;
  /** The newest runs of all machines. */
  readonly latest: readonly RunSummary[];
}

/** Which machine needs me, which finishes next: drawn by the server first, kept true by the feed. */
export function FleetScreen({ initial, latest }: FleetScreenProps) {
  const { data, feed, clock } = useFleetFeed(useRuntimeConfig(), initial);
  const now = useNow(clock, initial.serverTime);
  const news = pageNews(
    feed,
    data.machines.map(({ lease }) => lease),
    now,
  );
  const nowOf = useStaggeredNow(clock, initial.serverTime);
  const { tiles, order } = useFleetGlance(data, now, news.knownAt);
  const known = useSameList(data.machines.map(({ run }) => run));
  const runs = useMemo(() => withLiveRuns(latest, known), [latest, known]);
  const { chosen } = useZoneChoice();
  const zone = useZone(null);
  const siteZone = useCallback((site: string) => chosen ?? site, [chosen]);
  const zoneOf = (machineId: string) =>
    siteZone(data.machines.find(({ machine }) => machine.id === machineId)?.machine.timezone ?? "UTC");

  useFleetHeader({ fleet: data, feed, news, now });
  useReadAgainWhenRunsChange(data);

  return (
    <Page>
      <PageHeading title="Fleet" note={fleetSummary(tiles, now, zoneOf)} />
      <FeedNotice feed={feed} news={news} zone={zone} />
      <FleetGrid
        machines={data.machines}
        order={order}
        now={now}
        nowOf={nowOf}
        knownAt={news.knownAt}
        zoneOf={siteZone}
      />
      {runs.length > 0 ? (
        <LatestRuns runs={runs} now={news.state === "behind" ? news.knownAt : now} zone={zone} />
      ) : null}
    </Page>
  );
}

interface LatestRunsProps {
  readonly runs: readonly RunSummary[];
  readonly zone: string;
  readonly now: EpochMs;
}

function LatestRuns({ runs, now, zone }: LatestRunsProps) {
  return (
    <Card aria-labelledby="latest-runs" className="mt-2">
      <CardHeader
        id="latest-runs"
        title="Latest runs"
        aside={
          <Link href="/runs" className="link text-xs">
            All runs
          </Link>
        }
      />
      <RunsTable runs={runs} now={now} zone={zone} />
    </Card>
  );
}
