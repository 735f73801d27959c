import { afterEach, beforeEach, expect, test } from "vitest";
import { SAMPLE_START, sampleOpenStep, sampleRun, sampleStep } from "#lib/model/samples.ts";
import type { LiveRun, RunSnapshot } from "#lib/model/snapshot.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { ReadFault } from "#lib/supabase/call.ts";
import { machineRow } from "#lib/supabase/rows/machine.ts";
import { machineSample, runSample, stepSample } from "#lib/supabase/rows/sample-rows.ts";
import { type EpochMs, later } from "#lib/time.ts";
import { RunPageFold } from "./fold/run-page-fold.ts";
import type { Gap } from "./gap-healer.ts";
import { ManualRuntime, ScriptedTransport, settle } from "./scripted-world.ts";
import { ClockEstimate } from "./server-clock.ts";
import { FeedSupervisor } from "./supervisor.ts";

/** The database of these tests: `last` steps, the last of them open; read by the feed through `answer`. */
let runtime: ManualRuntime;
let transport: ScriptedTransport;
let feed: FeedSupervisor<RunSnapshot, LiveRun>;
let last: number;
let reads: number;
let fetched: Gap[];
let answer: (snapshot: RunSnapshot, signal: AbortSignal) => Promise<RunSnapshot>;
let serverAhead: number;

const stepsTo = (seq: number, from = 1): StepExecution[] =>
  Array.from({ length: Math.max(0, seq - from + 1) }, (_, i) => from + i).map((each) =>
    each < seq ? sampleStep({ seq: each }) : sampleOpenStep({ seq: each }),
  );

const serverTime = (): EpochMs => later(runtime.now(), serverAhead);

const snapshot = (): RunSnapshot => ({
  serverTime: serverTime(),
  run: sampleRun({ lastSeq: last, program: null }),
  machine: machineRow(machineSample()),
  state: null,
  lease: null,
  runState: null,
  steps: stepsTo(last),
  commands: [],
  operatorName: null,
  totals: { steps: last, deviations: 0, firstDeviceStartedAt: null, lastDeviceEndedAt: null },
});

beforeEach(() => {
  runtime = new ManualRuntime(SAMPLE_START);
  transport = new ScriptedTransport();
  last = 3;
  reads = 0;
  fetched = [];
  serverAhead = 0;
  answer = async (whole) => whole;
  feed = new FeedSupervisor({
    runtime,
    clock: new ClockEstimate(runtime, serverTime()),
    fold: new RunPageFold(snapshot(), 240),
    initial: snapshot(),
    connect: () => ({
      transport,
      snapshot: (signal) => {
        reads += 1;
        return answer(snapshot(), signal);
      },
      steps: async (gap) => {
        fetched.push(gap);
        return stepsTo(last).filter((step) => step.seq >= gap.range.from && step.seq <= gap.range.to);
      },
    }),
  });
});

afterEach(() => {
  feed.stop();
  expect({ timers: runtime.pendingTimers, watchers: runtime.watchers, open: transport.openChannels }).toEqual(
    {
      timers: 0,
      watchers: 0,
      open: [],
    },
  );
});

/** What a page sees after the next frame. */
function seen() {
  runtime.paint();
  return feed.store.getSnapshot();
}
const state = () => seen().feed.state;
const seqs = () => seen().data.steps.map((step) => step.seq);

async function live(): Promise<void> {
  feed.start();
  await settle();
  transport.latest.accept();
  await settle();
  expect(state()).toBe("live");
}

/** The database takes one step, of which the feed hears only what the test sends. */
function commitStep(): { opened: StepExecution; closed: StepExecution } {
  last += 1;
  return { opened: sampleOpenStep({ seq: last }), closed: sampleStep({ seq: last - 1 }) };
}
const sendStep = (step: StepExecution) =>
  transport.latest.send({ table: "step_execution_history", row: stepSample(step) });

test("goes through every stage and is live only after the confirmation and a whole read", async () => {
  const states = [state()];
  let finish: (value: RunSnapshot) => void = () => undefined;
  answer = (whole) =>
    new Promise((resolve) => {
      finish = () => resolve(whole);
    });
  feed.start();
  states.push(state());
  await settle();
  states.push(state());
  transport.latest.listener.subscribed();
  states.push(state());
  transport.latest.listener.system(true, "");
  states.push(state());
  finish(snapshot());
  await settle();
  states.push(state());
  expect(states).toEqual(["connecting", "connecting", "joining", "confirming", "syncing", "live"]);
  expect(reads).toBe(1);
  expect(seen().feed).toMatchObject({ reason: null, gapsHealed: 0, lastCatchUpAt: SAMPLE_START });
});

test("before it starts it shows what the server rendered and touches nothing", () => {
  expect(seqs()).toEqual([1, 2, 3]);
  expect(transport.authorisations).toEqual([]);
});

test("changes are applied as they come, and told once per frame", async () => {
  await live();
  let told = 0;
  feed.store.subscribe(() => {
    told += 1;
  });
  const before = feed.store.getSnapshot();
  for (let i = 0; i < 50; i += 1) {
    const { opened, closed } = commitStep();
    sendStep(closed);
    sendStep(opened);
  }
  expect(feed.store.getSnapshot()).toBe(before);
  runtime.paint();
  expect(told).toBe(1);
  expect(seqs()).toHaveLength(53);
  expect(seen().data.steps[0]).toBe(before.data.steps[0]);
  runtime.paint();
  expect(told).toBe(1);
});

test("a change that arrives before the snapshot is not lost, nor taken back by it", async () => {
  let finish: () => void = () => undefined;
  answer = (whole) =>
    new Promise((resolve) => {
      finish = () => resolve(whole);
    });
  feed.start();
  await settle();
  transport.latest.accept();
  const { opened, closed } = commitStep();
  sendStep(closed);
  sendStep(opened);
  expect(seqs()).toEqual([1, 2, 3, 4]);
  finish();
  await settle();
  expect(seqs()).toEqual([1, 2, 3, 4]);
  expect(state()).toBe("live");
});

test("a read that began before the confirmation does not make the feed live", async () => {
  const finishes: (() => void)[] = [];
  answer = (whole) =>
    new Promise((resolve) => {
      finishes.push(() => resolve(whole));
    });
  feed.start();
  await runtime.advance(2_000);
  expect(reads).toBe(1);
  transport.latest.accept();
  finishes[0]?.();
  await settle();
  expect(state()).toBe("syncing");
  expect(reads).toBe(2);
  finishes[1]?.();
  await settle();
  expect(state()).toBe("live");
});

test("a lost change is fetched by its number after 300 ms, once", async () => {
  await live();
  commitStep();
  const { opened, closed } = commitStep();
  sendStep(closed);
  sendStep(opened);
  expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  await runtime.advance(299);
  expect(fetched).toEqual([]);
  await runtime.advance(1);
  // Step 3 was closed and step 4 opened by the message that was lost.
  expect(fetched.map((gap) => gap.range)).toEqual([{ from: 3, to: 5 }]);
  expect(
    seen()
      .data.steps.filter((step) => step.endedAt === null)
      .map((step) => step.seq),
  ).toEqual([5]);
  expect(seen().feed.gapsHealed).toBe(1);
  expect(reads).toBe(1);
});

test("a message that is only late heals its gap by itself", async () => {
  await live();
  const first = commitStep();
  const second = commitStep();
  sendStep(second.opened);
  expect(seqs()).toEqual([1, 2, 3]);
  await runtime.advance(200);
  sendStep(first.closed);
  sendStep(second.closed);
  expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  await runtime.advance(1_000);
  expect(fetched).toEqual([]);
  expect(seen().feed.gapsHealed).toBe(0);
});

test("a lost tail is noticed by the run row's own count", async () => {
  await live();
  commitStep();
  const row = runSample({ last_seq: last, updated_at: "2026-11-21T08:00:09+00:00" });
  transport.latest.send({ table: "process_executions", row });
  await runtime.advance(300);
  expect(seqs()).toEqual([1, 2, 3, 4]);
});

test("a gap that numbers do not fill is read whole once, and not asked for over and over", async () => {
  await live();
  sendStep(sampleOpenStep({ seq: 9 }));
  await runtime.advance(5_000);
  expect(fetched).toHaveLength(1);
  expect(reads).toBe(2);
  expect(seqs()).toEqual([1, 2, 3]);
});

test("a gap too large to fetch step by step is read whole", async () => {
  await live();
  last = 5_000;
  sendStep(sampleOpenStep({ seq: last }));
  await runtime.advance(300);
  expect(fetched).toEqual([]);
  expect(seqs()).toHaveLength(240);
  expect(seqs().at(-1)).toBe(5_000);
  expect(seen().feed.gapsHealed).toBe(0);
});

test("a row that cannot be read, or came cut, is read whole", async () => {
  await live();
  transport.latest.send({ table: "step_execution_history", row: { nonsense: true } });
  await settle();
  expect(reads).toBe(2);
  transport.latest.send({ table: "process_executions", row: {}, isTruncated: true });
  await runtime.advance(999);
  expect(reads).toBe(2);
  await runtime.advance(1);
  expect(reads).toBe(3);
  expect(state()).toBe("live");
});

test("reads every 10 s while live, and a silent loss is found by it", async () => {
  await live();
  commitStep();
  await runtime.advance(9_999);
  expect(reads).toBe(1);
  expect(seqs()).toEqual([1, 2, 3]);
  await runtime.advance(1);
  expect(reads).toBe(2);
  expect(seqs()).toEqual([1, 2, 3, 4]);
});

test("a lost channel is said at once; the page goes on by reading every 2 s", async () => {
  await live();
  transport.latest.listener.failed("socket closed");
  expect(seen().feed).toMatchObject({
    state: "degraded",
    trouble: "channel-lost",
    reason: "socket closed",
    lostAt: SAMPLE_START,
  });
  commitStep();
  await runtime.advance(2_000);
  expect(seqs()).toEqual([1, 2, 3, 4]);
  expect(state()).toBe("degraded");
});

test("after a reconnect the page is whole with one read and one frame, whatever was missed", async () => {
  await live();
  transport.latest.listener.failed("socket closed");
  last = 603;
  let told = 0;
  feed.store.subscribe(() => {
    told += 1;
  });
  runtime.paint();
  told = 0;
  await runtime.advance(500);
  transport.latest.accept();
  await settle();
  runtime.paint();
  expect(told).toBe(1);
  expect({ state: state(), reads, fetched, last: seqs().at(-1) }).toEqual({
    state: "live",
    reads: 2,
    fetched: [],
    last: 603,
  });
});

test("a later word of the server means: read again before calling it live", async () => {
  await live();
  let finish: () => void = () => undefined;
  answer = (whole) =>
    new Promise((resolve) => {
      finish = () => resolve(whole);
    });
  transport.latest.listener.system(true, "Subscribed to PostgreSQL");
  expect(state()).toBe("syncing");
  finish();
  await settle();
  expect(state()).toBe("live");
});

test("a closed channel is rebuilt by itself", async () => {
  await live();
  transport.latest.listener.closed();
  expect(seen().feed).toMatchObject({ state: "degraded", reason: "The server closed the channel." });
  await runtime.advance(500);
  expect(transport.channels).toHaveLength(2);
  transport.latest.accept();
  await settle();
  expect(state()).toBe("live");
});

test("Realtime down all day: degraded, true, and never an error", async () => {
  feed.start();
  await runtime.advance(3_600_000);
  expect(state()).toBe("degraded");
  commitStep();
  await runtime.advance(2_000);
  expect(seqs()).toEqual([1, 2, 3, 4]);
  expect(reads).toBeGreaterThan(1_700);
  expect(transport.channels.length).toBeLessThan(200);
});

test("a first connection longer than 5 s is called degraded", async () => {
  feed.start();
  await runtime.advance(4_999);
  expect(state()).toBe("joining");
  await runtime.advance(1);
  expect(seen().feed).toMatchObject({ state: "degraded", reason: "The live connection is taking long." });
});

test("neither channel nor reading: offline, with the reason, and the data stay", async () => {
  await live();
  answer = () => Promise.reject(new Error("Could not read the run: the server was not reached."));
  transport.latest.listener.failed("socket closed");
  await runtime.advance(2_000);
  expect(seen().feed).toMatchObject({
    state: "offline",
    trouble: "server-silent",
    reason: "Could not read the run: the server was not reached.",
  });
  expect(seqs()).toEqual([1, 2, 3]);
  answer = async (whole) => whole;
  await runtime.advance(2_000);
  expect(state()).toBe("degraded");
});

test("a failed read under a healthy channel is degraded, tried again, and then live", async () => {
  feed.start();
  await settle();
  answer = () => Promise.reject(new Error("Could not read the run: no answer within 8 s."));
  transport.latest.accept();
  await settle();
  expect(seen().feed).toMatchObject({
    state: "degraded",
    reason: "Could not read the run: no answer within 8 s.",
  });
  answer = async (whole) => whole;
  await runtime.advance(2_000);
  expect(state()).toBe("live");
});

test("one read at a time: what is asked meanwhile is one more read", async () => {
  const finishes: (() => void)[] = [];
  answer = (whole) =>
    new Promise((resolve) => {
      finishes.push(() => resolve(whole));
    });
  feed.start();
  await settle();
  transport.latest.accept();
  for (let i = 0; i < 5; i += 1) transport.latest.listener.system(true, "");
  expect(reads).toBe(1);
  finishes[0]?.();
  await settle();
  expect(reads).toBe(2);
  finishes[1]?.();
  await settle();
  expect({ reads, state: state() }).toEqual({ reads: 2, state: "live" });
});

test("a hidden page does not read; shown soon, it reads at once on the same channel", async () => {
  await live();
  runtime.happen("hidden");
  await runtime.advance(20_000);
  expect(reads).toBe(1);
  runtime.happen("shown");
  await settle();
  expect({ reads, channels: transport.channels.length, state: state() }).toEqual({
    reads: 2,
    channels: 1,
    state: "live",
  });
});

test.each([
  [
    "shown after two hours",
    async () => {
      runtime.happen("hidden");
      await runtime.advance(7_200_000);
      runtime.happen("shown");
    },
  ],
  [
    "resumed from sleep",
    async () => {
      runtime.happen("resumed");
    },
  ],
  [
    "online again",
    async () => {
      runtime.happen("offline");
      runtime.happen("online");
    },
  ],
])("%s: a fresh token, a new channel and a read, before it is live", async (_, happen) => {
  await live();
  const old = transport.latest;
  await happen();
  expect(state()).not.toBe("live");
  await settle();
  expect(old.isClosed).toBe(true);
  expect(transport.resets).toBe(1);
  expect(transport.authorisations).toHaveLength(2);
  transport.latest.accept();
  await settle();
  expect(state()).toBe("live");
});

test("a read that hangs on a dead connection does not delay the wake", async () => {
  await live();
  let isDropped = false;
  answer = (_whole, signal) =>
    new Promise(() => {
      signal.addEventListener("abort", () => {
        isDropped = true;
      });
    });
  await runtime.advance(10_000);
  expect(reads).toBe(2);
  answer = async (whole) => whole;
  runtime.happen("resumed");
  await settle();
  expect({ isDropped, reads }).toEqual({ isDropped: true, reads: 3 });
});

test("the late answer of a read that was given up counts for nothing", async () => {
  await live();
  let fail: (fault: Error) => void = () => undefined;
  answer = () =>
    new Promise((_, reject) => {
      fail = reject;
    });
  await runtime.advance(10_000);
  answer = async (whole) => whole;
  runtime.happen("resumed");
  await settle();
  transport.latest.accept();
  await settle();
  fail(new Error("connection reset"));
  await settle();
  expect(seen().feed).toMatchObject({ state: "live", reason: null });
  transport.latest.listener.failed("socket closed");
  expect(seen().feed.reason).toBe("socket closed");
});

test("a read that fails casts doubt on a live feed: it is not called live until one succeeds", async () => {
  await live();
  answer = () => Promise.reject(new Error("Could not read the run: no answer within 8 s."));
  await runtime.advance(10_000);
  expect(seen().feed).toMatchObject({
    state: "degraded",
    reason: "Could not read the run: no answer within 8 s.",
  });
  answer = async (whole) => whole;
  await runtime.advance(2_000);
  expect(seen().feed).toMatchObject({ state: "live", reason: null });
});

test("coming back that takes longer than 5 s is called degraded, as the first coming up is", async () => {
  await live();
  transport.authorised = new Promise(() => undefined);
  runtime.happen("resumed");
  await runtime.advance(4_999);
  expect(state()).toBe("connecting");
  await runtime.advance(1);
  expect(seen().feed).toMatchObject({ state: "degraded", reason: "The live connection is taking long." });
});

test("a gap that cannot be filled is asked for once, however many steps come behind it", async () => {
  await live();
  for (let seq = 10; seq < 60; seq += 1) {
    sendStep(sampleOpenStep({ seq }));
    await runtime.advance(300);
  }
  expect(fetched.map((gap) => gap.range)).toEqual([{ from: 4, to: 10 }]);
});

test("messages that ask for a whole read all at once are answered by one in a second", async () => {
  await live();
  for (let i = 0; i < 200; i += 1) {
    transport.latest.send({ table: "process_executions", row: {}, isTruncated: true });
    await runtime.advance(50);
  }
  expect(reads).toBeGreaterThanOrEqual(11);
  expect(reads).toBeLessThanOrEqual(13);
});

test("a computer without a network that still reaches its server is not called offline", async () => {
  await live();
  runtime.happen("offline");
  expect(state()).toBe("offline");
  await runtime.advance(2_000);
  expect(state()).toBe("live");
});

test("signed out and shown again, it asks for the session before it reads anything", async () => {
  await live();
  transport.signOut();
  transport.authorised = "signed-out";
  runtime.happen("hidden");
  await runtime.advance(60_000);
  runtime.happen("shown");
  await settle();
  expect({ reads, state: state() }).toEqual({ reads: 1, state: "offline" });
  transport.authorised = "ok";
  runtime.happen("resumed");
  await settle();
  transport.latest.accept();
  await settle();
  expect(state()).toBe("live");
});

test("without a network the page says so at once", async () => {
  await live();
  runtime.happen("offline");
  expect(seen().feed).toMatchObject({ state: "offline", trouble: "computer-offline" });
});

test("signing out, here or in another tab, ends the feed and its reading", async () => {
  await live();
  transport.signOut();
  expect(seen().feed).toMatchObject({ state: "offline", trouble: "signed-out" });
  expect(transport.openChannels).toEqual([]);
  await runtime.advance(60_000);
  expect(reads).toBe(1);
});

test("a session that is gone is found by the channel too", async () => {
  transport.authorised = "signed-out";
  feed.start();
  await settle();
  expect(seen().feed.trouble).toBe("signed-out");
});

test("the server's clock is estimated from the read with the shortest round trip", async () => {
  serverAhead = 600_000;
  answer = async (whole) => {
    await runtime.advance(40);
    return { ...whole, serverTime: later(whole.serverTime, 20) };
  };
  await live();
  expect(seen().feed.clockOffsetMs).toBe(600_000);
  expect(seen().clock.now()).toBe(runtime.now() + 600_000);
  answer = async (whole) => {
    await runtime.advance(4_000);
    return whole;
  };
  await runtime.advance(20_000);
  expect(seen().feed.clockOffsetMs).toBe(600_000);
});

test("stopped, it keeps what it shows; started again, it is live as before", async () => {
  await live();
  feed.stop();
  commitStep();
  expect(seqs()).toEqual([1, 2, 3]);
  await live();
  expect(seqs()).toEqual([1, 2, 3, 4]);
});

test("a page rendered anew brings its snapshot in", async () => {
  await live();
  commitStep();
  feed.offer(snapshot());
  expect(seqs()).toEqual([1, 2, 3, 4]);
});

test("starting twice is starting once", async () => {
  feed.start();
  await live();
  expect(transport.channels).toHaveLength(1);
});

test("how long it has been lost is counted through everything it tries, and ends with live", async () => {
  await live();
  expect(seen().feed.lostAt).toBeNull();
  transport.latest.listener.failed("socket closed");
  const { lostAt } = seen().feed;
  answer = () => Promise.reject(new Error("connection reset"));
  await runtime.advance(4_000);
  expect(seen().feed).toMatchObject({ state: "offline", lostAt });
  answer = async (whole) => whole;
  await runtime.advance(2_000);
  expect(seen().feed).toMatchObject({ state: "degraded", lostAt });
  transport.latest.accept();
  await settle();
  expect(seen().feed).toMatchObject({ state: "live", lostAt: null, trouble: null, reason: null });
});

test("a refusal is told apart from a server that does not answer", async () => {
  await live();
  const gone = { ok: false, status: 404, code: "gone", message: "This run is no longer there.", hint: null };
  answer = () => Promise.reject(new ReadFault({ ...gone, ok: false }));
  transport.latest.listener.failed("socket closed");
  await runtime.advance(2_000);
  expect(seen().feed).toMatchObject({ trouble: "read-refused", reason: "This run is no longer there." });
});

test("a page that was read anew is as young as that", async () => {
  feed.start();
  await runtime.advance(4_000);
  answer = () => Promise.reject(new Error("connection reset"));
  await runtime.advance(2_000);
  feed.offer(snapshot());
  expect(seen().feed.lastCatchUpAt).toBe(later(SAMPLE_START, 6_000));
});
