import type { FeedStatus } from "#lib/model/feed.ts";
import type { Lease } from "#lib/model/lease.ts";
import { isMachineBusy, type Machine, machineStatusLabel } from "#lib/model/machine.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { formatAge, formatAgo } from "#lib/time-format.ts";
import { feedTroubleText, type PageNews } from "./page-news.ts";
import { LEASE_PERIOD, staleness } from "./staleness.ts";

/** `unknown`: this page hears too little to tell. */
export type LinkState = "ok" | "idle" | "unknown" | "degraded" | "down";
export type Link = {
  key: "browser" | "feed" | "controller" | "machine";
  label: string;
  state: LinkState;
  ageMs: DurationMs | null;
  detail: string;
  /** What was said on the link, word for word: for support. */
  said: string | null;
};

type Seen = { feed: FeedStatus; news: PageNews; lease?: Lease | null; machine?: Machine | null };

const order: readonly LinkState[] = ["ok", "idle", "unknown", "degraded", "down"];

/**
 * The links between what happens and what is seen, each on its own (rule T7); the last two only with a machine. A page
 * that is behind knows its own two links only.
 */
export function linkStates({ feed, news, lease, machine }: Seen, now: EpochMs): Link[] {
  const links = [browserLink(feed, now), feedLink(feed, news, now)];
  if (!machine) return links;
  const far = [controllerLink(lease ?? null, machine, news.knownAt, now), machineLink(machine)];
  return [...links, ...(news.state === "behind" ? far.map(asLastKnown) : far)];
}

const asLastKnown = (link: Link): Link => ({
  ...link,
  state: "unknown",
  detail: `This page hears too little to tell. Last known: ${link.detail}`,
});

/** The link that is in the worst state, the first of equals. */
export const worstLink = (links: readonly Link[]): Link | null =>
  links.reduce<Link | null>(
    (worst, link) =>
      worst === null || order.indexOf(link.state) > order.indexOf(worst.state) ? link : worst,
    null,
  );

const age = (at: EpochMs | null, now: EpochMs): DurationMs | null =>
  at === null ? null : durationMs(Math.max(0, elapsed(at, now)));

function browserLink(feed: FeedStatus, now: EpochMs): Link {
  const ageMs = age(feed.lastCatchUpAt, now);
  const base = { key: "browser", label: "Server", ageMs } as const;
  if (feed.state !== "offline" && feed.trouble !== "server-silent") {
    const detail = `Last read ${ageMs === null ? "never" : formatAge(ageMs)}.`;
    return { ...base, state: "ok", detail, said: null };
  }
  const state = feed.state === "offline" ? "down" : "degraded";
  const detail = feedTroubleText(feed.trouble) ?? "The server is not reached.";
  return { ...base, state, detail, said: feed.reason };
}

function feedLink(feed: FeedStatus, news: PageNews, now: EpochMs): Link {
  const ageMs = age(feed.lastEventAt, now);
  const base = { key: "feed", label: "Feed", ageMs } as const;
  if (feed.state === "live") {
    if (news.state === "behind")
      return { ...base, state: "degraded", detail: "Nothing arrives.", said: null };
    const detail = ageMs === null ? "Live." : `Live; last change ${formatAge(ageMs)}.`;
    return { ...base, state: "ok", detail, said: null };
  }
  const state = feed.state === "offline" ? "down" : "degraded";
  const otherwise = state === "down" ? "No changes arrive." : "Changes are asked for every 2 s.";
  // While it comes up, the reason is our own sentence; later it is the link's, which is for support.
  if (feed.trouble === null)
    return { ...base, state, detail: [feed.reason, otherwise].filter(Boolean).join(" "), said: null };
  if (feed.trouble !== "channel-lost") return { ...base, state, detail: otherwise, said: null };
  const detail = `${feedTroubleText(feed.trouble)} ${otherwise}`;
  return { ...base, state, detail, said: feed.reason };
}

function controllerLink(lease: Lease | null, machine: Machine, known: EpochMs, now: EpochMs): Link {
  const base = { key: "controller", label: "Controller", said: null } as const;
  const isNeeded = isMachineBusy(machine.status);
  if (lease === null) {
    const detail = isNeeded
      ? "No controller holds this machine, although a run is on."
      : "No controller holds this machine.";
    return { ...base, state: isNeeded ? "down" : "idle", ageMs: null, detail };
  }
  const ageMs = durationMs(Math.max(0, elapsed(lease.renewedAt, now)));
  const { level } = staleness(age(lease.renewedAt, known), LEASE_PERIOD);
  const name = `${lease.controller} (${lease.driver})`;
  if (level === "fresh") return { ...base, state: "ok", ageMs, detail: `${name} holds this machine.` };
  const state = level === "stale" ? "degraded" : isNeeded ? "down" : "idle";
  return { ...base, state, ageMs, detail: `${name} was last heard of ${formatAgo(ageMs)}.` };
}

function machineLink(machine: Machine): Link {
  const down = machine.status === "error" || machine.status === "unknown";
  const idle = machine.status === "offline" || machine.status === "maintenance";
  return {
    key: "machine",
    label: "Machine",
    state: down ? "down" : idle ? "idle" : "ok",
    ageMs: null,
    detail: `${machineStatusLabel(machine.status)}.`,
    said: null,
  };
}
