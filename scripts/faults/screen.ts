import type { CommandStatus } from "#lib/model/command.ts";
import type { MachineStatus } from "#lib/model/machine.ts";
import type { LiveMachine, MachineSnapshot } from "#lib/model/snapshot.ts";
import { fetchMachine } from "#lib/queries/fleet.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { MachineFold } from "#lib/realtime/fold/machine-fold.ts";
import type { Runtime } from "#lib/realtime/runtime.ts";
import { ClockEstimate } from "#lib/realtime/server-clock.ts";
import { FeedSupervisor } from "#lib/realtime/supervisor.ts";
import type { Client } from "#lib/supabase/call.ts";
import { type FeedListener, supabaseTransport } from "#lib/supabase/open-feed.ts";
import { epochMs } from "#lib/time.ts";

/** A machine's page without the page: what it would show, over a feed that loses, delays and doubles changes. */
export type Screen = {
  now(): { status: MachineStatus; runId: string | null };
  /** Every status in which each command was ever shown, in the order they were. */
  shown: ReadonlyMap<string, readonly CommandStatus[]>;
  close(): void;
};

const STEPS_KEPT = 60;
/** Share of changes that are lost; as many come twice, and as many late. */
const SHARE = 0.12;
const LATENESS_MS = 1200;

const runtime: Runtime = {
  now: () => epochMs(performance.timeOrigin + performance.now()),
  wall: () => epochMs(Date.now()),
  random: () => Math.random(),
  after: (wait, run) => {
    const timer = setTimeout(run, wait);
    return () => clearTimeout(timer);
  },
  frame: (run) => {
    const frame = setImmediate(run);
    return () => clearImmediate(frame);
  },
  isHidden: () => false,
  isOnline: () => true,
  watch: () => () => undefined,
};

export async function openScreen(client: Client, machineId: string, random: () => number): Promise<Screen> {
  const read = async (signal?: AbortSignal): Promise<MachineSnapshot> => {
    const found = await fetchMachine(client, machineId, { signal });
    if (found === null) throw new Error(`machine ${machineId} is not there`);
    return found;
  };
  const initial = await read();
  const transport = supabaseTransport(client);
  const feed = new FeedSupervisor<MachineSnapshot, LiveMachine>({
    runtime,
    fold: new MachineFold(initial, STEPS_KEPT),
    initial,
    clock: new ClockEstimate(runtime, initial.serverTime),
    connect: () => ({
      snapshot: read,
      steps: ({ runId, range }, signal) => fetchSteps(client, runId, range, { signal }),
      transport: { ...transport, open: (scope, listener) => transport.open(scope, lossy(listener, random)) },
    }),
  });
  const shown = new Map<string, CommandStatus[]>();
  const look = (): void => {
    for (const { id, status } of feed.store.getSnapshot().data.commands) {
      const before = shown.get(id);
      if (before === undefined) shown.set(id, [status]);
      else if (before.at(-1) !== status) before.push(status);
    }
  };
  const unsubscribe = feed.store.subscribe(look);
  feed.start();
  return {
    now: () => {
      const { machine } = feed.store.getSnapshot().data;
      return { status: machine.status, runId: machine.currentRunId };
    },
    shown,
    close: () => {
      unsubscribe();
      feed.stop();
    },
  };
}

function lossy(listener: FeedListener, random: () => number): FeedListener {
  return {
    ...listener,
    change: (change) => {
      const chance = random();
      if (chance < SHARE) return;
      if (chance < 2 * SHARE) setTimeout(() => listener.change(change), random() * LATENESS_MS);
      else listener.change(change);
      if (chance > 1 - SHARE) listener.change(change);
    },
  };
}
