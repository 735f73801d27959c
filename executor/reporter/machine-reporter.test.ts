import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ControllerClient } from "#executor/reporter/controller-client.ts";
import { MachineReporter } from "#executor/reporter/machine-reporter.ts";
import type { StepReport } from "#executor/step-report.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reporter-"));
});
afterEach(() => rm(folder, { recursive: true }));

const step = (seq: number): StepReport => ({
  seq,
  step_type: "valve",
  step_name: "Pulse",
  recipe_step_id: null,
  loop_path: [],
  cycle: null,
  planned_ms: 100,
  device_started_at: "2026-01-01T00:00:00.000000Z",
  parameters: {},
});
const reply = (status: number, body: object) => new Response(JSON.stringify(body), { status });
const DONE = { ok: true };

/** What a database that fails in these ways first, and then takes everything, was sent; and what was said and refused. */
async function delivered(failures: (Response | Error)[]) {
  const sent: { fn: string; seqs: number[] }[] = [];
  const send: typeof fetch = async (input, init) => {
    const body: { p_steps?: StepReport[] } = JSON.parse(String(init?.body));
    const fn = new URL(String(input)).pathname.split("/").at(-1) ?? "";
    sent.push({ fn, seqs: (body.p_steps ?? []).map(({ seq }) => seq) });
    const failure = failures.shift();
    if (failure instanceof Error) throw failure;
    return failure ?? reply(200, DONE);
  };
  const client = new ControllerClient({
    apiUrl: "http://127.0.0.1:9",
    secretKey: "sb_secret_x",
    fetch: send,
  });
  const said: string[] = [];
  const refused: string[] = [];
  const reporter = await MachineReporter.open(client, folder, (line) => said.push(line));
  const ending = new AbortController();
  const events = {
    fenceLost: async () => false,
    runRefused: (_run: string, { code }: { code: string }) => refused.push(code),
  };
  const working = reporter.deliver(() => 1, events, ending.signal);
  reporter.steps("run", [step(1)]);
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(0));
  reporter.end("run", "completed", null, []);
  await vi.waitFor(() => expect(reporter.isDelivered()).toBe(true), { timeout: 5000 });
  ending.abort();
  await working;
  await reporter.close();
  await client.close();
  return { sent, said, refused };
}

test.each([
  ["a lost race", reply(500, { code: "40001", message: "could not serialize access" })],
  ["a deadlock", reply(500, { code: "40P01", message: "deadlock detected" })],
  [
    "a lock not had in time",
    reply(500, { code: "55P03", message: "canceling statement due to lock timeout" }),
  ],
  ["a statement not done in time", reply(500, { code: "57014", message: "canceling statement" })],
  ["no room for connections", reply(503, { code: "53300", message: "too many clients" })],
  ["no connection of the API", reply(504, { code: "PGRST003", message: "Timed out" })],
  ["no answer at all", new TypeError("fetch failed")],
])("after %s the same report is sent again, before what came after it", async (_what, failure) => {
  const { sent, said, refused } = await delivered([failure]);
  expect(sent).toEqual([
    { fn: "record_step", seqs: [1] },
    { fn: "record_step", seqs: [1] },
    { fn: "end_process", seqs: [] },
  ]);
  expect(refused).toEqual([]);
  expect(said).toEqual([
    expect.stringMatching(/^the database does not answer .*; reports are kept and sent later$/),
  ]);
});

test("what the database refuses is told, not sent again", async () => {
  const { sent, refused } = await delivered([
    reply(422, { code: "step_invalid", message: "No step was recorded." }),
  ]);
  expect(sent.map(({ fn }) => fn)).toEqual(["record_step", "end_process"]);
  expect(refused).toEqual(["step_invalid"]);
});
