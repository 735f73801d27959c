"use client";

import { useId, useSyncExternalStore } from "react";
import { HeaderPopover } from "#components/shell/header-popover.tsx";
import type { EpochMs } from "#lib/time.ts";
import { formatClockWithZone } from "#lib/time-format.ts";

interface ZoneMenuProps {
  readonly now: EpochMs;
  /** Of what the page shows; null for a page about several places or none. */
  readonly site: string | null;
  /** The person's own choice; null: the site's. */
  readonly chosen: string | null;
  readonly onChoose: (zone: string | null) => void;
}

/** The time, and in which zone all times of every page are written. */
export function ZoneMenu({ now, site, chosen, onChoose }: ZoneMenuProps) {
  const group = useId();
  const browser = useSyncExternalStore(never, browserZone, serverZone);
  const shown = formatClockWithZone(now, chosen ?? site ?? "UTC");
  return (
    <HeaderPopover
      label="Time zone"
      buttonLabel="Time zone"
      button={
        // The clock may tick between two parts of the page coming to life; it is right again within the second.
        <time
          suppressHydrationWarning
          dateTime={new Date(now).toISOString()}
          className="whitespace-nowrap text-xs tabular-nums text-ink-muted"
        >
          {shown}
        </time>
      }
      className="w-72"
    >
      <fieldset>
        <legend className="text-sm font-semibold">Times on every page</legend>
        {choices(browser).map(({ name, zone }) => (
          <label
            key={name}
            className="mt-1 flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-2 text-sm hover:bg-hover"
          >
            <input type="radio" name={group} checked={chosen === zone} onChange={() => onChoose(zone)} />
            <span className="flex-1">
              {name}
              <span suppressHydrationWarning className="block text-xs text-ink-faint">
                {zone ?? site ?? "UTC, where a page shows several sites"}
              </span>
            </span>
            <span suppressHydrationWarning className="text-xs tabular-nums text-ink-muted">
              {formatClockWithZone(now, zone ?? site ?? "UTC", "minute")}
            </span>
          </label>
        ))}
      </fieldset>
    </HeaderPopover>
  );
}

/** A browser whose zone is UTC needs no choice of its own. */
function choices(browser: string): readonly { readonly name: string; readonly zone: string | null }[] {
  const always = [
    { name: "The site's", zone: null },
    { name: "UTC", zone: "UTC" },
  ];
  return browser === "UTC" ? always : [...always, { name: "This browser's", zone: browser }];
}

/** The server cannot know it, so the first drawing takes it for UTC. */
const browserZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
const serverZone = (): string => "UTC";
const nothingToUndo = (): void => undefined;
const never = () => nothingToUndo;
