import type { ComponentProps, ReactNode } from "react";
import type { Ignored } from "#app/address/ignored.ts";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { MissedNotice } from "#app/machines/[id]/missed-notice.tsx";
import type { SeenMachine } from "#app/machines/[id]/use-live-machine.ts";
import { Watchers } from "#app/machines/[id]/watchers.tsx";
import { useZone } from "#app/zone.tsx";
import { ClockNotice } from "#components/machine/clock-notice.tsx";
import { Trouble } from "#components/machine/trouble.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { OriginBadge } from "#components/ui/badge.tsx";

interface MachineFrameProps extends Pick<ComponentProps<typeof PageHeading>, "title" | "trail" | "note"> {
  readonly seen: SeenMachine;
  readonly ignored: readonly Ignored[];
  /** The controls first. */
  readonly children: ReactNode;
}

/** What every page of one machine says above its controls: whose, how live, what is wrong. */
export function MachineFrame({ seen, ignored, children, ...heading }: MachineFrameProps) {
  const { live, now, openedAt, news, origin } = seen;
  const { machine, state, lease } = live.data;
  const zone = useZone(machine.timezone);
  return (
    <Page>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4 sm:gap-5">
        <PageHeading
          {...heading}
          status={<OriginBadge origin={origin} />}
          aside={<Watchers machineId={machine.id} />}
        />
        <IgnoredNotice ignored={ignored} />
        <FeedNotice feed={live.feed} news={news} zone={zone} isAboutMachine />
        <MissedNotice seen={seen} />
        <ClockNotice feed={live.feed} openedAt={openedAt} now={now} />
        <Trouble machine={machine} state={state} lease={lease} knownAt={news.knownAt} zone={zone} />
        {children}
        {/* The controls lie over the foot of the page on a phone. */}
        <div aria-hidden="true" className="h-28 sm:hidden" />
      </div>
    </Page>
  );
}
