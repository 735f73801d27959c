"use client";

import { Download } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { ignoredLog, logParams, NOBODY } from "#app/log/search-params.ts";
import { useLogPage } from "#app/log/use-log-page.ts";
import { reversedDays } from "#app/runs/search-params.ts";
import { useFleetPage } from "#app/use-fleet-page.ts";
import { LogFilters, type LogFilterValues } from "#components/log/log-filters.tsx";
import { LogPager } from "#components/log/log-pager.tsx";
import { LogTable } from "#components/log/log-table.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { LogChoices, LogFilter, LogPage } from "#lib/model/log.ts";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";

interface LogScreenProps {
  readonly page: LogPage;
  readonly filter: LogFilter;
  readonly choices: LogChoices;
  readonly fleet: FleetSnapshot;
}

/** Typing is not over with every letter. */
const TYPED = { limitUrlUpdates: { method: "debounce", timeMs: 300 } } as const;
/** Another selection has other pages. */
const FIRST_PAGE = { before: null, after: null };
const CLEARED = { kind: null, machine: null, run: null, person: null, text: null, from: null, to: null };

/** Who did what, when and why; every entry there is, none of which can be changed. */
export function LogScreen({ page: read, filter, choices, fleet }: LogScreenProps) {
  const { feed, news, now, zone } = useFleetPage(fleet);
  const { page, hasFailed } = useLogPage(read, filter);
  const [isPending, startTransition] = useTransition();
  const [params, setParams] = useQueryStates(logParams, {
    shallow: false,
    startTransition,
    clearOnDefault: true,
  });
  const search = useSearchParams();
  const path = usePathname();
  const reversed = reversedDays(params);

  const at = (to: string, name?: "before" | "after", id?: number) => {
    const target = new URLSearchParams(search);
    target.delete("before");
    target.delete("after");
    if (name && id !== undefined) target.set(name, String(id));
    return target.size > 0 ? `${to}?${target}` : to;
  };
  const first = page.rows[0];
  const change = (values: Partial<LogFilterValues>) =>
    setParams({ ...toParams(values), ...FIRST_PAGE }, "text" in values ? TYPED : {});

  return (
    <Page>
      <PageHeading
        title="Log"
        note="Who did what, when and why. Nothing in it can be changed or taken out."
        aside={
          <Button asChild size="sm">
            <a href={at("/log/export/log.csv")} download>
              <Download className="size-3.5" aria-hidden="true" />
              This selection, CSV
            </a>
          </Button>
        }
      />
      <FeedNotice feed={feed} news={news} zone={zone} />
      {hasFailed && news.state === "live" ? (
        <Notice kind="stale">New entries could not be read; they are asked for again every 3 s.</Notice>
      ) : null}
      <IgnoredNotice ignored={ignoredLog(search)} />
      <LogFilters
        values={{
          kind: params.kind ?? "",
          machine: params.machine ?? "",
          run: params.run ?? "",
          person: params.person ?? "",
          text: params.text,
          from: isoDay(params.from),
          to: isoDay(params.to),
        }}
        choices={choices}
        nobody={NOBODY}
        isReversed={reversed !== null}
        onChange={change}
        onClear={() => setParams({ ...CLEARED, ...FIRST_PAGE })}
      />
      <Card aria-label="Log" aria-busy={isPending} className={isPending ? "opacity-60" : ""}>
        {page.rows.length > 0 ? (
          <LogTable entries={page.rows} now={now} zone={zone} />
        ) : (
          <EmptyState title="No entry matches">
            {reversed?.replace("No run", "No entry").replace("the list", "the log") ??
              (page.lookedUntil === null
                ? "Remove a filter, or choose other days."
                : "None as far as was looked; go on with Older.")}
          </EmptyState>
        )}
        <LogPager
          shown={page.rows.length}
          lookedUntil={page.lookedUntil}
          zone={zone}
          newestHref={page.isFirst ? null : at(path)}
          newerHref={page.isFirst ? null : first === undefined ? at(path) : at(path, "after", first.id)}
          olderHref={page.older === null ? null : at(path, "before", page.older)}
        />
      </Card>
    </Page>
  );
}

const isoDay = (day: Date | null): string => day?.toISOString().slice(0, 10) ?? "";

/** What an empty control says is taken out of the address. */
function toParams({ kind, machine, run, person, text, from, to }: Partial<LogFilterValues>) {
  return {
    ...(kind === undefined ? {} : { kind: logParams.kind.parse(kind) }),
    ...(machine === undefined ? {} : { machine: machine || null }),
    ...(run === undefined ? {} : { run: run || null }),
    ...(person === undefined ? {} : { person: person || null }),
    ...(text === undefined ? {} : { text: text || null }),
    ...(from === undefined ? {} : { from: logParams.from.parse(from) }),
    ...(to === undefined ? {} : { to: logParams.to.parse(to) }),
  };
}
