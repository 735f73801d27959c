"use client";

import { useEffect, useMemo } from "react";
import { useServerClock } from "#app/server-clock.tsx";
import { usePublishToShell } from "#app/shell-state.tsx";
import type { LinkView } from "#components/shell/link-strip.tsx";
import type { FeedState, FeedStatus } from "#lib/model/feed.ts";
import type { Lease } from "#lib/model/lease.ts";
import { isMachineBusy, type Machine } from "#lib/model/machine.ts";
import type { LiveFleet } from "#lib/model/snapshot.ts";
import { durationMs, type EpochMs, elapsed, SECOND } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { type Link, linkStates } from "#lib/view/link-states.ts";

interface HeaderFacts {
  readonly feed: FeedStatus;
  readonly lease: Lease | null;
  /** The machine the page is about; null leaves its link out. */
  readonly machine: Machine | null;
  readonly isSimulated: boolean;
  readonly now: EpochMs;
}

/** Tells the header what the page of one machine or one run knows: links with ages, zone, whether it is pretended. */
export function useHeader({ feed, lease, machine, isSimulated, now }: HeaderFacts): void {
  const links = useMemo(
    () => linkStates({ feed, lease, machine }, now).map((link) => view(link, feed, now)),
    [feed, lease, machine, now],
  );
  useFeedClock(feed);
  usePublishToShell({ links, isSimulated, zone: machine?.timezone ?? null });
}

interface FleetHeaderFacts {
  readonly fleet: LiveFleet;
  readonly feed: FeedStatus;
  readonly now: EpochMs;
}

/** As `useHeader`, for pages about all machines: the controller shown is the one that was heard of least lately. */
export function useFleetHeader({ fleet, feed, now }: FleetHeaderFacts): void {
  const links = useMemo(() => {
    const silent = longestSilent(fleet);
    return linkStates({ feed, lease: silent?.lease ?? null, machine: silent?.machine ?? null }, now)
      .filter((link) => link.key !== "machine")
      .map((link) => ({
        ...link,
        detail: link.key === "controller" ? `${silent?.machine.name}: ${link.detail}` : link.detail,
      }))
      .map((link) => view(link, feed, now));
  }, [fleet, feed, now]);
  const zones = new Set(fleet.machines.map(({ machine }) => machine.timezone));
  useFeedClock(feed);
  usePublishToShell({
    links,
    isSimulated: fleet.machines.some(({ lease, machine }) => lease?.isSimulated ?? machine.isVirtual),
    zone: zones.size === 1 ? ([...zones][0] ?? null) : null,
  });
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

const CONDITION = { ok: "good", idle: "idle", degraded: "late", down: "lost" } as const;

function view(link: Link, feed: FeedStatus, now: EpochMs): LinkView {
  const isSettling = SETTLING.includes(feed.state) && elapsed(feed.since, now) < PATIENCE;
  return {
    name: link.label,
    condition: isSettling && link.key === "feed" ? "waiting" : CONDITION[link.state],
    age: link.ageMs,
    ...(link.key === "machine" ? { word: link.detail.replace(/\.$/, "").toLowerCase() } : {}),
    detail: link.key === "browser" ? `${link.detail}${skew(feed)}` : link.detail,
  };
}

/** A browser clock that is off is said (rule T9); the page itself goes by the server's. */
function skew({ clockOffsetMs, lastCatchUpAt }: FeedStatus): string {
  if (lastCatchUpAt === null || Math.abs(clockOffsetMs) <= SECOND) return "";
  const by = formatDuration(durationMs(Math.abs(clockOffsetMs)));
  return ` This computer's clock is ${by} ${clockOffsetMs > 0 ? "behind" : "ahead of"} the server's; times here are the server's.`;
}
