import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";
import { type RunFilter, runSorts } from "#lib/model/run-list.ts";
import { signIn, signOut } from "#lib/supabase/auth.ts";
import type { ServerClient } from "#lib/supabase/call.ts";
import { DAY, durationMs, epochMs } from "#lib/time.ts";
import { fetchFleet, fetchMachine } from "./fleet.ts";
import { fetchPerson } from "./person.ts";
import { fetchRun, fetchRunTimeline, fetchRunTrend, runDurationsQuery } from "./run.ts";
import { countRuns, fetchRunChoices, fetchRuns, fetchRunsBefore, NEWEST_FIRST } from "./runs.ts";
import { fetchRecipeChoices, fetchStartReview } from "./start.ts";
import { fetchSteps } from "./steps.ts";

// What the readers of the database really answer, read the way the pages read it.

let bed: TestBed;
let client: ServerClient;
let runId: string;

const tab = (): ServerClient => {
  const { apiUrl, publishableKey } = inject("stack");
  return createClient(apiUrl, publishableKey, { auth: { persistSession: false, autoRefreshToken: false } });
};

beforeEach(async () => {
  bed = await TestBed.open(inject("stack"));
  client = tab();
  const { email, password } = bed.operatorLogin;
  expect(await signIn(client, email, password)).toEqual({ ok: true });
  await bed.db.query("select claim_machine($1, 'query test', 'simulated', true, 60000)", [bed.machine.id]);
  runId = await bed.start([loop(2000, pulse(1), purge(400))]);
});

afterEach(async () => {
  await bed.close();
});

/** `count` steps of 100 ms pulses and 400 ms purges, as a controller would have left them; the last is open. */
async function steps(count: number): Promise<void> {
  await bed.db.query(
    `insert into step_execution_history (process_id, seq, step_number, step_type, step_name, loop_path, cycle, planned_ms,
       measured_ms, device_started_at, started_at, ended_at, end_reason, parameters)
     select $1, i, i, case i % 2 when 1 then 'valve' else 'purge' end, case i % 2 when 1 then 'Pulse 1' else 'Purge' end,
       array[(i + 1) / 2], (i + 1) / 2, case i % 2 when 1 then 100 else 400 end,
       case when i < $2 then case i % 2 when 1 then 100 else 400 end + case i when 3 then 80 else 0 end end,
       '2026-01-01T00:00:00Z'::timestamptz + i * interval '500 ms', '2026-01-01T00:00:00Z'::timestamptz + i * interval '500 ms',
       case when i < $2 then '2026-01-01T00:00:00Z'::timestamptz + (i + 1) * interval '500 ms' end,
       case when i < $2 then 'next' end, case i % 2 when 1 then '{"valve_number": 1}' else '{}' end::jsonb
     from generate_series(1, $2::int) i`,
    [runId, count],
  );
  await bed.db.query(
    "update process_executions set last_seq = $2, deviation_count = 1, status = 'running' where id = $1",
    [runId, count],
  );
}

test("a machine comes with its run, steps, commands, person and past", async () => {
  await steps(6);
  const machine = await fetchMachine(client, bed.machine.id);
  expect(machine).toMatchObject({
    machine: { id: bed.machine.id, status: "processing", currentRunId: runId },
    state: { status: "processing", runId },
    run: { id: runId, lastSeq: 6, totalSteps: 4_000, program: { totals: { cycles: 2_000 } } },
    runState: { runId },
    commands: [{ kind: "start", status: "requested" }],
    mayCommand: true,
  });
  expect(machine?.steps.map((step) => step.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(machine?.steps[2]).toMatchObject({ measuredMs: 180, deviationMs: 80, isDeviation: true, cycle: 2 });
  expect(machine?.recentEvents.map((event) => event.action)).toContain("command_requested");
  const fleet = await fetchFleet(client);
  const tile = fleet.machines.find((each) => each.machine.id === bed.machine.id);
  expect(tile).toMatchObject({ run: { id: runId }, lastDeviation: { seq: 3, deviationMs: 80 } });
  // Of its program the fleet is sent the name and the totals.
  expect(tile?.run).toMatchObject({ program: null, recipeName: machine?.run?.recipeName, totalSteps: 4_000 });
});

test("a run comes with its totals on the controller's clock", async () => {
  await steps(6);
  const run = await fetchRun(client, runId);
  expect(run).toMatchObject({
    run: { id: runId },
    machine: { id: bed.machine.id },
    totals: { steps: 6, deviations: 1 },
  });
  expect(run?.totals.firstDeviceStartedAt).toBe(Date.UTC(2026, 0, 1) + 500);
});

test("what is not there is null, and an id that is none is refused", async () => {
  expect(await fetchRun(client, randomUUID())).toBeNull();
  expect(await fetchMachine(client, randomUUID())).toBeNull();
  await expect(fetchRun(client, "not-an-id")).rejects.toMatchObject({ refusal: { status: 400 } });
});

test("more steps than one answer may hold come whole and in order", async () => {
  await steps(2_345);
  const found = await fetchSteps(client, runId, { from: 2, to: 2_300 });
  expect(found.map((step) => step.seq)).toEqual(Array.from({ length: 2_299 }, (_, i) => i + 2));
  expect(await fetchSteps(client, runId, { from: 2_340, to: 9_000 })).toHaveLength(6);
  expect(await fetchSteps(client, runId, { from: 5, to: 4 })).toEqual([]);
});

test("the timeline, the durations and the trend are read as the database writes them", async () => {
  await steps(6);
  const timeline = await fetchRunTimeline(client, runId, { fromMs: 0, toMs: 3_000 }, 1_000);
  expect(
    timeline.spans.map((span) => [span.lane, span.seq, span.startMs, span.endMs, span.deviations]),
  ).toEqual([
    ["valve 1", 1, 0, 100, 0],
    ["purge", 2, 500, 900, 0],
    ["valve 1", 3, 1_000, 1_180, 1],
    ["purge", 4, 1_500, 1_900, 0],
    ["valve 1", 5, 2_000, 2_100, 0],
    // Open, so as far as the answer reaches: the window that was asked for, padded.
    ["purge", 6, 2_500, 4_096, 0],
  ]);
  expect(timeline.spans.at(-1)?.isOpen).toBe(true);
  const durations = await runDurationsQuery(client, runId).queryFn?.({
    signal: AbortSignal.timeout(5_000),
  } as never);
  expect(durations).toMatchObject([
    {
      stepName: "Pulse 1",
      valveNumber: 1,
      points: [{ measuredMs: 100 }, { measuredMs: 180 }, { measuredMs: 100 }],
    },
    { stepName: "Purge", valveNumber: null },
  ]);
  expect(await fetchRunTrend(client, runId, { window: null, buckets: 100, parameters: null })).toEqual([]);
});

test("the trend is in ms from the first step", async () => {
  await steps(6);
  await bed.db.query(
    `insert into process_data_points (process_id, parameter_id, value, timestamp)
     select $1, p.parameter_id, 1.5, '2026-01-01T00:00:01Z' from machine_parameters p
     where p.machine_id = $2 and p.name = 'chamber_pressure'`,
    [runId, bed.machine.id],
  );
  const request = { window: { fromMs: 0, toMs: 2_000 }, buckets: 100, parameters: ["chamber_pressure"] };
  expect(await fetchRunTrend(client, runId, request)).toMatchObject([
    { name: "chamber_pressure", points: [[500, 1.5, 1.5, 1.5]] },
  ]);
});

const everything = { order: NEWEST_FIRST, after: null, limit: 10 };

test("runs are filtered and counted; searched text is only text", async () => {
  const mine = { machineId: bed.machine.id };
  const found = async (filter: RunFilter) => {
    const [{ rows }, { count }] = await Promise.all([
      fetchRuns(client, { ...everything, filter: { ...mine, ...filter } }),
      countRuns(client, { ...mine, ...filter }),
    ]);
    expect(rows).toHaveLength(count);
    return rows;
  };
  expect(await found({})).toMatchObject([
    { runId, recipeName: "Test recipe", driver: "simulated", isGood: false, sparkline: [] },
  ]);
  const run = (await found({}))[0];
  const day = durationMs(DAY);
  for (const filter of [
    { text: "st rec" },
    { status: run?.status ?? "completed" },
    { recipeId: run?.recipeId ?? "", recipeVersion: run?.recipeRevision ?? 0 },
    { operatorId: run?.operatorId ?? "" },
    { from: epochMs((run?.startTime ?? 0) - day), to: epochMs((run?.startTime ?? 0) + day) },
    { runIds: [runId, randomUUID()] },
    { leastDeviations: 1 },
  ] satisfies RunFilter[]) {
    if ("leastDeviations" in filter)
      await bed.db.query("update process_executions set deviation_count = 1 where id = $1", [runId]);
    expect(await found(filter), JSON.stringify(filter)).toHaveLength(1);
  }
  for (const filter of [
    { status: "completed" },
    { recipeVersion: 99 },
    { operatorId: randomUUID() },
    { to: run?.startTime ?? epochMs(0) },
    { runIds: [] },
    { leastDeviations: 2 },
    { isGood: true },
    { text: "nothing of this" },
  ] satisfies RunFilter[]) {
    expect(await found(filter), JSON.stringify(filter)).toEqual([]);
  }
  const odd = 'a,b.eq."x" (100%) [*] \\ _ ^$';
  await bed.db.query("update machines set name = $2 where id = $1", [bed.machine.id, odd]);
  for (const text of [odd, '"x"', "(100%)", "[*]", "\\", ","]) {
    expect(await found({ text }), text).toHaveLength(1);
  }
  for (const text of ["a_b", "1.0", "%%", "**", "\\\\", "'; drop table runs --"]) {
    expect(await found({ text }), text).toHaveLength(0);
  }
});

test("runs are paged forwards and backwards, each once, in any order", async () => {
  await bed.db.query(
    `insert into process_executions (session_id, machine_id, recipe_id, recipe_version, operator_id, status, start_time, end_time, parameters)
     select session_id, machine_id, recipe_id, recipe_version, operator_id, 'completed', start_time - i * interval '1 hour',
       start_time - i * interval '1 hour' + (i % 3) * interval '1 minute', parameters
     from process_executions, generate_series(1, 8) i where id = $1`,
    [runId],
  );
  const filter = { machineId: bed.machine.id };
  for (const sort of runSorts) {
    const request = { filter, order: { sort, isDescending: false }, limit: 4 };
    const whole = (await fetchRuns(client, { ...request, after: null, limit: 9 })).rows.map(idOf);
    const one = await fetchRuns(client, { ...request, after: null });
    const two = await fetchRuns(client, { ...request, after: one.next });
    const three = await fetchRuns(client, { ...request, after: two.next });
    expect([...one.rows, ...two.rows, ...three.rows].map(idOf), sort).toEqual(whole);
    expect(three.next, sort).toBeNull();
    const back = await fetchRunsBefore(client, { ...request, before: three.first ?? ["", ""] });
    expect([back.rows.map(idOf), back.next, back.isBeginning], sort).toEqual([
      two.rows.map(idOf),
      two.next,
      false,
    ]);
    const again = await fetchRunsBefore(client, { ...request, before: back.first ?? ["", ""] });
    expect([again.rows.map(idOf), again.isBeginning], sort).toEqual([one.rows.map(idOf), true]);
  }
});

const idOf = ({ runId: id }: { runId: string }) => id;

test("what the list can be narrowed to", async () => {
  const { machines, recipes, operators } = await fetchRunChoices(client);
  expect(machines).toContainEqual({ id: bed.machine.id, name: expect.any(String) });
  expect(recipes).toContainEqual({ id: expect.any(String), name: "Test recipe", version: 1 });
  expect(operators.length).toBeGreaterThan(0);
});

test("a review of a start: program, permissives with live values, pace and the last good run; or why there is none", async () => {
  const recipeId = await bed.recipe([loop(3, pulse(1), purge(400))]);
  const review = (id: string, machineId = bed.machine.id) => fetchStartReview(client, machineId, id);
  await bed.db.query(
    `update component_parameters set current_value = 2000, read_at = clock_timestamp() where id =
       (select parameter_id from machine_parameters where machine_id = $1 and name = 'chamber_pressure')`,
    [bed.machine.id],
  );
  const answer = await review(recipeId);
  if (answer.kind !== "review") throw new Error(`there is no review: ${answer.kind}`);
  const found = answer.review;
  expect(found).toMatchObject({ pace: null, lastGood: null, program: { totals: { cycles: 3 } } });
  expect(found.machineVersion).toBe((await fetchMachine(client, bed.machine.id))?.machine.version);
  expect(found.programTag).toMatch(/^v1-[0-9a-f]{32}$/);
  const known = found.permissives.map(({ key, name, isMet }) => `${key}, ${name}: ${isMet}`);
  expect(known.toSorted()).toEqual([
    "controller, Controller: true",
    "idle, Idle: false",
    "machine_type, Recipe for this machine: true",
    "reading, carrier_flow: null",
    "reading, chamber_pressure: false",
    "reading, chamber_temperature: null",
    "reading, pump_pressure: null",
    "service, In service: true",
    "set_point, chamber_temperature: true",
  ]);
  expect(found.permissives.find(({ name }) => name === "chamber_pressure")).toMatchObject({
    value: 2000,
    minimum: 0,
    maximum: 1000,
    reason: expect.stringMatching(/^chamber_pressure reads 2000/),
  });

  await steps(6);
  await bed.db.query(
    "update process_executions set status = 'completed', end_time = now(), end_reason = 'completed', deviation_count = 0, recipe_id = $2 where id = $1",
    [runId, recipeId],
  );
  expect(await review(recipeId)).toMatchObject({
    review: { lastGood: { run: { id: runId, program: { totals: { cycles: 2_000 } } }, operatorName: null } },
  });

  expect(await review(await bed.recipe([loop(3)]))).toEqual({
    kind: "malformed",
    problem: "steps[0].children: this loop has no steps",
  });
  expect(await review(randomUUID())).toEqual({ kind: "missing" });
  expect(await review(recipeId, randomUUID())).toEqual({ kind: "missing" });
  expect(await review("<script>")).toEqual({ kind: "missing" });
});

test("recipes to choose from: of the machine's type, with planned time and last use", async () => {
  const [fits, broken, foreign] = [
    await bed.recipe([purge(400)]),
    await bed.recipe([]),
    await bed.recipe([purge(1)]),
  ];
  await bed.db.query("update recipes set machine_type = 'plasma-ald' where id = $1", [foreign]);
  const choices = await fetchRecipeChoices(client, bed.machine.id);
  const of = (id: string) => choices.find((choice) => choice.id === id);
  expect(of(fits)).toMatchObject({ name: "Test recipe", version: 1, plannedMs: 400, lastUsedAt: null });
  expect(of(broken)).toMatchObject({ plannedMs: null });
  expect(of(foreign)).toBeUndefined();
  expect(choices[0]?.lastUsedAt).toBe((await fetchRun(client, runId))?.run.startTime);
  expect(await fetchRecipeChoices(client, randomUUID())).toEqual([]);
});

test("a person comes with role and machines; signed out there is nobody and nothing to read", async () => {
  expect(await fetchPerson(client)).toMatchObject({
    role: "operator",
    isActive: true,
    machineIds: [bed.machine.id],
  });
  expect(await signOut(client)).toEqual({ ok: true });
  expect(await fetchPerson(client)).toBeNull();
  await expect(fetchFleet(client)).rejects.toMatchObject({ refusal: { status: 401, code: "signed_out" } });
});

test("a wrong password is one sentence, and says no more than that", async () => {
  expect(await signIn(tab(), bed.operatorLogin.email, "wrong")).toMatchObject({
    ok: false,
    code: "invalid_credentials",
    message: "Not signed in: email or password is wrong.",
  });
  expect(await signIn(tab(), "nobody@test.local", "wrong")).toMatchObject({ code: "invalid_credentials" });
});

test("a sign-in service that is not there is told apart from a wrong password", async () => {
  const nowhere = createClient("http://127.0.0.1:9", "sb_publishable_x", { auth: { persistSession: false } });
  expect(await signIn(nowhere, "a@b.c", "x")).toMatchObject({ ok: false, code: "auth_unreachable" });
});
