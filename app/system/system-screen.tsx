"use client";

import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { ignoredParams } from "#app/address/ignored.ts";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useShellFacts } from "#app/shell-state.tsx";
import { retentionMonths, SYSTEM_PARAMS_WANTED, systemParams } from "#app/system/search-params.ts";
import { useFeedHistory } from "#app/system/use-feed-history.ts";
import { useLatency } from "#app/system/use-latency.ts";
import { useFleetPage } from "#app/use-fleet-page.ts";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { IntegrityCard } from "#components/system/integrity-card.tsx";
import { LeasesTable } from "#components/system/leases-table.tsx";
import { LinksCard } from "#components/system/links-card.tsx";
import { StorageCard } from "#components/system/storage-card.tsx";
import { VersionsCard } from "#components/system/versions-card.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import type { AppVersions, SystemReport } from "#lib/model/system.ts";
import { fetchSystemReport } from "#lib/queries/system.ts";
import { useReading } from "#lib/realtime/use-reading.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";

interface SystemScreenProps {
  readonly report: SystemReport;
  readonly fleet: FleetSnapshot;
  readonly versions: AppVersions;
}

const READ_EVERY_MS = 10_000;

/** Whether what the other pages show can be true: the links, the controllers, the record itself, and what it all runs on. */
export function SystemScreen({ report: initial, fleet, versions }: SystemScreenProps) {
  const { data: live, feed, news, now, zone } = useFleetPage(fleet);
  const client = browserClient(useRuntimeConfig());
  const { data } = useReading("system", READ_EVERY_MS, (signal) => fetchSystemReport(client, { signal }));
  const report = data ?? initial;
  const [{ keep }, setParams] = useQueryStates(systemParams, { history: "replace" });
  const ignored = ignoredParams(systemParams, SYSTEM_PARAMS_WANTED, useSearchParams());
  const at = news.state === "behind" ? news.knownAt : now;

  return (
    <Page>
      <PageHeading title="System" note="Whether what the other pages show can be true." />
      <FeedNotice feed={feed} news={news} zone={zone} />
      <IgnoredNotice ignored={ignored} />
      <IntegrityCard violations={report.violations} at={report.serverTime} zone={zone} />
      <LinksCard
        links={useShellFacts().links}
        feed={feed}
        history={useFeedHistory(feed)}
        latency={useLatency(fleet)}
        zone={zone}
      />
      <Card aria-label="Controllers">
        <CardHeader title="Controllers" note="Who holds which machine; renewed every 2 s" />
        <LeasesTable machines={live.machines} now={at} />
      </Card>
      {report.storage === null ? null : (
        <StorageCard
          storage={report.storage}
          keep={keep}
          choices={retentionMonths}
          now={report.serverTime}
          onKeep={(months) =>
            void setParams({ keep: retentionMonths.find((known) => known === months) ?? null })
          }
        />
      )}
      <VersionsCard versions={versions} report={report} />
    </Page>
  );
}
