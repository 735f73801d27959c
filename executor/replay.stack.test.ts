import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { readRecording } from "#executor/drivers/replay/recording.ts";
import { replayRun } from "#executor/replay-run.ts";
import { TestBed } from "#executor/test-bed.ts";

const LOG = fileURLToPath(new URL("../../shared/data/ald-run-2019-05-24", import.meta.url));

// The log of the real run is not part of this repository; without it beside the repository there is nothing to replay.
describe.skipIf(!existsSync(LOG))("the recorded run of 24 May 2019", () => {
  let bed: TestBed;
  let db: Client;
  let folder: string;
  beforeAll(async () => {
    bed = await TestBed.open(inject("stack"));
    db = bed.db;
    folder = await mkdtemp(join(tmpdir(), "replay-"));
  });
  afterAll(async () => {
    await bed.close();
    await rm(folder, { recursive: true, force: true });
  });

  const machines = async () =>
    (await db.query("select count(*)::int as count from machines where serial_number = 'RECORDED-TOOL'"))
      .rows[0]?.count;
  /** The controller gives the answer to its last call half a second, and is gone; on a busy computer that call ends later. */
  const untilLetGo = (runId: string, told: object) =>
    expect
      .poll(() => bed.run(runId), { timeout: 10_000, interval: 50 })
      .toMatchObject({ ...told, machine: "offline" });
  /** The command itself, as a person types it. */
  const command = (directory: string) =>
    new Promise<{ code: number; stderr: string }>((resolve) => {
      const { apiUrl, publishableKey, secretKey } = bed.place;
      const env = {
        ...process.env,
        SUPABASE_URL: apiUrl,
        SUPABASE_PUBLISHABLE_KEY: publishableKey,
        SUPABASE_SECRET_KEY: secretKey,
        PULSEBOARD_DATA_DIR: join(folder, "data"),
      };
      const script = fileURLToPath(new URL("./replay.ts", import.meta.url));
      const child = execFile(
        process.execPath,
        [script, directory, "--speed", "1000"],
        { env },
        (_, _stdout, stderr) => resolve({ code: child.exitCode ?? -1, stderr }),
      );
    });

  test("a damaged log is refused in one sentence and leaves no row", async () => {
    const copy = join(folder, "damaged");
    await cp(LOG, copy, { recursive: true, force: true });
    await rm(join(copy, "Doses-DeltaM.txt"), { force: true });
    await writeFile(join(copy, "Doses-DeltaM.txt"), "x_Doses-DeltaM.txt\n");
    const { code, stderr } = await command(copy);
    expect([code, stderr]).toEqual([
      1,
      "Nothing was replayed: Doses-DeltaM.txt, line 2, column 1: the headings are missing.\n",
    ]);
    expect(await machines()).toBe(0);
  });

  test("is replayed pulse by pulse: as long as in the log, in order, pressure beside it", {
    timeout: 120_000,
  }, async () => {
    const read = await readRecording(LOG);
    if (!read.ok) throw new Error(read.message);
    const { recording } = read;
    const lines: string[] = [];
    const { runId, outcome } = await replayRun({
      connection: bed.place,
      recording,
      speed: 500,
      operator: bed.operatorLogin,
      dataDir: folder,
      controller: "replay test",
      signal: new AbortController().signal,
      log: (line) => lines.push(line),
      onStart: (id) => lines.push(id),
      onStep: () => undefined,
    });
    expect([outcome, lines[0]]).toEqual(["completed", runId]);
    await untilLetGo(runId, { status: "completed", last_seq: 304 });
    const steps = await bed.steps(runId);
    expect(steps.map(({ seq }) => seq)).toEqual(Array.from({ length: 304 }, (_, index) => index + 1));
    const pulses = steps.filter(({ step_type }) => step_type === "valve");
    const logged = recording.rows.filter(({ pulseStartedAt }) => pulseStartedAt !== null);
    expect(pulses).toHaveLength(logged.length);
    for (const [index, { pulseStartedAt, purgeStartedAt, precursor, plannedPulseMs }] of logged.entries()) {
      const pulse = pulses[index];
      expect(pulse).toMatchObject({ step_name: `${precursor} pulse`, planned_ms: plannedPulseMs });
      expect(
        Math.abs((pulse?.measured_ms ?? 0) - (purgeStartedAt - (pulseStartedAt ?? 0))),
      ).toBeLessThanOrEqual(1);
      expect(Math.abs((pulse?.device_ms ?? 0) - (pulseStartedAt ?? 0))).toBeLessThan(0.01);
    }
    const cycles = pulses.map(({ cycle }) => cycle);
    expect(cycles.slice(0, 100)).toEqual(
      Array.from({ length: 100 }, (_, index) => Math.floor(index / 2) + 1),
    );
    expect(cycles.slice(100, 110)).toEqual(Array.from({ length: 10 }, () => null));
    expect(cycles.slice(110)).toEqual(Array.from({ length: 40 }, (_, index) => Math.floor(index / 2) + 51));
    const points = await db.query(
      `select count(*)::int as count, min(d.timestamp) as first, max(d.timestamp) as last from process_data_points d
       join machine_parameters p using (parameter_id) where d.process_id = $1 and p.name = 'chamber_pressure'`,
      [runId],
    );
    expect(points.rows[0]).toEqual({
      count: 9450,
      first: new Date("2019-05-24T11:23:14.559Z"),
      last: new Date("2019-05-24T12:41:59.059Z"),
    });
    const violations = await db.query(
      "select v.* from machines m, check_invariants(m.id) v where m.serial_number = 'RECORDED-TOOL'",
    );
    expect(violations.rows).toEqual([]);
  });

  test("a second replay uses the same machine and recipe; ended early it is aborted safely", async () => {
    const read = await readRecording(LOG);
    if (!read.ok) throw new Error(read.message);
    const ending = new AbortController();
    const { runId, outcome } = await replayRun({
      connection: bed.place,
      recording: read.recording,
      speed: 200,
      operator: bed.operatorLogin,
      dataDir: folder,
      controller: "replay test",
      signal: ending.signal,
      log: () => undefined,
      onStart: () => undefined,
      onStep: ({ seq }) => {
        if (seq === 6) ending.abort();
      },
    });
    expect(outcome).toBe("aborted");
    await untilLetGo(runId, { status: "aborted", error_message: "Controller shut down." });
    const { rows } = await db.query(
      "select count(distinct recipe_id)::int as recipes, count(*)::int as runs from process_executions r join machines m on m.id = r.machine_id where m.serial_number = 'RECORDED-TOOL'",
    );
    expect(rows).toEqual([{ recipes: 1, runs: 2 }]);
  });
});
