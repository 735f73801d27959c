import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import pg from "pg";
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import type { WorkStatus } from "#lib/model/workflow.ts";
import { fetchWorkflow } from "#lib/queries/workflow.ts";
import { workflowFeed } from "#lib/realtime/feeds.ts";
import type { Runtime } from "#lib/realtime/runtime.ts";
import { ClockEstimate } from "#lib/realtime/server-clock.ts";
import type { ServerClient } from "#lib/supabase/call.ts";
import { supabaseTransport } from "#lib/supabase/open-feed.ts";
import { epochMs } from "#lib/time.ts";
import { createStep } from "./create-step.ts";
import { getStep, listStepsByStatus, listStepsBySubtask } from "./read-steps.ts";
import type { NewStep, StepChange } from "./step-input.ts";
import { updateStep } from "./update-step.ts";

// The access methods against the real database, each test with a project, subtasks and people of its own.

const stack = inject("stack");
let db: pg.Client;
let engineer: ServerClient;
let projectId: number;
let subtaskId: number;
let otherSubtaskId: number;

beforeEach(async () => {
  db = new pg.Client({ connectionString: stack.dbUrl });
  await db.connect();
  engineer = await person("engineer");
  projectId = await idOf("insert into projects (name) values ('Test') returning id");
  const subtask = "insert into subtasks (project_id, title) values ($1, 'Test') returning id";
  subtaskId = await idOf(subtask, [projectId]);
  otherSubtaskId = await idOf(subtask, [projectId]);
});

afterEach(async () => {
  await db.end();
});

async function idOf(sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql, values);
  return rows[0]?.id ?? Number.NaN;
}

async function person(role: "viewer" | "operator" | "engineer"): Promise<ServerClient> {
  const email = `${role}-${randomUUID()}@test.local`;
  const password = randomUUID();
  const answer = await fetch(`${stack.apiUrl}/auth/v1/admin/users`, {
    method: "POST",
    headers: {
      apikey: stack.secretKey,
      authorization: `Bearer ${stack.secretKey}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ email, password, email_confirm: true }),
    signal: AbortSignal.timeout(10_000),
  });
  const { id } = (await answer.json()) as { id: string };
  await db.query("insert into profiles (id, email, role) values ($1, $2, $3)", [id, email, role]);
  const client: ServerClient = createClient(stack.apiUrl, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const { error } = await client.auth.signInWithPassword({ email, password });
  if (error) throw error;
  return client;
}

const draft = (more: Partial<NewStep> = {}): NewStep => ({
  subtaskId,
  type: "test",
  assignedTo: "TaraAider",
  ...more,
});

async function add(more: Partial<NewStep> = {}) {
  const added = await createStep(engineer, draft(more));
  if (!added.ok) throw new Error(added.message);
  return added.step;
}

test("a step is created, read, changed and read again", async () => {
  const made = await add({ instructions: "Bake", contextFiles: ["a.ts", "b.ts"], assignedTo: "DevonAider" });
  expect(made).toMatchObject({
    projectId,
    subtaskId,
    number: 1,
    status: "pending",
    attempts: 0,
    contextFiles: ["a.ts", "b.ts"],
  });
  expect(await getStep(engineer, made.id)).toEqual({ ok: true, step: made });
  const changed = await updateStep(engineer, made.id, { instructions: "Bake longer", contextFiles: [] });
  expect(changed).toMatchObject({
    ok: true,
    step: { instructions: "Bake longer", contextFiles: [], type: "test", assignedTo: "DevonAider" },
  });
  expect(await getStep(engineer, made.id)).toEqual(changed);
});

test("ten engineers who add at once get ten numbers", async () => {
  await Promise.all(Array.from({ length: 10 }, () => add()));
  const numbers = (await listStepsBySubtask(engineer, subtaskId)).map((step) => step.number);
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a subtask's steps come by number, those of one number as they were added", async () => {
  const [third, first, again] = [
    await add({ number: 3 }),
    await add({ number: 1 }),
    await add({ number: 3 }),
  ];
  await add({ subtaskId: otherSubtaskId });
  expect((await listStepsBySubtask(engineer, subtaskId)).map((step) => step.id)).toEqual([
    first.id,
    third.id,
    again.id,
  ]);
  expect(await listStepsBySubtask(engineer, -1)).toEqual([]);
});

test("the steps of a status come newest first, of one project or of all", async () => {
  const made = [await add(), await add({ status: "failed" }), await add({ subtaskId: otherSubtaskId })];
  const [oldest, , newest] = made.map((step) => step.id);
  const ids = (await listStepsByStatus(engineer, "pending", { projectId })).map((step) => step.id);
  expect(ids).toEqual([newest, oldest]);
  const all = (await listStepsByStatus(engineer, "pending")).map((step) => step.id);
  expect(all).toEqual(expect.arrayContaining(ids));
  expect(await listStepsByStatus(engineer, "completed", { projectId })).toEqual([]);
});

test("fail, retry, complete: attempts are counted, the error stays until it is done", async () => {
  const { id } = await add();
  const said = async (change: StepChange, from: WorkStatus) => {
    const answer = await updateStep(engineer, id, change, from);
    return answer.ok ? [answer.step.status, answer.step.attempts, answer.step.lastError] : answer.code;
  };
  expect(await said({ status: "in_progress" }, "pending")).toEqual(["in_progress", 1, null]);
  expect(await said({ status: "failed", lastError: "leaks" }, "in_progress")).toEqual(["failed", 1, "leaks"]);
  expect(await said({ status: "in_progress" }, "failed")).toEqual(["in_progress", 2, "leaks"]);
  expect(await said({ status: "completed" }, "in_progress")).toEqual(["completed", 2, null]);
});

test("of two who press Retry at once, one retries and the other is told", async () => {
  const { id } = await add({ status: "failed" });
  const answers = await Promise.all([
    updateStep(engineer, id, { status: "in_progress" }, "failed"),
    updateStep(engineer, id, { status: "in_progress" }, "failed"),
  ]);
  expect(answers.filter((answer) => answer.ok)).toMatchObject([{ step: { attempts: 1 } }]);
  expect(answers.filter((answer) => !answer.ok)).toMatchObject([
    {
      status: 409,
      code: "step_changed",
      message: "The step was not changed: it is in progress now, no longer failed.",
    },
  ]);
});

test("what refers to nothing is refused as not there", async () => {
  expect(await getStep(engineer, -1)).toMatchObject({ ok: false, status: 404, code: "not_found" });
  expect(await updateStep(engineer, -1, { status: "failed" })).toMatchObject({
    status: 404,
    code: "not_found",
  });
  expect(await createStep(engineer, draft({ subtaskId: -1 }))).toMatchObject({
    status: 404,
    code: "not_found",
    message: "The step was not added: there is no subtask -1.",
  });
  expect(await createStep(engineer, draft({ parentId: -1 }))).toMatchObject({
    status: 409,
    code: "not_found",
  });
});

test("what is malformed is refused before it is sent", async () => {
  expect(await createStep(engineer, draft({ type: "dance" as "test" }))).toMatchObject({
    status: 400,
    code: "invalid_input",
  });
  expect(await updateStep(engineer, 1, {})).toMatchObject({ status: 400, code: "invalid_input" });
});

test("the guard's refusals arrive with the guard's words", async () => {
  const [first, second] = [await add(), await add()];
  const elsewhere = await add({ subtaskId: otherSubtaskId });
  expect((await updateStep(engineer, second.id, { parentId: first.id })).ok).toBe(true);
  const refused = async (parentId: number) => updateStep(engineer, first.id, { parentId });
  expect(await refused(first.id)).toMatchObject({
    status: 422,
    code: "not_in_place",
    message: "Step 1 was not saved: it cannot be its own parent.",
    hint: "Choose a parent in the same subtask that does not follow from this step, or none.",
  });
  expect(await refused(second.id)).toMatchObject({ status: 422, code: "not_in_place" });
  expect(await refused(elsewhere.id)).toMatchObject({ status: 422, code: "not_in_place" });
  expect(await createStep(engineer, draft({ parentId: elsewhere.id }))).toMatchObject({
    status: 422,
    code: "not_in_place",
  });
});

test.each(["read committed", "repeatable read"])(
  "two writers who each make the other's step a parent close no circle (%s)",
  async (level) => {
    const [first, second] = [await add(), await add()];
    const other = new pg.Client({ connectionString: stack.dbUrl });
    await other.connect();
    const hang = "update public.steps set parent_step_id = $2 where id = $1";
    try {
      for (const client of [db, other]) {
        await client.query(`begin isolation level ${level}`);
        await client.query("select 1 from public.steps limit 1");
      }
      await db.query(hang, [first.id, second.id]);
      const late = other.query(hang, [second.id, first.id]).catch((fault: { code: string }) => fault.code);
      await db.query("commit");
      expect(await late).toBe(level === "read committed" ? "PT422" : "40001");
    } finally {
      await other.end();
    }
  },
);

test.each(["viewer", "operator"] as const)("a %s reads and changes nothing", async (role) => {
  const step = await add();
  const reader = await person(role);
  expect(await getStep(reader, step.id)).toMatchObject({ ok: true, step: { id: step.id } });
  const refused = { ok: false, status: 403, code: "not_allowed", hint: "Ask an engineer." };
  expect(await createStep(reader, draft())).toMatchObject(refused);
  expect(await updateStep(reader, step.id, { status: "completed" }, "pending")).toMatchObject(refused);
  expect(await listStepsBySubtask(engineer, subtaskId)).toEqual([step]);
});

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

test("the feed brings what another engineer adds and changes", async () => {
  const watcher = await person("viewer");
  const initial = await fetchWorkflow(watcher);
  const clock = new ClockEstimate(runtime, initial.serverTime);
  const place = { runtime, clock, client: () => watcher, transport: supabaseTransport };
  const feed = workflowFeed(place, initial);
  const seen = (id: number) => feed.store.getSnapshot().data.steps.find((step) => step.id === id);
  feed.start();
  try {
    await vi.waitFor(() => expect(feed.store.getSnapshot().feed.state).toBe("live"), { timeout: 10_000 });
    const { lastCatchUpAt } = feed.store.getSnapshot().feed;
    const step = await add({ instructions: "Bake" });
    await vi.waitFor(() => expect(seen(step.id)).toEqual(step), { timeout: 5_000 });
    const changed = await updateStep(engineer, step.id, { status: "failed", lastError: "leaks" });
    await vi.waitFor(() => expect({ ok: true, step: seen(step.id) }).toEqual(changed), { timeout: 5_000 });
    expect(feed.store.getSnapshot().feed.lastCatchUpAt, "by the feed, not by reading").toBe(lastCatchUpAt);
    await db.query("update subtasks set title = 'Renamed' where id = $1", [subtaskId]);
    const title = () => feed.store.getSnapshot().data.subtasks.find(({ id }) => id === subtaskId)?.title;
    await vi.waitFor(() => expect(title()).toBe("Renamed"), { timeout: 5_000 });
  } finally {
    feed.stop();
    await watcher.removeAllChannels();
  }
});
