"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useMemo, useTransition } from "react";
import { ignoredParams } from "#app/address/ignored.ts";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { RUNS_PARAMS_WANTED, RUNS_PER_PAGE, runsParams } from "#app/runs/search-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useFleetHeader } from "#app/use-header.ts";
import { useReadAgainWhenRunsChange } from "#app/use-read-again.ts";
import { useSameList } from "#app/use-same-list.ts";
import { withLiveRuns } from "#app/with-live-runs.ts";
import { useZone } from "#app/zone.tsx";
import { Pager } from "#components/runs/pager.tsx";
import { type Choice, RunFilters, type RunFilterValues } from "#components/runs/run-filters.tsx";
import { RunsTable } from "#components/runs/runs-table.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { RunSummary } from "#lib/model/run.ts";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import type { PageOf } from "#lib/model/timeline.ts";
import { useFleetFeed, useNow } from "#lib/realtime/use-feed.ts";
import { pageNews } from "#lib/view/page-news.ts";

interface RunsScreenProps {
  readonly runs: PageOf<RunSummary>;
  readonly page: number;
  readonly fleet: FleetSnapshot;
  readonly recipes: readonly Choice[];
}

/** Every run, filtered by the address; read again when the fleet says that a run began or ended. */
export function RunsScreen({ runs, page, fleet, recipes }: RunsScreenProps) {
  const { data, feed, clock } = useFleetFeed(useRuntimeConfig(), fleet);
  const now = useNow(clock, "second", fleet.serverTime);
  const zone = useZone(null);
  const [isPending, startTransition] = useTransition();
  const [params, setParams] = useQueryStates(runsParams, {
    shallow: false,
    startTransition,
    clearOnDefault: true,
  });
  const hrefOf = usePageHref();
  const ignored = ignoredParams(runsParams, RUNS_PARAMS_WANTED, useSearchParams());
  const known = useSameList(data.machines.map(({ run }) => run));
  const rows = useMemo(() => withLiveRuns(runs.rows, known), [runs.rows, known]);

  const news = pageNews(
    feed,
    data.machines.map(({ lease }) => lease),
    now,
  );
  useFleetHeader({ fleet: data, feed, news, now });
  useReadAgainWhenRunsChange(data);

  const change = (values: Partial<RunFilterValues>) =>
    setParams(
      { ...toParams(values), page: null },
      "text" in values ? { limitUrlUpdates: { method: "debounce", timeMs: 300 } } : {},
    );

  return (
    <Page>
      <PageHeading title="Runs" note="Newest first; every step of each is kept." />
      <FeedNotice feed={feed} news={news} zone={zone} />
      <IgnoredNotice ignored={ignored} />
      <RunFilters
        values={toValues(params)}
        machines={data.machines.map(({ machine }) => ({ value: machine.id, name: machine.name }))}
        recipes={recipes}
        onChange={change}
        onClear={() => setParams(null)}
      />
      <Card aria-label="Runs" aria-busy={isPending} className={isPending ? "opacity-60" : ""}>
        {runs.rows.length > 0 ? (
          <RunsTable runs={rows} now={news.state === "behind" ? news.knownAt : now} zone={zone} />
        ) : (
          <EmptyState title="No run matches">
            {runs.total > 0 ? "There is no such page." : "Remove a filter, or start a recipe on a machine."}
          </EmptyState>
        )}
        <Pager page={page} size={RUNS_PER_PAGE} total={runs.total} hrefOf={hrefOf} />
      </Card>
    </Page>
  );
}

function usePageHref(): (page: number) => string {
  const path = usePathname();
  const search = useSearchParams();
  return (page) => {
    const next = new URLSearchParams(search);
    if (page > 1) next.set("page", String(page));
    else next.delete("page");
    const text = next.toString();
    return text ? `${path}?${text}` : path;
  };
}

type Params = { readonly [Key in keyof typeof runsParams]: unknown };

const isoDay = (date: unknown): string => (date instanceof Date ? date.toISOString().slice(0, 10) : "");
const word = (value: unknown): string => (typeof value === "string" ? value : "");

function toValues(params: Params): RunFilterValues {
  return {
    status: word(params.status),
    machine: word(params.machine),
    recipe: word(params.recipe),
    text: word(params.text),
    from: isoDay(params.from),
    to: isoDay(params.to),
    deviations: params.deviations === true,
  };
}

function toParams(values: Partial<RunFilterValues>) {
  return {
    ...(values.status === undefined ? {} : { status: runsParams.status.parse(values.status) }),
    ...(values.machine === undefined ? {} : { machine: values.machine || null }),
    ...(values.recipe === undefined ? {} : { recipe: values.recipe || null }),
    ...(values.text === undefined ? {} : { text: values.text || null }),
    ...(values.from === undefined ? {} : { from: runsParams.from.parse(values.from) }),
    ...(values.to === undefined ? {} : { to: runsParams.to.parse(values.to) }),
    ...(values.deviations === undefined ? {} : { deviations: values.deviations || null }),
  };
}
