import { randomUUID } from "node:crypto";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";
import type { LiveMachine, MachineSnapshot } from "#lib/model/snapshot.ts";
import { fetchFleet, fetchMachine } from "#lib/queries/fleet.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { type FeedChange, supabaseTransport } from "#lib/supabase/open-feed.ts";
import { requestStop, startRun } from "#lib/supabase/send-command.ts";
import { epochMs } from "#lib/time.ts";
import { fleetFeed } from "./feeds.ts";
import { MachineFold } from "./fold/machine-fold.ts";
import type { Runtime } from "./runtime.ts";
import { ClockEstimate } from "./server-clock.ts";
import { FeedSupervisor } from "./supervisor.ts";

// The feed against the real embedded stack: unmodified client library, real rows, real row security.

const runtime: Runtime = {
  now: () => epochMs(performance.timeOrigin + performance.now()),
  wall: () => epochMs(Date.now()),
  random: () => 0,
  after: (delay, run) => {
    const timer = setTimeout(run, delay);
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

/** The longest a controller may ask for; no test here takes that long. */
const LEASE_MS = 60_000;

let bed: TestBed;
let client: SupabaseClient;
let network: Network;
let fence: number;
/** Changes for which this says no are lost on the way. */
let arrives: (change: FeedChange) => boolean;
let feed: FeedSupervisor<MachineSnapshot, LiveMachine>;

beforeEach(async () => {
  bed = await TestBed.open(inject("stack"));
  network = await openNetwork(inject("stack").apiUrl);
  client = createClient(network.url, inject("stack").publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const { error } = await client.auth.signInWithPassword(bed.operatorLogin);
  if (error) throw error;
  const claimed = await bed.db.query(
    "select claim_machine($1, 'feed test', 'simulated', true, $2) as answer",
    [bed.machine.id, LEASE_MS],
  );
  expect(claimed.rows[0].answer).toMatchObject({ ok: true });
  fence = claimed.rows[0].answer.fence_token;
  arrives = () => true;
  feed = await machineFeed();
});

afterEach(async () => {
  feed.stop();
  await client.removeAllChannels();
  await network.close();
  await bed.close();
});

async function machineFeed(): Promise<FeedSupervisor<MachineSnapshot, LiveMachine>> {
  const initial = await snapshot();
  return new FeedSupervisor({
    runtime,
    clock: new ClockEstimate(runtime, initial.serverTime),
    fold: new MachineFold(initial, 240),
    initial,
    connect: () => {
      const transport = supabaseTransport(client);
      return {
        snapshot,
        steps: ({ runId, range }, signal) => fetchSteps(client, runId, range, { signal }),
        transport: {
          ...transport,
          open: (scope, listener) =>
            transport.open(scope, {
              ...listener,
              change: (change) => arrives(change) && listener.change(change),
            }),
        },
      };
    },
  });
}

async function snapshot(signal?: AbortSignal): Promise<MachineSnapshot> {
  const found = await fetchMachine(client, bed.machine.id, { signal });
  if (found === null) throw new Error("the machine is not there");
  return found;
}

/** Resolves when what the page would see fits. */
function until(fits: (live: LiveMachine, state: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`still ${JSON.stringify(seen())}`)), 20_000);
    const look = (): void => {
      const { data, feed: status } = feed.store.getSnapshot();
      if (!fits(data, status.state)) return;
      clearTimeout(late);
      stop();
      resolve();
    };
    const stop = feed.store.subscribe(look);
    look();
  });
}

function seen() {
  const { data, feed: status } = feed.store.getSnapshot();
  return { ...status, run: data.run?.status, seqs: data.steps.map((step) => step.seq) };
}

async function live(): Promise<void> {
  feed.start();
  await until((_, state) => state === "live");
}

async function startedRun(): Promise<string> {
  const recipeId = await bed.recipe([loop(50, pulse(1), purge(100))]);
  const { machine } = await snapshot();
  const started = await startRun(client, {
    commandId: randomUUID(),
    machineId: machine.id,
    recipeId,
    expectedVersion: machine.version,
    description: null,
    parameters: {},
  });
  expect(started).toMatchObject({ ok: true, command: { kind: "start" } });
  return started.ok ? (started.runId ?? "") : "";
}

/** The controller reports steps `from`..`to`, each in a call of its own. */
async function report(runId: string, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq += 1) {
    const step = (each: number) => ({
      seq: each,
      step_type: each % 2 === 1 ? "valve" : "purge",
      step_name: each % 2 === 1 ? "Pulse 1" : "Purge",
      loop_path: [Math.ceil(each / 2)],
      cycle: Math.ceil(each / 2),
      planned_ms: 100,
      device_started_at: new Date(Date.UTC(2026, 0, 1) + each * 100).toISOString(),
      parameters: each % 2 === 1 ? { valve_number: 1 } : {},
    });
    const steps = seq === 1 ? [step(1)] : [{ ...step(seq - 1), measured_ms: 100.5 }, step(seq)];
    const { rows } = await bed.db.query("select record_step($1, $2, $3) as answer", [
      runId,
      fence,
      JSON.stringify(steps),
    ]);
    expect(rows[0].answer).toMatchObject({ ok: true, last_seq: seq });
  }
}

/** What the page shows comes to equal what the database holds: messages of one commit arrive one by one. */
async function expectTruth(runId: string): Promise<void> {
  await vi.waitFor(async () => {
    const truth = await snapshot();
    const { data } = feed.store.getSnapshot();
    expect(data.run?.id).toBe(runId);
    expect(data.steps).toEqual(truth.steps);
    expect(data.run).toEqual(truth.run);
    expect(data.machine).toEqual(truth.machine);
    expect(data.runState).toEqual(truth.runState);
  }, 5_000);
}

test("a run started by a person is seen from its request to its steps, without a reload", async () => {
  await live();
  const runId = await startedRun();
  await until((data) => data.run?.id === runId && data.machine.status === "processing");
  expect(feed.store.getSnapshot().data.commands[0]).toMatchObject({ kind: "start", status: "requested" });
  await until((_, state) => state === "live");
  await report(runId, 1, 8);
  await until(
    (data) => data.steps.length === 8 && data.run?.lastSeq === 8 && data.runState?.overallStep === 8,
  );
  await expectTruth(runId);
  expect(feed.store.getSnapshot().data).toMatchObject({
    run: { status: "running", program: { totals: { steps: 100, cycles: 50 } } },
    commands: [{ kind: "start", status: "succeeded" }],
  });
  expect(feed.store.getSnapshot().feed.gapsHealed).toBe(0);
});

test("a stop is seen as asked for, by everybody, before the machine has done it", async () => {
  const runId = await startedRun();
  await report(runId, 1, 2);
  await live();
  const commandId = randomUUID();
  const sent = await requestStop(client, {
    commandId,
    machineId: bed.machine.id,
    runId,
    mode: "now",
    reason: null,
  });
  expect(sent).toMatchObject({ ok: true, command: { id: commandId, status: "requested" } });
  await until((data) => data.machine.status === "stopping" && data.commands[0]?.id === commandId);
  expect(feed.store.getSnapshot().data.run?.status).toBe("running");
  await end(runId);
  await until((data) => data.run?.status === "aborted" && data.machine.status === "idle");
  await until((data) => data.commands[0]?.status === "succeeded");
  await expectTruth(runId);
});

/** The function asks for its isolation level, which a direct connection sets itself. */
async function end(runId: string): Promise<void> {
  await bed.db.query("begin isolation level repeatable read");
  await bed.db.query("select end_process($1, $2, 'aborted')", [runId, fence]);
  await bed.db.query("commit");
}

test("lost changes are fetched by number", async () => {
  const runId = await startedRun();
  await report(runId, 1, 2);
  await live();
  arrives = ({ table, row }) =>
    table !== "step_execution_history" || ![3, 4].includes((row as { seq: number }).seq);
  await report(runId, 3, 6);
  await until((data) => data.steps.length === 6 && data.run?.lastSeq === 6);
  await until((data) => data.steps.slice(0, -1).every((step) => step.measuredMs === 100.5));
  expect(feed.store.getSnapshot().feed.gapsHealed).toBeGreaterThan(0);
  expect(feed.store.getSnapshot().feed.state).toBe("live");
  await expectTruth(runId);
});

test("a channel that closes is opened anew, and what was missed is there when it is live again", async () => {
  const runId = await startedRun();
  await report(runId, 1, 2);
  await live();
  arrives = () => false;
  await report(runId, 3, 5);
  const lost = until((_, state) => state === "degraded");
  await Promise.all([lost, client.removeAllChannels()]);
  arrives = () => true;
  await until((data, state) => state === "live" && data.steps.length === 5);
  await expectTruth(runId);
  await report(runId, 6, 6);
  await until((data) => data.steps.length === 6);
});

test("a cut connection is said, survived and made good", async () => {
  const runId = await startedRun();
  await report(runId, 1, 2);
  await live();
  network.cut();
  await until((_, state) => state !== "live");
  await report(runId, 3, 30);
  network.mend();
  await until((data, state) => state === "live" && data.steps.length === 30);
  await expectTruth(runId);
});

test("with the network gone the page says offline and keeps what it had", async () => {
  const runId = await startedRun();
  await report(runId, 1, 2);
  await live();
  network.cut();
  await until((_, state) => state === "offline");
  expect(feed.store.getSnapshot().data.steps).toHaveLength(2);
  expect(feed.store.getSnapshot().feed.reason).toBe(
    "Could not read the machine: the server was not reached.",
  );
});

test("without a session nothing is read, and the page says so", async () => {
  await client.auth.signOut({ scope: "local" });
  feed.start();
  await until((_, state) => state === "offline");
  expect(feed.store.getSnapshot().feed.reason).toBe("You are signed out. Sign in again.");
});

test("the fleet follows its machines", async () => {
  const initial = await fetchFleet(client);
  const clock = new ClockEstimate(runtime, initial.serverTime);
  const place = { runtime, clock, client: () => client, transport: supabaseTransport };
  const fleet = fleetFeed(place, initial);
  fleet.start();
  const own = () =>
    fleet.store.getSnapshot().data.machines.find((each) => each.machine.id === bed.machine.id);
  await vi.waitFor(() => expect(fleet.store.getSnapshot().feed.state).toBe("live"), 10_000);
  expect(own()).toMatchObject({ machine: { status: "idle" }, lease: { controller: "feed test" } });
  const runId = await startedRun();
  await vi.waitFor(
    () => expect(own()).toMatchObject({ machine: { status: "processing" }, run: { id: runId } }),
    10_000,
  );
  await report(runId, 1, 3);
  await vi.waitFor(() => expect(own()?.runState).toMatchObject({ overallStep: 3 }), 10_000);
  fleet.stop();
});

type Network = { url: string; cut(): void; mend(): void; close(): Promise<void> };

/** A wire to the stack that can be cut. */
async function openNetwork(apiUrl: string): Promise<Network> {
  const { hostname, port } = new URL(apiUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the wire has no port");
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    mend: () => {
      isCut = false;
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
