"use client";

import { useEffect, useMemo, useState } from "react";
import { useServerClock } from "#app/server-clock.tsx";
import { usePublishToShell } from "#app/shell-state.tsx";
import type { LinkView } from "#components/shell/link-strip.tsx";
import type { FeedState, FeedStatus } from "#lib/model/feed.ts";
import type { Lease } from "#lib/model/lease.ts";
import { isMachineBusy, type Machine, machineStatusLabel } from "#lib/model/machine.ts";
import { type Origin, originOfAll } from "#lib/model/origin.ts";
import type { LiveFleet } from "#lib/model/snapshot.ts";
import { durationMs, type EpochMs, elapsed, SECOND } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { machineOrigin } from "#lib/view/fleet-tiles.ts";
import { type Link, linkStates } from "#lib/view/link-states.ts";
import { isBlink, type PageNews } from "#lib/view/page-news.ts";

interface HeaderFacts {
  readonly feed: FeedStatus;
  readonly news: PageNews;
  readonly lease: Lease | null;
  /** The machine whose present the page shows; null leaves its links out. */
  readonly machine: Machine | null;
  readonly origin: Origin;
  /** IANA zone of the site; null for a page about none or several. */
  readonly zone: string | null;
  readonly now: EpochMs;
}

/** Tells the header what the page of one machine or one run knows: links with ages, zone, where its figures come from. */
export function useHeader({ feed, news, lease, machine, origin, zone, now }: HeaderFacts): void {
  const seen = useEachSecond({ feed, news, lease, machine }, now);
  const links = useMemo(
    () => linkStates(seen, seen.now).map((link) => view(link, seen.feed, seen.machine, seen.now)),
    [seen],
  );
  useFeedClock(feed);
  usePublishToShell({ links, origin, zone });
}

interface FleetHeaderFacts {
  readonly fleet: LiveFleet;
  readonly feed: FeedStatus;
  readonly news: PageNews;
  readonly now: EpochMs;
}

/** As `useHeader`, for pages about all machines: the controller shown is the one that was heard of least lately. */
export function useFleetHeader({ fleet, feed, news, now }: FleetHeaderFacts): void {
  const seen = useEachSecond({ feed, fleet, news }, now);
  const links = useMemo(() => {
    const { feed, fleet, news, now } = seen;
    const silent = longestSilent(fleet);
    const machine = silent?.machine ?? null;
    return linkStates({ feed, news, lease: silent?.lease ?? null, machine }, now)
      .filter((link) => link.key !== "machine")
      .map((link) => ({
        ...link,
        detail: link.key === "controller" ? `${machine?.name}: ${link.detail}` : link.detail,
      }))
      .map((link) => view(link, feed, machine, now));
  }, [seen]);
  const zones = new Set(fleet.machines.map(({ machine }) => machine.timezone));
  useFeedClock(feed);
  usePublishToShell({
    links,
    origin: originOfAll(fleet.machines.map(machineOrigin)),
    zone: zones.size === 1 ? ([...zones][0] ?? null) : null,
  });
}

/**
 * What was there as the second began, or as the feed or what it is worth changed its state: ages count seconds, and a header drawn with every
 * change of every row would cost as much as the page.
 */
function useEachSecond<Seen extends { feed: FeedStatus; news: PageNews }>(
  seen: Seen,
  now: EpochMs,
): Seen & { now: EpochMs } {
  const [kept, keep] = useState({ ...seen, now });
  const { state, reason } = seen.feed;
  const isSame =
    kept.feed.state === state && kept.feed.reason === reason && kept.news.state === seen.news.state;
  if (kept.now === now && isSame) return kept;
  const next = { ...seen, now };
  keep(next);
  return next;
}

function longestSilent(fleet: LiveFleet) {
  const busy = fleet.machines.filter(({ machine }) => isMachineBusy(machine.status));
  const held = (busy.length > 0 ? busy : fleet.machines).filter(
    ({ lease }) => busy.length > 0 || lease !== null,
  );
  return held.toSorted((a, b) => (a.lease?.renewedAt ?? 0) - (b.lease?.renewedAt ?? 0))[0];
}

function useFeedClock({ clockOffsetMs, lastCatchUpAt }: FeedStatus): void {
  const { setOffset } = useServerClock();
  useEffect(() => {
    if (lastCatchUpAt !== null) setOffset(clockOffsetMs);
  }, [clockOffsetMs, lastCatchUpAt, setOffset]);
}

const SETTLING: readonly FeedState[] = ["connecting", "joining", "confirming", "syncing"];
/** Coming up is no trouble before this much time has passed. */
const PATIENCE = 5 * SECOND;

const CONDITION = { ok: "good", idle: "idle", unknown: "unknown", degraded: "late", down: "lost" } as const;

function view(link: Link, feed: FeedStatus, machine: Machine | null, now: EpochMs): LinkView {
  const isSettling =
    (SETTLING.includes(feed.state) && elapsed(feed.since, now) < PATIENCE) ||
    (feed.state === "degraded" && isBlink(feed, now));
  return {
    name: link.label,
    condition: isSettling && link.key === "feed" ? "waiting" : CONDITION[link.state],
    age: link.ageMs,
    ...(link.key === "machine" && machine ? { word: machineStatusLabel(machine.status).toLowerCase() } : {}),
    detail: link.key === "browser" ? `${link.detail}${skew(feed)}` : link.detail,
    said: link.said,
  };
}

/** A browser clock that is off is said (rule T9); the page itself goes by the server's. */
function skew({ clockOffsetMs, lastCatchUpAt }: FeedStatus): string {
  if (lastCatchUpAt === null || Math.abs(clockOffsetMs) <= SECOND) return "";
  const by = formatDuration(durationMs(Math.abs(clockOffsetMs)));
  return ` This computer's clock is ${by} ${clockOffsetMs > 0 ? "behind" : "ahead of"} the server's; times here are the server's.`;
}
