// FE: what goes wrong with the controller. Processes of the real executor are killed and stopped here.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest";
import type { DriverKind } from "#executor/drivers/driver-kind.ts";
import { simulatedKind } from "#executor/drivers/simulated/kind.ts";
import { ControllerClient } from "#executor/reporter/controller-client.ts";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";
import { CONTROLLER } from "./call.ts";
import { Lab, stepReport } from "./lab.ts";
import { Scene } from "./scene.ts";

const MAIN = fileURLToPath(new URL("../../executor/main.ts", import.meta.url));

let lab: Lab;
const undo: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  lab = await Lab.open(inject("stack").dbUrl, 4);
});
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
});
afterAll(() => lab?.close());

async function openBed(): Promise<TestBed> {
  const bed = await TestBed.open(inject("stack"));
  undo.push(async () => {
    expect(await bed.violations()).toEqual([]);
    await bed.close();
  });
  return bed;
}

/** `npm run executor` for this machine alone, as a process of its own. */
async function launch(bed: TestBed): Promise<{ child: ChildProcess; output: () => string }> {
  const { apiUrl, secretKey, publishableKey } = inject("stack");
  const child = spawn(process.execPath, [MAIN, "--machine", bed.machine.serial_number], {
    env: {
      ...process.env,
      SUPABASE_URL: apiUrl,
      SUPABASE_SECRET_KEY: secretKey,
      SUPABASE_PUBLISHABLE_KEY: publishableKey,
      PULSEBOARD_DATA_DIR: bed.folder,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const read = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const exited = once(child, "exit");
  undo.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await exited;
  });
  await vi.waitFor(
    async () => {
      const held = await bed.db.query(
        "select 1 from machine_leases where machine_id = $1 and expires_at > clock_timestamp()",
        [bed.machine.id],
      );
      expect(held.rows, text).toHaveLength(1);
    },
    { timeout: 20_000, interval: 50 },
  );
  return { child, output: () => text };
}

const untilSeq = (bed: TestBed, runId: string, seq: number) =>
  vi.waitFor(async () => expect((await bed.run(runId)).last_seq).toBeGreaterThanOrEqual(seq), {
    timeout: 20_000,
    interval: 30,
  });
const untilRun = (bed: TestBed, runId: string, wanted: object) =>
  vi.waitFor(async () => expect(await bed.run(runId)).toMatchObject(wanted), {
    timeout: 25_000,
    interval: 50,
  });
const leaseRunsOut = (bed: TestBed) =>
  bed.db.query(
    "update machine_leases set expires_at = clock_timestamp() - interval '1 second' where machine_id = $1",
    [bed.machine.id],
  );
const gapless = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test("FE1 killed in the middle of a step: the machine is unknown, nothing is made up, a person ends the run", {
  timeout: 60_000,
}, async () => {
  const bed = await openBed();
  const { child } = await launch(bed);
  const runId = await bed.start([loop(1000, pulse(1), purge(300))]);
  await untilSeq(bed, runId, 4);
  child.kill("SIGKILL");
  await once(child, "exit");
  const { last_seq } = await bed.run(runId);
  await leaseRunsOut(bed);
  expect(await bed.operator.stop(bed.machine.id, runId, "does it answer?")).toMatchObject({ ok: true });
  expect(await bed.run(runId)).toMatchObject({ machine: "unknown", status: "running", last_seq });
  expect(await bed.operator.reconcile(runId, "found it purging, set it idle by hand")).toMatchObject({
    ok: true,
  });
  expect(await bed.run(runId)).toMatchObject({
    machine: "idle",
    status: "failed",
    end_reason: "interrupted",
    last_seq,
  });
  const steps = await bed.steps(runId);
  expect(steps.at(-1)).toMatchObject({ seq: last_seq, end_reason: "interrupted", measured_ms: null });
});

test("FE2 stopped (SIGSTOP) until another controller has the machine: what it writes afterwards is refused", {
  timeout: 60_000,
}, async () => {
  const bed = await openBed();
  const { child, output } = await launch(bed);
  const runId = await bed.start([loop(1000, pulse(1), purge(300))]);
  await untilSeq(bed, runId, 4);
  child.kill("SIGSTOP");
  undo.push(async () => child.kill("SIGCONT"));
  await leaseRunsOut(bed);
  const other = new ControllerClient(bed.place);
  undo.push(() => other.close());
  const claimed = await other.claim(bed.machine.id, "another controller", "simulated", true);
  if (!claimed.ok) throw new Error(claimed.message);
  expect(claimed.run?.id).toBe(runId);
  const { last_seq, machine } = await bed.run(runId);
  expect(machine).toBe("unknown");
  child.kill("SIGCONT");
  await vi.waitFor(() => expect(output()).toContain("the machine is lost"), { timeout: 20_000 });
  expect(await bed.run(runId)).toMatchObject({ status: "running", last_seq, machine: "unknown" });
  expect(await other.endProcess(runId, claimed.fence_token, "interrupted", "taken over", [])).toEqual({
    ok: true,
  });
});

test("FE3 two controllers of one machine: one holds it, the other waits, no step of theirs is mixed", {
  timeout: 60_000,
}, async () => {
  const bed = await openBed();
  const first = await bed.serve({ name: "first" });
  const second = bed.serve({ name: "second", folder: `${bed.folder}/second` });
  const runId = await bed.start([loop(10, pulse(1), purge(200))]);
  await untilRun(bed, runId, { status: "completed", last_seq: 20 });
  const holder = await bed.db.query("select controller from machine_leases where machine_id = $1", [
    bed.machine.id,
  ]);
  expect(holder.rows).toEqual([{ controller: "first" }]);
  expect((await bed.steps(runId)).map(({ seq }) => seq)).toEqual(gapless(20));
  await first.shutdown();
  const { shutdown } = await second;
  await shutdown();
});

/** A simulated machine whose controller no longer reaches the hardware after so many steps. */
const losesHardware = (afterSteps: number): DriverKind => ({
  ...simulatedKind,
  create: (setup) => {
    const made = simulatedKind.create(setup);
    if (!made.ok) return made;
    const { driver } = made;
    const begin: typeof driver.begin = (action, stop) => {
      const step = driver.begin(action, stop);
      if (action.seq <= afterSteps) return step;
      const finished = step.finished.then(({ measuredMs }) => ({
        kind: "fault" as const,
        code: "no_hardware",
        message: "The hardware does not answer.",
        measuredMs,
        pulse: null,
      }));
      return { ...step, finished };
    };
    return { ok: true, driver: { ...driver, begin } };
  },
});

test("FE5 the hardware is lost, the database is not: the run fails and says so, nothing is said to be running", {
  timeout: 60_000,
}, async () => {
  const bed = await openBed();
  const { shutdown } = await bed.serve({ kind: losesHardware(4) });
  const runId = await bed.start([loop(10, pulse(1), purge(100))]);
  await untilRun(bed, runId, {
    status: "failed",
    machine: "error",
    error_message: "The hardware does not answer.",
  });
  await shutdown();
});

describe("reports that come wrong", () => {
  test("FE6 a step after the end is refused, and no row is open", async () => {
    const scene = await Scene.running(lab, 3);
    await scene.end("completed");
    expect((await scene.record(4)).code).toBe("run_ended");
    expect(await scene.look()).toEqual({ machine: "idle", run: "completed", last_seq: 3, open: 0 });
    expect(await scene.violations()).toEqual([]);
  });

  test("FE7 a step reported twice is one step, also when both are under way at once", async () => {
    const scene = await Scene.running(lab, 1);
    const answers = await Promise.all([scene.record(2), scene.record(2), scene.record(2)]);
    expect(answers.map(({ code, body }) => [code, body["last_seq"]])).toEqual([
      ["", 2],
      ["", 2],
      ["", 2],
    ]);
    expect(await scene.look()).toMatchObject({ last_seq: 2, open: 1 });
    await scene.end("completed");
    expect(await scene.violations()).toEqual([]);
  });

  test("FE8 step 7 before step 6 is refused with what is missing, and nothing of that call is written", async () => {
    const scene = await Scene.running(lab, 5);
    const refused = await scene.record(7);
    expect([refused.code, refused.body["details"]]).toEqual(["step_gap", { last_seq: 5 }]);
    expect((await scene.record(6, 8)).code).toBe("step_gap");
    expect(await scene.look()).toMatchObject({ last_seq: 5 });
    expect((await scene.record(6, 7)).body["last_seq"]).toBe(7);
  });

  /** A run that a controller records by its state row alone. */
  async function oldRun(): Promise<Scene> {
    const scene = await Scene.held(lab);
    await scene.start();
    return scene;
  }
  const step = (scene: Scene, index: number, name: string, iteration: number | null = null) =>
    lab.write(
      CONTROLLER,
      `update public.process_execution_state set current_step_index = $2, current_step_type = 'valve', current_step_name = $3,
         current_loop_iteration = $4, current_valve_number = 1, current_valve_duration_ms = 100 where execution_id = $1`,
      [scene.run, index, name, iteration],
    );
  const history = (scene: Scene) =>
    lab.sql<{ seq: number; seconds: number | null; measured: number | null }>(
      `select seq, extract(epoch from ended_at - started_at)::float8 as seconds, measured_ms::float8 as measured
       from public.step_execution_history where process_id = $1 order by seq`,
      [scene.run],
    );

  test("FE9 the step that the first insert sets is recorded", async () => {
    const scene = await oldRun();
    await lab.sql("delete from public.process_execution_state where execution_id = $1", [scene.run]);
    const inserted = await lab.write(
      CONTROLLER,
      "insert into public.process_execution_state (execution_id, current_step_type, current_step_name) values ($1, 'valve', 'first')",
      [scene.run],
    );
    expect(inserted.code).toBe("");
    expect(await history(scene)).toMatchObject([{ seq: 1, seconds: null }]);
  });

  test("FE10 500 iterations of a step with the same index, type and name are 500 rows", async () => {
    const scene = await oldRun();
    for (let iteration = 1; iteration <= 500; iteration += 1) await step(scene, 3, "TMA pulse", iteration);
    const rows = await history(scene);
    expect(rows.map(({ seq }) => seq)).toEqual(gapless(500));
    await scene.end("completed");
    expect(await scene.violations()).toEqual([]);
  });

  test("FE11 five steps in one transaction are five rows that last, by either way of recording", async () => {
    const scene = await oldRun();
    const change = (index: number) =>
      `update public.process_execution_state set current_step_index = ${index}, current_step_name = 'step ${index}' where execution_id = '${scene.run}'`;
    await lab.sql(`begin; ${[1, 2, 3, 4, 5].map(change).join("; ")}; commit`);
    const recorded = await history(scene);
    expect(recorded).toHaveLength(5);
    expect(recorded.slice(0, 4).every(({ seconds }) => (seconds ?? 0) > 0)).toBe(true);

    const reported = await Scene.running(lab, 1);
    const p_steps = [2, 3, 4, 5].map((seq) => stepReport(seq, { measured_ms: 10 * seq }));
    await lab.answer(
      reported.controller("record_step", {
        p_run_id: reported.run,
        p_fence_token: reported.fence,
        p_steps,
      }),
    );
    const rows = await history(reported);
    expect(rows.map(({ measured }) => measured)).toEqual([null, 20, 30, 40, 50]);
    expect(rows.slice(0, 4).every(({ seconds }) => (seconds ?? 0) > 0)).toBe(true);
    expect([...(await scene.violations()), ...(await reported.violations())]).toEqual([]);
  });
});

test("FE12 a run that ends while the database is away: unknown meanwhile, then its end with the controller's times", {
  timeout: 60_000,
}, async () => {
  const bed = await openBed();
  let isAway = false;
  const { shutdown, lines } = await bed.serve({
    fetch: (input, init) => (isAway ? Promise.reject(new TypeError("fetch failed")) : fetch(input, init)),
  });
  const runId = await bed.start([loop(6, pulse(1), purge(200))]);
  await untilSeq(bed, runId, 3);
  isAway = true;
  await vi.waitFor(() => expect(lines.join()).toContain(`run ${runId} completed`), { timeout: 15_000 });
  await leaseRunsOut(bed);
  await bed.db.query("select private.lose_controllers()");
  expect(await bed.run(runId)).toMatchObject({ status: "running", machine: "unknown" });
  isAway = false;
  await untilRun(bed, runId, { status: "completed", machine: "idle", last_seq: 12 });
  const steps = await bed.steps(runId);
  for (const [index, { device_ms, measured_ms }] of steps.entries()) {
    const next = steps[index + 1];
    if (next !== undefined) expect(device_ms + (measured_ms ?? Number.NaN)).toBeCloseTo(next.device_ms, 1);
  }
  await shutdown();
});
