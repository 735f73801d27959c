"use client";

import { Download } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useCallback, useMemo, useTransition } from "react";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { toParams, toValues } from "#app/runs/filter-values.ts";
import { ignoredRuns } from "#app/runs/ignored-runs.ts";
import { reversedDays, runOrder, runsParams } from "#app/runs/search-params.ts";
import { useListLinks } from "#app/runs/use-list-links.ts";
import { usePins } from "#app/runs/use-pins.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useFleetHeader } from "#app/use-header.ts";
import { useReadAgainWhenRunsChange } from "#app/use-read-again.ts";
import { useSameList } from "#app/use-same-list.ts";
import { withLiveRuns } from "#app/with-live-runs.ts";
import { useZone } from "#app/zone.tsx";
import { Pager } from "#components/runs/pager.tsx";
import { PinBar } from "#components/runs/pin-bar.tsx";
import { RunFilters, type RunFilterValues } from "#components/runs/run-filters.tsx";
import { RunsTable } from "#components/runs/runs-table.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { RunChoices, RunCount, RunOrder, RunPage } from "#lib/model/run-list.ts";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import { useFleetFeed, useNow } from "#lib/realtime/use-feed.ts";
import { pageNews } from "#lib/view/page-news.ts";

interface RunsScreenProps {
  readonly page: RunPage & { readonly isFirst: boolean };
  readonly count: RunCount;
  readonly fleet: FleetSnapshot;
  readonly choices: RunChoices;
}

/** Typing is not over with every letter. */
const TYPED = { limitUrlUpdates: { method: "debounce", timeMs: 300 } } as const;
/** Another selection or order has other pages. */
const FIRST_PAGE = { after: null, before: null };

/** Every run, selected by the address; read again when the fleet says that a run began or ended. */
export function RunsScreen({ page, count, fleet, choices }: RunsScreenProps) {
  const { data, feed, clock } = useFleetFeed(useRuntimeConfig(), fleet);
  const now = useNow(clock, fleet.serverTime);
  const zone = useZone(null);
  const [isPending, startTransition] = useTransition();
  const [params, setParams] = useQueryStates(runsParams, {
    shallow: false,
    startTransition,
    clearOnDefault: true,
  });
  const { pins, isRefused, pin, clear, dismiss } = usePins();
  const { exportHref, ...ways } = useListLinks(page);
  const known = useSameList(data.machines.map(({ run }) => run));
  const rows = useMemo(() => withLiveRuns(page.rows, known), [page.rows, known]);
  const ignored = ignoredRuns(useSearchParams());
  const reversed = reversedDays(params);

  const leases = data.machines.map(({ lease }) => lease);
  const news = pageNews(feed, leases, now);
  useFleetHeader({ fleet: data, feed, news, now });
  useReadAgainWhenRunsChange(data);

  const change = (values: Partial<RunFilterValues>) =>
    setParams({ ...toParams(values), ...FIRST_PAGE }, "text" in values || "least" in values ? TYPED : {});
  const order = useMemo(() => runOrder(params), [params]);
  const onSort = useCallback(
    ({ sort, isDescending }: RunOrder) =>
      void setParams({ sort, order: isDescending ? "desc" : "asc", ...FIRST_PAGE }),
    [setParams],
  );

  return (
    <Page>
      <PageHeading
        title="Runs"
        note="Every step of each is kept. Pin runs to compare them."
        aside={
          <Button asChild size="sm">
            <a href={exportHref} download>
              <Download className="size-3.5" aria-hidden="true" />
              {pins.length > 0 ? "Pinned runs, CSV" : "These runs, CSV"}
            </a>
          </Button>
        }
      />
      <FeedNotice feed={feed} news={news} zone={zone} />
      <IgnoredNotice ignored={ignored} />
      <RunFilters
        values={toValues(params)}
        choices={choices}
        isReversed={reversed !== null}
        order={order}
        onSort={onSort}
        onChange={change}
        onClear={() => setParams({ ...CLEARED, ...FIRST_PAGE })}
      />
      <PinBar
        pinned={pins.length}
        here={rows.filter(({ runId }) => pins.includes(runId)).length}
        isRefused={isRefused}
        compareHref={`/runs/compare?runs=${pins.join(",")}`}
        onClear={clear}
        onDismiss={dismiss}
      />
      <Card aria-label="Runs" aria-busy={isPending} className={isPending ? "opacity-60" : ""}>
        {rows.length > 0 ? (
          <RunsTable
            runs={rows}
            now={news.state === "behind" ? news.knownAt : now}
            zone={zone}
            order={order}
            onSort={onSort}
            pins={pins}
            onPin={pin}
          />
        ) : (
          <EmptyState title="No run matches">
            {reversed ??
              (count.count > 0
                ? "No run stands beyond this place any more; go to the first page."
                : "Remove a filter, or start a recipe on a machine.")}
          </EmptyState>
        )}
        <Pager shown={rows.length} isFirst={page.isFirst} count={count} {...ways} />
      </Card>
    </Page>
  );
}

/** Clearing the filter leaves order and pins as they are. */
const CLEARED = {
  status: null,
  machine: null,
  recipe: null,
  version: null,
  operator: null,
  text: null,
  from: null,
  to: null,
  deviations: null,
  least: null,
  good: null,
};
