import { expect, vi } from "vitest";
import { SAMPLE_START, sampleOpenStep, sampleStep } from "#lib/model/samples.ts";
import type { LiveMachine, MachineSnapshot } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import type { FeedTable, FeedTransport } from "#lib/supabase/open-feed.ts";
import {
  leaseSample,
  machineSample,
  runSample,
  runStateSample,
  stepSample,
} from "#lib/supabase/rows/sample-rows.ts";
import { machineSnapshotRow } from "#lib/supabase/rows/snapshot.ts";
import { type EpochMs, epochMs, isoMoment, later } from "#lib/time.ts";
import { MachineFold } from "./fold/machine-fold.ts";
import type { Gap } from "./gap-healer.ts";
import type { Runtime, Surrounding } from "./runtime.ts";
import type { PhoenixServer } from "./scripted-phoenix.ts";
import { ClockEstimate } from "./server-clock.ts";
import { FeedSupervisor } from "./supervisor.ts";

// A page of one machine in a world whose every timer is the test's own (vi.useFakeTimers): the feed and the client
// library with all their waits run through hours in milliseconds. The line, the server and the database break on demand.

type Row = Record<string, unknown>;
type Told = { table: FeedTable; row: Row };

/** A browser whose page the test hides, puts to sleep and takes off the network. */
class ScriptedBrowser implements Runtime {
  readonly #watchers = new Set<(event: Surrounding) => void>();
  /** How far this computer's clock was wrong when the page was loaded. */
  skewMs = 0;
  /** How long a drawing takes. */
  frameMs = 16;
  isHiddenNow = false;
  isOnlineNow = true;
  readonly now = (): EpochMs => later(SAMPLE_START, performance.now() + this.skewMs);
  readonly wall = (): EpochMs => epochMs(Date.now());
  readonly random = (): number => 1;
  after(delay: number, run: () => void): () => void {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  }
  frame(run: () => void): () => void {
    return this.after(this.frameMs, run);
  }
  isHidden(): boolean {
    return this.isHiddenNow;
  }
  isOnline(): boolean {
    return this.isOnlineNow;
  }
  watch(listener: (event: Surrounding) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }
  happen(event: Surrounding): void {
    if (event === "hidden" || event === "shown") this.isHiddenNow = event === "hidden";
    if (event === "offline" || event === "online") this.isOnlineNow = event === "online";
    for (const watcher of [...this.#watchers]) watcher(event);
  }
}

/** One machine with a controller and a run of `last` steps, the last of them open. */
class ScriptedDatabase {
  last = 3;
  reads = 0;
  readonly fetched: Gap[] = [];
  /** How long an answer takes; null: it never comes, and the request is given up after 8 s. */
  delayMs: number | null = 20;
  /** Time that passed while the browser slept and its own clocks stood still. */
  sleptMs = 0;
  #revision = 1;
  #beats = 0;
  #answer: { key: string; snapshot: MachineSnapshot } = { key: "", snapshot: this.#snapshot() };

  now(): EpochMs {
    return later(SAMPLE_START, performance.now() + this.sleptMs);
  }

  steps(): StepExecution[] {
    const seqs = Array.from({ length: this.last }, (_, i) => i + 1);
    return seqs.map((seq) => (seq < this.last ? sampleStep({ seq }) : sampleOpenStep({ seq })));
  }

  /** Parsed once per change: a day of reading is 43 200 answers. */
  snapshot(): MachineSnapshot {
    const key = `${this.last} ${this.#revision} ${this.#beats}`;
    if (this.#answer.key !== key) this.#answer = { key, snapshot: this.#snapshot() };
    return { ...this.#answer.snapshot, serverTime: this.now() };
  }

  #snapshot(): MachineSnapshot {
    return machineSnapshotRow({
      server_time: isoMoment(this.now()),
      machine: machineSample(),
      state: null,
      lease: this.#lease(),
      run: this.#run(),
      run_state: this.#runState(),
      steps: this.steps().slice(-240).map(stepSample),
      commands: [],
      operator_name: null,
      may_command: true,
      recent_events: [],
    });
  }

  async read(): Promise<MachineSnapshot> {
    this.reads += 1;
    const answer = this.snapshot();
    await this.#travel();
    return answer;
  }

  async readSteps(gap: Gap): Promise<StepExecution[]> {
    this.fetched.push(gap);
    const answer = this.steps().filter(({ seq }) => seq >= gap.range.from && seq <= gap.range.to);
    await this.#travel();
    return answer;
  }

  /** The run takes `count` steps; answers with the messages, one after the other as they are committed. */
  commit(count = 1): Told[] {
    const told: Told[] = [];
    for (let i = 0; i < count; i += 1) {
      this.last += 1;
      this.#revision += 1;
      told.push(
        { table: "step_execution_history", row: stepSample(sampleStep({ seq: this.last - 1 })) },
        { table: "step_execution_history", row: stepSample(sampleOpenStep({ seq: this.last })) },
        { table: "process_execution_state", row: this.#runState() },
        { table: "process_executions", row: this.#run() },
      );
    }
    return told;
  }

  /** The controller renews its lease. */
  beat(): Told {
    this.#beats = performance.now() + this.sleptMs;
    return { table: "machine_leases", row: this.#lease() };
  }

  async #travel(): Promise<void> {
    const delayMs = this.delayMs;
    await new Promise((resolve) => setTimeout(resolve, delayMs ?? 8_000));
    if (delayMs === null) throw new Error("Could not read the machine: no answer within 8 s.");
  }

  #run(): Row {
    return runSample({ last_seq: this.last, updated_at: isoMoment(later(SAMPLE_START, this.last)) });
  }
  #runState(): Row {
    return runStateSample({ revision: this.#revision, current_overall_step: this.last });
  }
  #lease(): Row {
    return leaseSample({
      renewed_at: isoMoment(later(SAMPLE_START, this.#beats)),
      expires_at: isoMoment(later(SAMPLE_START, this.#beats + 6_000)),
    });
  }
}

/** As the browser's client has it. */
export const HEARTBEAT_MS = 8_000;

/** Every clock and timer is the test's from now on; the page's end gives them back. */
export const useScriptedTime = (): void => {
  vi.useFakeTimers({
    now: SAMPLE_START,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
};

const BEAT_MS = 2_000;
const LOOK_MS = 50;

/** The page, what it is connected to, and what it shows. */
export class FaultBed {
  readonly browser = new ScriptedBrowser();
  readonly db = new ScriptedDatabase();
  readonly server: PhoenixServer;
  readonly clock: ClockEstimate;
  readonly feed: FeedSupervisor<MachineSnapshot, LiveMachine>;
  /** Every number of steps the page has shown, in the order it did. */
  readonly shown: number[] = [];
  readonly states: string[] = [];
  #beating: ReturnType<typeof setInterval> | null = null;

  constructor(server: PhoenixServer, transport: () => FeedTransport) {
    this.server = server;
    const initial = this.db.snapshot();
    this.clock = new ClockEstimate(this.browser, initial.serverTime);
    this.feed = new FeedSupervisor({
      runtime: this.browser,
      clock: this.clock,
      fold: new MachineFold(initial, 240),
      initial,
      connect: () => ({
        transport: transport(),
        snapshot: () => this.db.read(),
        steps: (gap) => this.db.readSteps(gap),
      }),
    });
    this.feed.store.subscribe(() => {
      this.shown.push(this.seqs.at(-1) ?? 0);
      if (this.states.at(-1) !== this.state) this.states.push(this.state);
    });
  }

  get status() {
    return this.feed.store.getSnapshot().feed;
  }
  get state(): string {
    return this.status.state;
  }
  get seqs(): number[] {
    return this.feed.store.getSnapshot().data.steps.map((step) => step.seq);
  }

  /** What the page shows, and what a page drawn at this moment would show. */
  get picture() {
    const { machine, lease, run, runState, steps } = this.feed.store.getSnapshot().data;
    return { machine, lease, run, runState, steps };
  }
  get truth() {
    const { machine, lease, run, runState, steps } = this.db.snapshot();
    return { machine, lease, run, runState, steps };
  }

  /** The controller is alive and heard of every two seconds. */
  beat(): void {
    this.#beating = setInterval(() => this.tell([this.db.beat()]), BEAT_MS);
  }

  tell(told: readonly Told[]): void {
    for (const { table, row } of told) this.server.change(table, row);
  }

  /** Steps are taken and told. */
  commit(count = 1): void {
    this.tell(this.db.commit(count));
  }

  /** No packet gets through in either direction. */
  set lineIsDead(isDead: boolean) {
    this.server.isBlackHole = isDead;
    this.db.delayMs = isDead ? null : 20;
  }

  /** Nothing runs for that long, the steady clock stands still, and the server has given up the connection meanwhile. */
  sleep(ms: number): void {
    vi.setSystemTime(Date.now() + ms);
    this.db.sleptMs += ms;
    this.server.forgetSockets();
  }

  pass(ms: number): Promise<unknown> {
    return vi.advanceTimersByTimeAsync(ms);
  }

  /** Lets time go by until the page says so; answers with how long. Fails when it does not within `limitMs`. */
  async until(fits: () => boolean, limitMs: number): Promise<number> {
    // What happened just now is seen with the next frame.
    for (let ms = LOOK_MS; ms <= limitMs; ms += LOOK_MS) {
      await this.pass(LOOK_MS);
      if (fits()) return ms;
    }
    throw new Error(`not within ${limitMs} ms: ${JSON.stringify({ ...this.status, seqs: this.seqs })}`);
  }

  async live(): Promise<void> {
    this.feed.start();
    await this.until(() => this.state === "live", 2_000);
  }

  /** Ends the page: nothing of it may be left on the server a minute later. */
  async end(): Promise<void> {
    this.feed.stop();
    if (this.#beating !== null) clearInterval(this.#beating);
    await this.pass(60_000);
    const left = { channels: this.server.channels.length, sockets: this.server.sockets };
    vi.useRealTimers();
    expect(left).toEqual({ channels: 0, sockets: 0 });
  }
}
