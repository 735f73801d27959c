import { createClient } from "@supabase/supabase-js";
import { expect, test } from "vitest";
import type { Database } from "./database.types.ts";
import { commandSample } from "./rows/sample-rows.ts";
import { clearMachine, reconcileRun, requestStop, startRun } from "./send-command.ts";

type Sent = { path: string; body: unknown };

/** A client whose network answers as the test says. */
function clientThat(answers: (sent: Sent) => Promise<Response>) {
  const sent: Sent[] = [];
  const client = createClient<Database>("http://stack.test", "sb_publishable_x", {
    auth: { persistSession: false, autoRefreshToken: false },
    global: {
      fetch: async (input, init) => {
        const one = { path: new URL(String(input)).pathname, body: JSON.parse(String(init?.body)) };
        sent.push(one);
        return answers(one);
      },
    },
  });
  return { client, sent };
}

const json = (status: number, body: unknown) => async () => Response.json(body, { status });
const id = "00000000-0000-4000-8000-0000000000c1";
const stop = { commandId: id, machineId: id, runId: null, mode: "now", reason: null } as const;

test("each command is one call of its function, with the key the browser made", async () => {
  const { client, sent } = clientThat(json(200, { ok: true, command: commandSample(), run_id: "r1" }));
  const start = {
    commandId: id,
    machineId: id,
    recipeId: id,
    expectedVersion: 3,
    expectedProgram: "v1-a",
    description: null,
    parameters: {},
  };
  expect(await startRun(client, start)).toMatchObject({ ok: true, command: { kind: "stop" }, runId: "r1" });
  await requestStop(client, stop);
  await clearMachine(client, { commandId: id, machineId: id, reason: "checked" });
  await reconcileRun(client, { commandId: id, runId: id, outcome: "aborted", reason: "seen" });
  expect(sent).toEqual([
    {
      path: "/rest/v1/rpc/start_process",
      body: {
        p_command_id: id,
        p_machine_id: id,
        p_recipe_id: id,
        p_expected_version: 3,
        p_parameters: {},
        p_description: null,
        p_expected_program: "v1-a",
      },
    },
    {
      path: "/rest/v1/rpc/request_stop",
      body: { p_command_id: id, p_machine_id: id, p_run_id: null, p_mode: "now", p_reason: null },
    },
    { path: "/rest/v1/rpc/clear_machine", body: { p_command_id: id, p_machine_id: id, p_reason: "checked" } },
    {
      path: "/rest/v1/rpc/reconcile_run",
      body: { p_command_id: id, p_run_id: id, p_outcome: "aborted", p_reason: "seen" },
    },
  ]);
});

test("an answer without a run of its own falls back on the command's", async () => {
  const { client } = clientThat(json(200, { ok: true, command: commandSample({ run_id: "r2" }) }));
  expect(await requestStop(client, stop)).toMatchObject({ ok: true, runId: "r2" });
});

test("a refusal comes back with its code, words, hint and status", async () => {
  const body = {
    ok: false,
    code: "no_run",
    message: "Nothing was stopped: no run is on.",
    hint: "Reload.",
    details: null,
  };
  const { client } = clientThat(json(409, body));
  expect(await requestStop(client, stop)).toEqual({
    ok: false,
    code: "no_run",
    message: "Nothing was stopped: no run is on.",
    hint: "Reload.",
    status: 409,
  });
});

test("without an answer nobody claims to know whether it arrived", async () => {
  const { client, sent } = clientThat(() => Promise.reject(new TypeError("fetch failed")));
  expect(await requestStop(client, stop)).toEqual({
    ok: false,
    code: "unreachable",
    message:
      "Could not request the stop: the server was not reached. It is not known whether the request arrived.",
    hint: "Look at the command list below, or press again: the same request is never carried out twice.",
    status: 0,
  });
  expect(sent).toHaveLength(1);
});

test.each(["40001", "40P01"])(
  "a lost race (%s) is tried again, five times in all, under the same key",
  async (code) => {
    const lost = json(500, { code, message: "could not serialize access" });
    const won = json(200, { ok: true, command: commandSample() });
    let tries = 0;
    const late = clientThat(() => {
      tries += 1;
      return tries < 5 ? lost() : won();
    });
    expect(await requestStop(late.client, stop)).toMatchObject({ ok: true });
    expect(new Set(late.sent.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const never = clientThat(lost);
    expect(await requestStop(never.client, stop)).toMatchObject({ ok: false, status: 500, code });
    expect(never.sent).toHaveLength(5);
  },
);

test("a lock that is held for long is told at once", async () => {
  const { client, sent } = clientThat(json(500, { code: "55P03", message: "canceling statement" }));
  expect(await requestStop(client, stop)).toMatchObject({ ok: false, code: "55P03" });
  expect(sent).toHaveLength(1);
});
