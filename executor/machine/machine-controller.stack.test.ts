import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";

let bed: TestBed;
const endings: (() => Promise<void>)[] = [];

beforeEach(async () => {
  bed = await TestBed.open(inject("stack"));
});
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
  expect(await bed.violations()).toEqual([]);
  await bed.close();
});

async function serve(options: Parameters<TestBed["serve"]>[0] = {}) {
  const served = await bed.serve(options);
  let isEnded = false;
  const shutdown = async () => {
    if (!isEnded) await served.shutdown();
    isEnded = true;
  };
  endings.push(shutdown);
  return { ...served, shutdown };
}

const until = <Answer>(look: () => Promise<Answer>, timeout = 15_000) =>
  vi.waitFor(look, { timeout, interval: 50 });
const untilStatus = (runId: string, status: string) =>
  until(async () => expect((await bed.run(runId)).status).toBe(status));
const untilSeq = (runId: string, seq: number) =>
  until(async () => expect((await bed.run(runId)).last_seq).toBeGreaterThanOrEqual(seq));
const commandStatuses = async (runId: string) =>
  (
    await bed.db.query("select kind, status from machine_commands where run_id = $1 order by requested_at", [
      runId,
    ])
  ).rows;

test("a whole run is recorded exactly: order, loops, cycles, durations, telemetry", async () => {
  await serve();
  const runId = await bed.start([purge(200), loop(2, loop(3, pulse(1), purge(400)), purge(300)), pulse(2)], {
    speed: 20,
  });
  await untilStatus(runId, "completed");
  const steps = await bed.steps(runId);
  expect(steps.map(({ seq, step_name, loop_path, cycle }) => [seq, step_name, loop_path, cycle])).toEqual([
    [1, "Purge", [], null],
    ...[1, 2].flatMap((outer) => [
      ...[1, 2, 3].flatMap((inner) => {
        const cycle = (outer - 1) * 3 + inner;
        const seq = 2 + (outer - 1) * 7 + (inner - 1) * 2;
        return [
          [seq, "Pulse 1", [outer, inner], cycle],
          [seq + 1, "Purge", [outer, inner], cycle],
        ];
      }),
      [8 + (outer - 1) * 7, "Purge", [outer], null],
    ]),
    [16, "Pulse 2", [], null],
  ]);
  for (const [index, step] of steps.entries()) {
    expect(Math.abs((step.measured_ms ?? 0) - step.planned_ms)).toBeLessThan(3);
    const next = steps[index + 1];
    if (next !== undefined) expect(step.device_ms + (step.measured_ms ?? 0)).toBeCloseTo(next.device_ms, 1);
    expect([step.is_open, step.end_reason]).toEqual([false, next === undefined ? "completed" : "next"]);
    expect(step.pulse !== null).toBe(step.step_type === "valve");
  }
  expect(await bed.run(runId)).toMatchObject({ end_reason: "completed", last_seq: 16, machine: "idle" });
  expect(await commandStatuses(runId)).toEqual([{ kind: "start", status: "succeeded" }]);
  await until(async () => {
    const points = await bed.db.query(
      "select distinct p.name from process_data_points d join machine_parameters p using (parameter_id) where d.process_id = $1",
      [runId],
    );
    expect(points.rows.length).toBe(4);
  });
});

test("a stop bites at once: safe end, aborted, machine idle, command succeeded", async () => {
  await serve();
  const runId = await bed.start([loop(100, pulse(1), purge(60_000))]);
  await untilSeq(runId, 2);
  const asked = performance.now();
  expect(await bed.operator.stop(bed.machine.id, runId, "test")).toMatchObject({ ok: true });
  expect((await bed.run(runId)).machine).toBe("stopping");
  await untilStatus(runId, "aborted");
  expect(performance.now() - asked).toBeLessThan(5000);
  expect((await bed.steps(runId)).map(({ step_name, end_reason }) => [step_name, end_reason])).toEqual([
    ["Pulse 1", "next"],
    ["Purge", "aborted"],
    ["Safe end: N2 purge", "aborted"],
  ]);
  expect(await bed.deviations(runId)).toBe(0);
  expect(await bed.run(runId)).toMatchObject({ machine: "idle", end_reason: "aborted" });
  expect(await commandStatuses(runId)).toEqual([
    { kind: "start", status: "succeeded" },
    { kind: "stop", status: "succeeded" },
  ]);
});

test("a run that the controller cannot read is ended as failed, with the reason", async () => {
  await serve({
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (!String(input).endsWith("accept_command")) return response;
      const answer = await response.json();
      return Response.json({ ...answer, run: { ...answer.run, parameters: [1] } });
    },
  });
  const runId = await bed.start([loop(100, pulse(1), purge(60_000))]);
  await untilStatus(runId, "failed");
  expect(await bed.run(runId)).toMatchObject({ machine: "error", end_reason: "failed" });
  expect(await commandStatuses(runId)).toEqual([{ kind: "start", status: "failed" }]);
  const { rows } = await bed.db.query("select error_message from process_executions where id = $1", [runId]);
  expect(rows[0]?.error_message).toBe("The run was not started: its parameters are no object.");
});

test("Realtime alone brings a stop: no renewal is needed", async () => {
  let isRenewing = true;
  const { lines } = await serve({
    fetch: (input, init) =>
      !isRenewing && String(input).endsWith("renew_lease")
        ? Promise.reject(new TypeError("fetch failed"))
        : fetch(input, init),
  });
  const runId = await bed.start([loop(100, pulse(1), purge(60_000))]);
  await untilSeq(runId, 2);
  isRenewing = false;
  await bed.operator.stop(bed.machine.id, runId, "test");
  await vi.waitFor(() => expect(lines).toContain(`stop (now) of run ${runId}`), {
    timeout: 3000,
    interval: 5,
  });
  await untilStatus(runId, "aborted");
  isRenewing = true;
});

test("without Realtime the renewal brings a stop within about a second", async () => {
  const { lines, client } = await serve();
  const runId = await bed.start([loop(100, pulse(1), purge(60_000))]);
  await untilSeq(runId, 2);
  await client.supabase.removeAllChannels();
  await bed.operator.stop(bed.machine.id, runId, "test");
  await vi.waitFor(() => expect(lines).toContain(`stop (now) of run ${runId}`), {
    timeout: 5000,
    interval: 5,
  });
  await untilStatus(runId, "aborted");
});

test("a stop at the end of the cycle lets the cycle complete", async () => {
  await serve();
  const runId = await bed.start([loop(100, pulse(1), purge(1000), pulse(2), purge(1500))]);
  await untilSeq(runId, 2);
  await bed.operator.stop(bed.machine.id, runId, "test", "end_of_cycle");
  await untilStatus(runId, "aborted");
  const steps = await bed.steps(runId);
  expect(steps.map(({ step_name, cycle }) => [step_name, cycle])).toEqual([
    ["Pulse 1", 1],
    ["Purge", 1],
    ["Pulse 2", 1],
    ["Purge", 1],
    ["Safe end: N2 purge", null],
  ]);
  expect(steps[3]?.measured_ms).toBeGreaterThanOrEqual(1500);
});

test("a recipe that cannot be played fails its start with the reason", async () => {
  await serve();
  const runId = await bed.start([pulse(1)], { faults: [{ kind: "gremlin" }] });
  await untilStatus(runId, "failed");
  const { error_message, machine } = await bed.run(runId);
  expect(error_message).toMatch(
    /^The run was not started: the simulation settings cannot be used: faults\.0/,
  );
  expect(machine).toBe("error");
});

test("a fault of the machine fails the run and leaves the machine in error", async () => {
  await serve();
  const runId = await bed.start([loop(5, pulse(1), purge(500))], {
    speed: 10,
    faults: [{ kind: "stuck_valve", from_cycle: 2 }],
  });
  await untilStatus(runId, "failed");
  expect(await bed.run(runId)).toMatchObject({
    machine: "error",
    error_message: "Valve 1 did not close within 500 ms of being told to.",
  });
});

test("another controller's claim fences this one off: it writes nothing more", async () => {
  const { lines } = await serve();
  const runId = await bed.start([loop(1000, pulse(1), purge(100))]);
  await untilSeq(runId, 4);
  const taking = bed.serve({ name: "another controller", folder: `${bed.folder}/other` });
  // A lease that ran out is whoever's comes first: it runs out again until the other was.
  await vi.waitFor(async () => {
    const { rowCount } = await bed.db.query(
      "update machine_leases set expires_at = now() where machine_id = $1 and controller <> 'another controller'",
      [bed.machine.id],
    );
    expect(rowCount).toBe(0);
  }, 20_000);
  const other = await taking;
  await untilStatus(runId, "failed");
  expect(await bed.run(runId)).toMatchObject({
    end_reason: "interrupted",
    machine: "error",
    error_message: "The controller restarted during the run.",
  });
  await vi.waitFor(() => expect(lines.join()).toContain("the machine is lost"));
  await other.shutdown();
});

test("a restart during a run ends it as interrupted and makes nothing up", async () => {
  let isDead = false;
  const first = await serve({
    fetch: (input, init) => (isDead ? Promise.reject(new TypeError("fetch failed")) : fetch(input, init)),
  });
  const runId = await bed.start([loop(1000, pulse(1), purge(100))]);
  await untilSeq(runId, 4);
  isDead = true;
  const { last_seq } = await bed.run(runId);
  const second = await serve({ folder: `${bed.folder}/fresh` });
  await untilStatus(runId, "failed");
  expect(await bed.run(runId)).toMatchObject({ end_reason: "interrupted", machine: "error", last_seq });
  expect(second.lines.join()).toContain("ended as interrupted");
  await first.shutdown();
});

test("FE4 while the database is away the machine plays on; afterwards nothing is missing and nobody need reconcile", async () => {
  let isAway = false;
  const { lines } = await serve({
    fetch: (input, init) => (isAway ? Promise.reject(new TypeError("fetch failed")) : fetch(input, init)),
  });
  const runId = await bed.start([loop(30, pulse(1), purge(200))], { speed: 2 });
  await untilSeq(runId, 4);
  isAway = true;
  await vi.waitFor(() => expect(lines.join()).toContain("reports are kept and sent later"));
  // Everyone who looks now takes the controller for lost.
  await bed.db.query("update machine_leases set expires_at = now() where machine_id = $1", [bed.machine.id]);
  await bed.db.query("select private.lose_controllers()");
  expect((await bed.run(runId)).machine).toBe("unknown");
  isAway = false;
  await until(async () => expect((await bed.run(runId)).machine).toBe("processing"));
  await untilStatus(runId, "completed");
  const steps = await bed.steps(runId);
  expect(steps.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  expect(steps.filter(({ measured_ms }) => measured_ms === null)).toEqual([]);
});

test("reports that were not delivered before the controller ended are delivered by its next start", async () => {
  let isAway = false;
  const first = await serve({
    fetch: (input, init) => (isAway ? Promise.reject(new TypeError("fetch failed")) : fetch(input, init)),
  });
  const runId = await bed.start([loop(1000, pulse(1), purge(150))]);
  await untilSeq(runId, 4);
  isAway = true;
  await vi.waitFor(() => expect(first.lines.join()).toContain("reports are kept and sent later"));
  const before = (await bed.run(runId)).last_seq;
  await first.shutdown();
  expect((await bed.run(runId)).status).toBe("running");
  await serve();
  await untilStatus(runId, "aborted");
  const steps = await bed.steps(runId);
  expect(steps.length).toBeGreaterThan(before);
  expect(steps.map(({ seq }) => seq)).toEqual(steps.map((_, index) => index + 1));
  expect(steps.at(-1)).toMatchObject({ step_name: "Safe end: N2 purge" });
  expect(await bed.run(runId)).toMatchObject({ error_message: "Controller shut down.", machine: "idle" });
});

test("a controlled shutdown ends the run as aborted, gives the machine up, and takes less than 3 s", async () => {
  const { shutdown } = await serve();
  const runId = await bed.start([loop(1000, pulse(1), purge(60_000))]);
  await untilSeq(runId, 2);
  const began = performance.now();
  await shutdown();
  expect(performance.now() - began).toBeLessThan(3000);
  expect(await bed.run(runId)).toMatchObject({
    status: "aborted",
    error_message: "Controller shut down.",
    machine: "offline",
  });
});
