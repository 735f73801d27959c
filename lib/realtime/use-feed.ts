"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import type {
  FleetSnapshot,
  LiveFleet,
  LiveMachine,
  LiveRun,
  MachineSnapshot,
  RunSnapshot,
} from "#lib/model/snapshot.ts";
import type { WorkflowSnapshot } from "#lib/model/workflow.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import type { Client } from "#lib/supabase/call.ts";
import type { PublicConfig } from "#lib/supabase/config.ts";
import { type FeedTransport, supabaseTransport } from "#lib/supabase/open-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import { browserRuntime } from "./browser-runtime.ts";
import { FeedRegistry } from "./feed-registry.ts";
import { type FeedPlace, fleetFeed, machineFeed, runFeed, workflowFeed } from "./feeds.ts";
import type { Feed } from "./live-store.ts";
import { ClockEstimate, type ServerClock } from "./server-clock.ts";
import type { FeedSupervisor } from "./supervisor.ts";
import { browserTabPort } from "./tabs/browser-tab-port.ts";
import { SharedTransport } from "./tabs/shared-transport.ts";

// The one place where React meets the feed. A feed is made from what the server rendered, so the first paint in the
// browser equals the page as it came; it starts in an effect and then replaces what is shown, frame by frame.

const registry = new FeedRegistry(browserRuntime);
const clocks = new Map<string, ClockEstimate>();
const transports = new Map<string, FeedTransport>();

/** The fleet, kept up to date. */
export const useFleetFeed = (config: PublicConfig, initial: FleetSnapshot): Feed<LiveFleet> =>
  useFeed(`${config.url} fleet`, initial, () => fleetFeed(placeOf(config, initial), initial));

/** One machine, kept up to date; follows it from run to run. */
export const useMachineFeed = (
  config: PublicConfig,
  machineId: string,
  initial: MachineSnapshot,
): Feed<LiveMachine> =>
  useFeed(`${config.url} machine ${machineId}`, initial, () =>
    machineFeed(placeOf(config, initial), initial),
  );

/** One run, kept up to date. */
export const useRunFeed = (config: PublicConfig, runId: string, initial: RunSnapshot): Feed<LiveRun> =>
  useFeed(`${config.url} run ${runId}`, initial, () => runFeed(placeOf(config, initial), initial));

/** The work plan, kept up to date. */
export const useWorkflowFeed = (config: PublicConfig, initial: WorkflowSnapshot): Feed<WorkflowSnapshot> =>
  useFeed(`${config.url} workflow`, initial, () => workflowFeed(placeOf(config, initial), initial));

function placeOf(config: PublicConfig, { serverTime }: { serverTime: EpochMs }): FeedPlace {
  const clock = clocks.get(config.url) ?? new ClockEstimate(browserRuntime, serverTime);
  // A server draws pages for everybody and shows none: it keeps no clock.
  if (typeof window !== "undefined") clocks.set(config.url, clock);
  clock.seen(serverTime);
  return {
    runtime: browserRuntime,
    clock,
    client: () => browserClient(config),
    transport: (client) => transportOf(config, client, clock),
  };
}

/** One for all feeds of the page, which shares its channels with the other tabs of this browser. */
function transportOf({ url }: PublicConfig, client: Client, clock: ServerClock): FeedTransport {
  const known = transports.get(url);
  if (known) return known;
  const made = new SharedTransport({
    local: supabaseTransport(client),
    openPort: browserTabPort,
    // The number is that of the words which tabs use among themselves: an older page does not understand newer ones.
    group: `pulseboard feed 1 ${url}`,
    runtime: browserRuntime,
    clock,
  });
  transports.set(url, made);
  return made;
}

function useFeed<Snapshot extends { serverTime: EpochMs }, Live>(
  key: string,
  initial: Snapshot,
  make: () => FeedSupervisor<Snapshot, Live>,
): Feed<Live> {
  const [kept, keep] = useState(() => keptFeed(key, make));
  const current = kept.key === key ? kept : keptFeed(key, make);
  if (current !== kept) keep(current);
  const { feed, first } = current;
  useEffect(() => {
    const held = registry.hold(key, feed);
    if (held.feed !== feed) keep({ key, first, feed: held.feed });
    return held.letGo;
  }, [key, feed, first]);
  useEffect(() => feed.offer(initial), [feed, initial]);
  return useSyncExternalStore(feed.store.subscribe, feed.store.getSnapshot, () => first);
}

function keptFeed<Snapshot extends { serverTime: EpochMs }, Live>(
  key: string,
  make: () => FeedSupervisor<Snapshot, Live>,
) {
  const made = make();
  return { key, first: made.store.getSnapshot(), feed: registry.find(key, made) };
}

/**
 * Server time now, as this browser estimates it, once in `everyMs`, by default a second. More often it comes with a frame,
 * and no sooner than a frame. Begins with `initial` so that the first paint equals what the server rendered.
 */
export function useNow(clock: ServerClock, initial: EpochMs, everyMs = SECOND_MS): EpochMs {
  const [now, setNow] = useState(initial);
  useEffect(() => {
    if (everyMs >= SECOND_MS) {
      const timer = setInterval(() => setNow(clock.now()), everyMs);
      setNow(clock.now());
      return () => clearInterval(timer);
    }
    let told = Number.NEGATIVE_INFINITY;
    let cancel: () => void;
    const paint = (): void => {
      const at = clock.now();
      if (at - told >= everyMs) {
        told = at;
        setNow(at);
      }
      cancel = browserRuntime.frame(paint);
    };
    cancel = browserRuntime.frame(paint);
    return () => cancel();
  }, [clock, everyMs]);
  return now;
}

const SECOND_MS = 1_000;
