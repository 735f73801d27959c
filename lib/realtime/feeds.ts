import type {
  FleetSnapshot,
  LiveFleet,
  LiveMachine,
  LiveRun,
  MachineSnapshot,
  RunSnapshot,
} from "#lib/model/snapshot.ts";
import type { WorkflowSnapshot } from "#lib/model/workflow.ts";
import { fetchFleet, fetchMachine, LIVE_STEPS } from "#lib/queries/fleet.ts";
import { fetchRun } from "#lib/queries/run.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { fetchWorkflow } from "#lib/queries/workflow.ts";
import { type CallOptions, type Client, ReadFault } from "#lib/supabase/call.ts";
import type { FeedTransport } from "#lib/supabase/open-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import type { FeedSource } from "./feed-source.ts";
import { FleetFold } from "./fold/fleet-fold.ts";
import type { Fold } from "./fold/fold.ts";
import { MachineFold } from "./fold/machine-fold.ts";
import { RunPageFold } from "./fold/run-page-fold.ts";
import { WorkflowFold } from "./fold/workflow-fold.ts";
import type { Runtime } from "./runtime.ts";
import type { ClockEstimate } from "./server-clock.ts";
import { FeedSupervisor } from "./supervisor.ts";

/** What all feeds of a page share. */
export type FeedPlace = {
  runtime: Runtime;
  clock: ClockEstimate;
  client: () => Client;
  /** The way changes come; the same one for every feed of the page. */
  transport: (client: Client) => FeedTransport;
};

/** The feeds, each one fold on one kind of snapshot. Making one touches nothing; `start` connects it. */
export const fleetFeed = (
  place: FeedPlace,
  initial: FleetSnapshot,
): FeedSupervisor<FleetSnapshot, LiveFleet> =>
  supervised(place, initial, new FleetFold(initial), (db, options) => fetchFleet(db, options));

export const machineFeed = (
  place: FeedPlace,
  initial: MachineSnapshot,
): FeedSupervisor<MachineSnapshot, LiveMachine> =>
  supervised(place, initial, new MachineFold(initial, LIVE_STEPS), async (db, options) =>
    present(await fetchMachine(db, initial.machine.id, options), "This machine is no longer there."),
  );

export const runFeed = (place: FeedPlace, initial: RunSnapshot): FeedSupervisor<RunSnapshot, LiveRun> =>
  supervised(place, initial, new RunPageFold(initial, LIVE_STEPS), async (db, options) =>
    present(await fetchRun(db, initial.run.id, options), "This run is no longer there."),
  );

export const workflowFeed = (
  place: FeedPlace,
  initial: WorkflowSnapshot,
): FeedSupervisor<WorkflowSnapshot, WorkflowSnapshot> =>
  supervised(place, initial, new WorkflowFold(initial), (db, options) => fetchWorkflow(db, options));

function supervised<Snapshot extends { serverTime: EpochMs }, Live>(
  { runtime, clock, client, transport }: FeedPlace,
  initial: Snapshot,
  fold: Fold<Snapshot, Live>,
  fetch: (client: Client, options: CallOptions) => Promise<Snapshot>,
): FeedSupervisor<Snapshot, Live> {
  const connect = (): FeedSource<Snapshot> => {
    const db = client();
    return {
      snapshot: (signal) => fetch(db, { signal }),
      steps: ({ runId, range }, signal) => fetchSteps(db, runId, range, { signal }),
      transport: transport(db),
    };
  };
  return new FeedSupervisor({ runtime, clock, fold, initial, connect });
}

function present<T>(answer: T | null, otherwise: string): T {
  if (answer === null)
    throw new ReadFault({ ok: false, status: 404, code: "gone", message: otherwise, hint: null });
  return answer;
}
