"use client";

import { useServerClock } from "#app/server-clock.tsx";
import { useShellFacts } from "#app/shell-state.tsx";
import { LinkStrip } from "#components/shell/link-strip.tsx";
import { PersonMenu } from "#components/shell/person-menu.tsx";
import { SiteHeader } from "#components/shell/site-header.tsx";
import { ThemeToggle } from "#components/shell/theme-toggle.tsx";
import { OriginBadge } from "#components/ui/badge.tsx";
import type { Person } from "#lib/model/person.ts";
import { announceSignOut } from "#lib/supabase/browser-session.ts";
import { formatClockWithZone } from "#lib/time-format.ts";

interface HeaderProps {
  readonly person: Person;
  readonly onSignOut: () => Promise<void>;
}

/** Wires the header to the page's facts and the server's clock. */
export function Header({ person, onSignOut }: HeaderProps) {
  const { links, origin, zone } = useShellFacts();
  const { now } = useServerClock();
  const shownZone = zone ?? "UTC";

  return (
    <SiteHeader
      links={<LinkStrip links={links} />}
      badges={<OriginBadge origin={origin} />}
      clock={
        // The clock may tick between two parts of the page coming to life; it is right again within the second.
        <time
          suppressHydrationWarning
          dateTime={new Date(now).toISOString()}
          className="whitespace-nowrap text-xs tabular-nums text-ink-muted"
        >
          {formatClockWithZone(now, shownZone)}
        </time>
      }
      corner={
        <>
          <PersonMenu person={person} onSignOut={onSignOut} onLeaving={announceSignOut} />
          <ThemeToggle />
        </>
      }
    />
  );
}
