import { randomUUID } from "node:crypto";
import pg from "pg";
import { expect, vi } from "vitest";
import { loop, type Place, pulse, purge, TestBed } from "#executor/test-bed.ts";
import type { LiveMachine, MachineSnapshot } from "#lib/model/snapshot.ts";
import { fetchMachine } from "#lib/queries/fleet.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import type { ServerClient } from "#lib/supabase/call.ts";
import { type FeedChange, supabaseTransport } from "#lib/supabase/open-feed.ts";
import { startRun } from "#lib/supabase/send-command.ts";
import { epochMs } from "#lib/time.ts";
import { MachineFold } from "./fold/machine-fold.ts";
import type { Runtime } from "./runtime.ts";
import { ClockEstimate } from "./server-clock.ts";
import { FeedSupervisor } from "./supervisor.ts";
import { openWire, type Wire } from "./test-wire.ts";

// For stack tests: a machine with a controller, and a person's page of it behind a line that can break.

export const realRuntime: Runtime = {
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

/** The longest a controller may ask for; no test takes that long. */
const LEASE_MS = 60_000;

export class StackBed {
  readonly bed: TestBed;
  readonly wire: Wire;
  readonly client: ServerClient;
  readonly feed: FeedSupervisor<MachineSnapshot, LiveMachine>;
  /** Changes for which this says no are lost on the way. */
  arrives: (change: FeedChange) => boolean = () => true;
  readonly #fence: number;
  readonly #dbUrl: string;
  #own: pg.Client | null = null;

  private constructor(
    bed: TestBed,
    wire: Wire,
    client: ServerClient,
    fence: number,
    initial: MachineSnapshot,
  ) {
    this.#dbUrl = bed.place.dbUrl;
    this.bed = bed;
    this.wire = wire;
    this.client = client;
    this.#fence = fence;
    this.feed = this.#machineFeed(initial);
  }

  /** `connect` makes the person's client, not signed in yet, to the given address. */
  static async open(place: Place, connect: (url: string) => ServerClient): Promise<StackBed> {
    const bed = await TestBed.open(place);
    const wire = await openWire(place.apiUrl);
    const client = connect(wire.url);
    const { error } = await client.auth.signInWithPassword(bed.operatorLogin);
    if (error) throw error;
    const claimed = await bed.db.query(
      "select claim_machine($1, 'feed test', 'simulated', true, $2) as answer",
      [bed.machine.id, LEASE_MS],
    );
    expect(claimed.rows[0].answer).toMatchObject({ ok: true });
    const initial = await fetchMachine(client, bed.machine.id);
    if (initial === null) throw new Error("the machine is not there");
    return new StackBed(bed, wire, client, claimed.rows[0].answer.fence_token, initial);
  }

  async close(): Promise<void> {
    this.feed.stop();
    await this.client.removeAllChannels();
    await this.wire.close();
    await this.#own?.end();
    await this.bed.close();
  }

  #machineFeed(initial: MachineSnapshot): FeedSupervisor<MachineSnapshot, LiveMachine> {
    const { client } = this;
    return new FeedSupervisor({
      runtime: realRuntime,
      clock: new ClockEstimate(realRuntime, initial.serverTime),
      fold: new MachineFold(initial, 240),
      initial,
      connect: () => {
        const transport = supabaseTransport(client);
        return {
          snapshot: (signal) => this.snapshot(signal),
          steps: ({ runId, range }, signal) => fetchSteps(client, runId, range, { signal }),
          transport: {
            ...transport,
            open: (scope, listener) =>
              transport.open(scope, {
                ...listener,
                change: (change) => this.arrives(change) && listener.change(change),
              }),
          },
        };
      },
    });
  }

  /** The controller is alive; it is to be heard of again within six seconds. */
  async beat(): Promise<void> {
    await this.db.query("select renew_lease($1, $2, 6000)", [this.bed.machine.id, this.#fence]);
  }

  /** To be called while Postgres restarts: the test's own connection breaks and is made anew. */
  async reconnect(): Promise<void> {
    const ended = new Promise((resolve) => this.db.on("error", resolve).once("end", resolve));
    await ended;
    await vi.waitFor(async () => {
      const db = new pg.Client({ connectionString: this.#dbUrl });
      await db.connect();
      this.#own = db;
    }, 20_000);
  }

  get db(): pg.Client {
    return this.#own ?? this.bed.db;
  }

  async snapshot(signal?: AbortSignal): Promise<MachineSnapshot> {
    const found = await fetchMachine(this.client, this.bed.machine.id, { signal });
    if (found === null) throw new Error("the machine is not there");
    return found;
  }

  /** Resolves when what the page would see fits. */
  until(fits: (live: LiveMachine, state: string) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`still ${JSON.stringify({ ...this.status, seqs: this.seqs })}`)),
        20_000,
      );
      const look = (): void => {
        const { data, feed: status } = this.feed.store.getSnapshot();
        if (!fits(data, status.state)) return;
        clearTimeout(late);
        stop();
        resolve();
      };
      const stop = this.feed.store.subscribe(look);
      look();
    });
  }

  get data(): LiveMachine {
    return this.feed.store.getSnapshot().data;
  }
  get status() {
    return this.feed.store.getSnapshot().feed;
  }
  get seqs(): number[] {
    return this.data.steps.map((step) => step.seq);
  }

  async live(): Promise<void> {
    this.feed.start();
    await this.until((_, state) => state === "live");
  }

  async startedRun(): Promise<string> {
    const recipeId = await this.bed.recipe([loop(50, pulse(1), purge(100))]);
    const { machine } = await this.snapshot();
    const started = await startRun(this.client, {
      commandId: randomUUID(),
      machineId: machine.id,
      recipeId,
      expectedVersion: machine.version,
      expectedProgram: null,
      description: null,
      parameters: {},
    });
    expect(started).toMatchObject({ ok: true, command: { kind: "start" } });
    return started.ok ? (started.runId ?? "") : "";
  }

  /** The controller reports steps `from`..`to`, each in a call of its own. */
  async report(runId: string, from: number, to: number): Promise<void> {
    for (let seq = from; seq <= to; seq += 1) {
      const steps = seq === 1 ? [step(1)] : [{ ...step(seq - 1), measured_ms: 100.5 }, step(seq)];
      const { rows } = await this.db.query("select record_step($1, $2, $3) as answer", [
        runId,
        this.#fence,
        JSON.stringify(steps),
      ]);
      expect(rows[0].answer).toMatchObject({ ok: true, last_seq: seq });
    }
  }

  /** The controller ends the run. The function asks for its isolation level, which a direct connection sets itself. */
  async end(runId: string): Promise<void> {
    await this.db.query("begin isolation level repeatable read");
    await this.db.query("select end_process($1, $2, 'aborted')", [runId, this.#fence]);
    await this.db.query("commit");
  }

  /** What the page shows comes to equal what the database holds: messages of one commit arrive one by one. */
  async expectTruth(runId: string): Promise<void> {
    await vi.waitFor(async () => {
      const truth = await this.snapshot();
      const { data } = this;
      expect(data.run?.id).toBe(runId);
      expect(data.steps).toEqual(truth.steps);
      expect(data.run).toEqual(truth.run);
      expect(data.machine).toEqual(truth.machine);
      expect(data.runState).toEqual(truth.runState);
    }, 5_000);
  }
}

const step = (seq: number) => ({
  seq,
  step_type: seq % 2 === 1 ? "valve" : "purge",
  step_name: seq % 2 === 1 ? "Pulse 1" : "Purge",
  loop_path: [Math.ceil(seq / 2)],
  cycle: Math.ceil(seq / 2),
  planned_ms: 100,
  device_started_at: new Date(Date.UTC(2026, 0, 1) + seq * 100).toISOString(),
  parameters: seq % 2 === 1 ? { valve_number: 1 } : {},
});
