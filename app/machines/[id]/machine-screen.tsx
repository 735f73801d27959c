"use client";

import { useMemo } from "react";
import { ControlPanel } from "#app/machines/[id]/control-panel.tsx";
import { HistoryPanel } from "#app/machines/[id]/history-panel.tsx";
import { LivePanel } from "#app/machines/[id]/live-panel.tsx";
import { NowPanel } from "#app/machines/[id]/now-panel.tsx";
import { PulsePanel } from "#app/machines/[id]/pulse-panel.tsx";
import { Watchers } from "#app/machines/[id]/watchers.tsx";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useHeader } from "#app/use-header.ts";
import { FeedNotice } from "#components/machine/feed-notice.tsx";
import { confirmedAge } from "#components/machine/known-now.ts";
import { Trouble } from "#components/machine/trouble.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { SimulatedBadge } from "#components/ui/badge.tsx";
import { isLeaseHeld } from "#lib/model/lease.ts";
import { isMachineBusy } from "#lib/model/machine.ts";
import type { Person } from "#lib/model/person.ts";
import type { MachineSnapshot } from "#lib/model/snapshot.ts";
import { useMachineFeed, useNow } from "#lib/realtime/use-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import { LEASE_PERIOD, staleness } from "#lib/view/staleness.ts";

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
  const { machine, lease, run } = data;
  const now = useNow(clock, "second", initial.serverTime);

  const dataAge = confirmedAge(feed, initial.serverTime, now);
  const isBehind = staleness(dataAge, LEASE_PERIOD).level !== "fresh";
  const isLost = isMachineBusy(machine.status) && !isLeaseHeld(lease, now);
  const isSimulated = (lease?.isSimulated ?? machine.isVirtual) || (run?.isSimulated ?? false);

  useHeader({ feed, lease, machine, isSimulated, now });

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
          status={isSimulated ? <SimulatedBadge /> : null}
          aside={<Watchers machineId={machine.id} />}
        />
        <FeedNotice
          feed={feed}
          openedAt={initial.serverTime}
          now={now}
          age={dataAge}
          isBehind={isBehind}
          zone={machine.timezone}
        />
        <Trouble machine={machine} state={data.state} lease={lease} now={now} />
        <ControlPanel {...seen} now={now} person={person} isBehind={isBehind} />
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
