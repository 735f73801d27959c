"use client";

import { useKiosk } from "#app/kiosk/use-kiosk.ts";
import { useWakeLock } from "#app/kiosk/use-wake-lock.ts";
import { useServerClock } from "#app/server-clock.tsx";
import { useShellFacts } from "#app/shell-state.tsx";
import { useZoneChoice } from "#app/zone.tsx";
import { KioskHeader } from "#components/shell/kiosk-header.tsx";
import { LinkStrip } from "#components/shell/link-strip.tsx";
import { PersonMenu } from "#components/shell/person-menu.tsx";
import { SiteHeader } from "#components/shell/site-header.tsx";
import { ThemeToggle } from "#components/shell/theme-toggle.tsx";
import { ZoneMenu } from "#components/shell/zone-menu.tsx";
import { OriginBadge } from "#components/ui/badge.tsx";
import type { Person } from "#lib/model/person.ts";
import { announceSignOut } from "#lib/supabase/browser-session.ts";

interface HeaderProps {
  readonly person: Person;
  readonly onSignOut: () => Promise<void>;
}

/** Wires the header to the page's facts and the server's clock. */
export function Header({ person, onSignOut }: HeaderProps) {
  const { links, origin, zone } = useShellFacts();
  const { now } = useServerClock();
  const { chosen, choose } = useZoneChoice();
  const kiosk = useKiosk();
  const screen = useWakeLock(kiosk.isOn);
  const told = {
    links: <LinkStrip links={links} />,
    badges: <OriginBadge origin={origin} />,
    clock: <ZoneMenu now={now} site={zone} chosen={chosen} onChoose={choose} />,
  };
  if (kiosk.isOn && kiosk.href !== null)
    return <KioskHeader {...told} maySleep={screen === "asleep"} leaveHref={kiosk.href} />;

  return (
    <SiteHeader
      {...told}
      corner={
        <>
          <PersonMenu
            person={person}
            kioskHref={kiosk.href}
            onSignOut={onSignOut}
            onLeaving={announceSignOut}
          />
          <ThemeToggle />
        </>
      }
    />
  );
}
