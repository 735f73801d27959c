import type { FeedStatus } from "#lib/model/feed.ts";
import type { Lease } from "#lib/model/lease.ts";
import { isMachineBusy, type Machine, machineStatusLabel } from "#lib/model/machine.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { formatAge } from "#lib/time-format.ts";
import { LEASE_PERIOD, staleness } from "./staleness.ts";

export type LinkState = "ok" | "idle" | "degraded" | "down";
export type Link = {
  key: "browser" | "feed" | "controller" | "machine";
  label: string;
  state: LinkState;
  ageMs: DurationMs | null;
  detail: string;
};

type Seen = { feed: FeedStatus; lease?: Lease | null; machine?: Machine | null };

const order: readonly LinkState[] = ["ok", "idle", "degraded", "down"];

/** The links between what happens and what is seen, each on its own (rule T7); the last two only with a machine. */
export function linkStates({ feed, lease, machine }: Seen, now: EpochMs): Link[] {
  const links = [browserLink(feed, now), feedLink(feed, now)];
  if (machine) links.push(controllerLink(lease ?? null, machine, now), machineLink(machine));
  return links;
}

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
  const isDown = feed.state === "offline";
  return {
    key: "browser",
    label: "Server",
    state: isDown ? "down" : "ok",
    ageMs,
    detail: isDown
      ? (feed.reason ?? "The server is not reached.")
      : `Last read ${ageMs === null ? "never" : formatAge(ageMs)}.`,
  };
}

function feedLink(feed: FeedStatus, now: EpochMs): Link {
  const ageMs = age(feed.lastEventAt, now);
  const base = { key: "feed", label: "Feed", ageMs } as const;
  if (feed.state === "live") {
    return {
      ...base,
      state: "ok",
      detail: ageMs === null ? "Live." : `Live; last change ${formatAge(ageMs)}.`,
    };
  }
  const state = feed.state === "offline" ? "down" : "degraded";
  const otherwise = state === "down" ? "No changes arrive." : "Changes are read every 2 s instead.";
  return { ...base, state, detail: [feed.reason, otherwise].filter(Boolean).join(" ") };
}

function controllerLink(lease: Lease | null, machine: Machine, now: EpochMs): Link {
  const base = { key: "controller", label: "Controller" } as const;
  const isNeeded = isMachineBusy(machine.status);
  if (lease === null) {
    const detail = isNeeded
      ? "No controller holds this machine, although a run is on."
      : "No controller holds this machine.";
    return { ...base, state: isNeeded ? "down" : "idle", ageMs: null, detail };
  }
  const ageMs = age(lease.renewedAt, now);
  const { level, label } = staleness(ageMs, LEASE_PERIOD);
  const name = `${lease.controller} (${lease.driver})`;
  if (level === "fresh") return { ...base, state: "ok", ageMs, detail: `${name} holds this machine.` };
  const state = level === "stale" ? "degraded" : isNeeded ? "down" : "idle";
  return { ...base, state, ageMs, detail: `${name} was last heard of: ${label ?? ""}.` };
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
  };
}
