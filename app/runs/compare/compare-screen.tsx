"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { ignoredParams } from "#app/address/ignored.ts";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { CompareToolbar } from "#app/runs/compare/compare-toolbar.tsx";
import { ComparisonPanels } from "#app/runs/compare/comparison-panels.tsx";
import { COMPARE_PARAMS_WANTED, compareParams, missingSentence } from "#app/runs/compare/search-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useFleetHeader } from "#app/use-header.ts";
import { useZone } from "#app/zone.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice, RefusalBanner } from "#components/ui/notice.tsx";
import type { Comparison } from "#lib/model/comparison.ts";
import { isRunEnded } from "#lib/model/run.ts";
import { MOST_COMPARED } from "#lib/model/run-list.ts";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import { comparisonQuery } from "#lib/queries/comparison.ts";
import { useFleetFeed, useNow } from "#lib/realtime/use-feed.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import { counted } from "#lib/view/count.ts";
import { pageNews } from "#lib/view/page-news.ts";
import type { ProgramGroup } from "#lib/view/program-differences.ts";

interface CompareScreenProps {
  /** At most 20; none when the address names none that could be. */
  readonly runIds: readonly string[];
  /** What of the address is left out, a sentence each. */
  readonly problems: readonly string[];
  /** What the server read, to draw at once. */
  readonly first: Comparison | null;
  readonly programs: readonly ProgramGroup[];
  readonly fleet: FleetSnapshot;
}

/** While one of the runs is played, the comparison is read again this often. */
const READ_AGAIN_MS = 10_000;

/** Up to 20 runs laid upon each other: where they differ, and from what they were to do. */
export function CompareScreen({ runIds, problems, first, programs, fleet }: CompareScreenProps) {
  const config = useRuntimeConfig();
  const { data, feed, clock } = useFleetFeed(config, fleet);
  const now = useNow(clock, fleet.serverTime);
  const zone = useZone(null);
  const search = useSearchParams();
  const [{ align, measure }] = useQueryStates(compareParams);
  const isFirst = first?.align === align && first.measure === measure;
  const query = useQuery({
    ...comparisonQuery(browserClient(config), { runIds, align, measure }),
    ...(isFirst && { initialData: first }),
    enabled: runIds.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.runs.some(({ status }) => !isRunEnded(status)) ? READ_AGAIN_MS : false,
  });
  const leases = data.machines.map(({ lease }) => lease);
  const news = pageNews(feed, leases, now);
  useFleetHeader({ fleet: data, feed, news, now });

  const comparison = query.data;
  const missing = comparison ? missingSentence(comparison.notFound) : null;
  const found = comparison?.runs.length ?? 0;
  return (
    <Page>
      <PageHeading
        trail={[{ href: runIds.length > 0 ? `/runs?pins=${runIds.join(",")}` : "/runs", name: "Runs" }]}
        title="Compare"
        note={found > 0 ? `${counted(found, "run")} laid upon each other` : null}
        aside={found > 0 ? <CompareToolbar /> : null}
      />
      <FeedNotice feed={feed} news={news} zone={zone} />
      <IgnoredNotice ignored={ignoredParams(compareParams, COMPARE_PARAMS_WANTED, search)} />
      {[...problems, ...(missing ? [missing] : [])].map((sentence) => (
        <Notice key={sentence} kind="plain">
          <span className="[overflow-wrap:anywhere]">{sentence}</span>
        </Notice>
      ))}
      {query.error ? <RefusalBanner message={query.error.message} /> : null}
      {comparison && found > 0 ? (
        <ComparisonPanels
          comparison={comparison}
          programs={programs}
          zone={zone}
          isPending={query.isPlaceholderData}
        />
      ) : (
        <Card>
          <EmptyState
            title="No run to compare"
            action={
              <Button asChild>
                <Link href="/runs">Go to the runs</Link>
              </Button>
            }
          >
            Pin up to {MOST_COMPARED} runs in the list of runs, then compare them.
          </EmptyState>
        </Card>
      )}
    </Page>
  );
}
