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
import { browserClient } from "#lib/supabase/browser-client.ts";
import type { CallOptions, Client } from "#lib/supabase/call.ts";
import type { PublicConfig } from "#lib/supabase/config.ts";
import { supabaseTransport } from "#lib/supabase/open-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import { FleetFold } from "./fold/fleet-fold.ts";
import type { Fold } from "./fold/fold.ts";
import { MachineFold } from "./fold/machine-fold.ts";
import { RunPageFold } from "./fold/run-page-fold.ts";
import { WorkflowFold } from "./fold/workflow-fold.ts";
import type { Runtime } from "./runtime.ts";
import { type FeedSource, FeedSupervisor } from "./supervisor.ts";

/** The feeds, each one fold on one kind of snapshot. Making one touches nothing; `start` connects it. */
export const fleetFeed = (
  runtime: Runtime,
  client: () => Client,
  initial: FleetSnapshot,
): FeedSupervisor<FleetSnapshot, LiveFleet> =>
  supervised(runtime, client, initial, new FleetFold(initial), (db, options) => fetchFleet(db, options));

export const machineFeed = (
  runtime: Runtime,
  client: () => Client,
  initial: MachineSnapshot,
): FeedSupervisor<MachineSnapshot, LiveMachine> =>
  supervised(runtime, client, initial, new MachineFold(initial, LIVE_STEPS), async (db, options) =>
    present(await fetchMachine(db, initial.machine.id, options), "This machine is no longer there."),
  );

export const runFeed = (
  runtime: Runtime,
  client: () => Client,
  initial: RunSnapshot,
): FeedSupervisor<RunSnapshot, LiveRun> =>
  supervised(runtime, client, initial, new RunPageFold(initial, LIVE_STEPS), async (db, options) =>
    present(await fetchRun(db, initial.run.id, options), "This run is no longer there."),
  );

export const workflowFeed = (
  runtime: Runtime,
  client: () => Client,
  initial: WorkflowSnapshot,
): FeedSupervisor<WorkflowSnapshot, WorkflowSnapshot> =>
  supervised(runtime, client, initial, new WorkflowFold(initial), (db, options) =>
    fetchWorkflow(db, options),
  );

export const clientOf = (config: PublicConfig) => (): Client => browserClient(config);

function supervised<Snapshot extends { serverTime: EpochMs }, Live>(
  runtime: Runtime,
  client: () => Client,
  initial: Snapshot,
  fold: Fold<Snapshot, Live>,
  fetch: (client: Client, options: CallOptions) => Promise<Snapshot>,
): FeedSupervisor<Snapshot, Live> {
  const connect = (): FeedSource<Snapshot> => {
    const db = client();
    return {
      snapshot: (signal) => fetch(db, { signal }),
      steps: ({ runId, range }, signal) => fetchSteps(db, runId, range, { signal }),
      transport: supabaseTransport(db),
    };
  };
  return new FeedSupervisor({ runtime, fold, serverTime: initial.serverTime, connect });
}

function present<T>(answer: T | null, otherwise: string): T {
  if (answer === null) throw new Error(otherwise);
  return answer;
}
