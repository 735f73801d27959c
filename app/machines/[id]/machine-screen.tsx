"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { ignoredParams } from "#app/address/ignored.ts";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { ControlPanel } from "#app/machines/[id]/control-panel.tsx";
import { HistoryPanel } from "#app/machines/[id]/history-panel.tsx";
import { LivePanel } from "#app/machines/[id]/live-panel.tsx";
import { NowPanel } from "#app/machines/[id]/now-panel.tsx";
import { PulsePanel } from "#app/machines/[id]/pulse-panel.tsx";
import { MACHINE_PARAMS_WANTED, machineParams } from "#app/machines/[id]/search-params.ts";
import { Watchers } from "#app/machines/[id]/watchers.tsx";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useHeader } from "#app/use-header.ts";
import { ClockNotice } from "#components/machine/clock-notice.tsx";
import { Trouble } from "#components/machine/trouble.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { OriginBadge } from "#components/ui/badge.tsx";
import { isLeaseHeld } from "#lib/model/lease.ts";
import { isMachineBusy } from "#lib/model/machine.ts";
import type { Person } from "#lib/model/person.ts";
import type { MachineSnapshot } from "#lib/model/snapshot.ts";
import { useMachineFeed, useNow } from "#lib/realtime/use-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import { machineOrigin } from "#lib/view/fleet-tiles.ts";
import { pageNews } from "#lib/view/page-news.ts";

interface MachineScreenProps {
  readonly initial: MachineSnapshot;
  readonly origin: EpochMs | null;
  readonly person: Person;
}

/** One machine: state, step, time left, anything abnormal, Stop. Drawn by the server first, kept true by the feed. */
export function MachineScreen({ initial, origin, person }: MachineScreenProps) {
  const config = useRuntimeConfig();
  const live = useMachineFeed(config, initial.machine.id, initial);
  const { data, feed, clock } = live;
  const { machine, lease } = data;
  const now = useNow(clock, "second", initial.serverTime);

  const news = pageNews(feed, [lease], now);
  const ignored = ignoredParams(machineParams, MACHINE_PARAMS_WANTED, useSearchParams());
  const isBehind = news.state === "behind";
  const isLost = isMachineBusy(machine.status) && !isLeaseHeld(lease, news.knownAt);
  const source = machineOrigin(data);

  useHeader({ feed, news, lease, machine, origin: source, zone: machine.timezone, now });

  const place = useMemo(
    () =>
      [machine.serialNumber, machine.model, machine.labName, machine.location]
        .filter((part) => part && part !== machine.name)
        .join(" · "),
    [machine],
  );
  const seen = { live, openedAt: initial.serverTime, isStale: isBehind || isLost };

  return (
    <Page>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4 sm:gap-5">
        <PageHeading
          title={machine.name}
          trail={[{ href: "/", name: "Fleet" }]}
          note={<span className="break-words">{place}</span>}
          status={<OriginBadge origin={source} />}
          aside={<Watchers machineId={machine.id} />}
        />
        <IgnoredNotice ignored={ignored} />
        <FeedNotice feed={feed} news={news} zone={machine.timezone} isAboutMachine />
        <ClockNotice feed={feed} openedAt={initial.serverTime} now={now} />
        <Trouble machine={machine} state={data.state} lease={lease} knownAt={news.knownAt} />
        <ControlPanel {...seen} now={now} knownAt={news.knownAt} person={person} isBehind={isBehind} />
        <NowPanel {...seen} now={now} person={person} />
        <LivePanel live={live} origin={origin} isStale={seen.isStale} />
        <PulsePanel steps={data.steps} />
        <HistoryPanel
          commands={data.commands}
          events={data.recentEvents}
          zone={machine.timezone}
          now={now}
          person={person}
        />
        {/* The controls lie over the foot of the page on a phone. */}
        <div aria-hidden="true" className="h-28 sm:hidden" />
      </div>
    </Page>
  );
}
