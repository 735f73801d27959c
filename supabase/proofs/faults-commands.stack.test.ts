// FC: commands that come twice, at once, too late, or whose answer never came.

import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { Lab } from "./lab.ts";
import { codeOf, rpc, runIdOf, signedIn, withToken } from "./rest.ts";
import { Scene } from "./scene.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open(inject("stack").dbUrl, 12);
});
afterAll(() => lab?.close());

test("FC1 a double click is one run: both requests, over HTTP and at once, are answered with it", async () => {
  const place = inject("stack");
  const scene = await Scene.held(lab);
  const { token } = await signedIn(place, "operator", [scene.machine]);
  const args = { p_command_id: randomUUID(), p_machine_id: scene.machine, p_recipe_id: scene.recipe };
  const replies = await Promise.all(
    [1, 2, 3].map(() => rpc(place, withToken(place, token), "start_process", args)),
  );
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(new Set(replies.map(runIdOf)).size).toBe(1);
  expect(await scene.runs()).toBe(1);
  expect(await scene.violations()).toEqual([]);
});

test("FC4 a stop and the natural end at once: one outcome, and the stop says which", async () => {
  const outcomes: string[] = [];
  for (let round = 0; round < 12; round += 1) {
    const scene = await Scene.running(lab, 2);
    const stop = randomUUID();
    const [asked, ended] = await Promise.all([lab.answer(scene.stopCall(stop)), scene.end("completed")]);
    expect(ended.code).toBe("");
    expect(await scene.look()).toMatchObject({ run: "completed", machine: "idle", open: 0 });
    const status = await scene.commandStatus(stop);
    expect([asked.code, status]).toEqual(
      asked.code === "" ? ["", "superseded"] : ["nothing_to_stop", "rejected"],
    );
    outcomes.push(asked.code);
    expect(await scene.violations()).toEqual([]);
  }
});

describe("FC5 a second stop", () => {
  test("has the first one's outcome", async () => {
    const scene = await Scene.running(lab, 2);
    const stops = [randomUUID(), randomUUID()];
    for (const stop of stops) expect((await lab.answer(scene.stopCall(stop))).code).toBe("");
    expect((await scene.end("aborted")).code).toBe("");
    expect(await Promise.all(stops.map((stop) => scene.commandStatus(stop)))).toEqual([
      "succeeded",
      "succeeded",
    ]);
  });

  test("that is taken while the run is ending is not left open", async () => {
    const scene = await Scene.running(lab, 2);
    await lab.answer(scene.stopCall());
    const holder = new Client({ connectionString: inject("stack").dbUrl });
    await holder.connect();
    await holder.query(`begin; select 1 from public.machines where id = '${scene.machine}' for update`);
    const waiting = (count: number) =>
      vi.waitFor(
        async () => {
          const [row] = await lab.sql<{ count: number }>(
            `select count(*)::int as count from pg_stat_activity a
             where wait_event_type = 'Lock' and (query like '%request_stop%' or query like '%end_process%')`,
          );
          expect(row?.count).toBe(count);
        },
        { timeout: 10_000, interval: 10 },
      );
    // The stop is first in line for the machine; the end has its snapshot before the stop commits.
    const stop = randomUUID();
    const stopping = lab.answer(scene.stopCall(stop));
    await waiting(1);
    const ending = scene.end("aborted");
    await waiting(2);
    await holder.query("rollback");
    await holder.end();
    // Whoever wins the race, the second stop has an outcome: carried out by the end, or told that there is nothing to stop.
    const { code } = await stopping;
    expect((await ending).code).toBe("");
    expect(["", "nothing_to_stop"]).toContain(code);
    expect(await scene.commandStatus(stop)).toBe(code === "" ? "succeeded" : "rejected");
    expect(await scene.violations()).toEqual([]);
  });

  test("does not run out, however long its controller is away", async () => {
    const scene = await Scene.running(lab, 2);
    const stop = randomUUID();
    await lab.answer(scene.stopCall(stop));
    await lab.sql(
      "update public.machine_commands set requested_at = requested_at - interval '1 hour' where id = $1",
      [stop],
    );
    await scene.claim("proof");
    expect(await scene.commandStatus(stop)).toBe("requested");
    expect(await scene.look()).toMatchObject({ machine: "stopping" });
  });
});

test("FC6 a stop while the start is still asked for: the start is cancelled and reaches no controller", async () => {
  const scene = await Scene.held(lab);
  await scene.start();
  expect((await lab.answer(scene.stopCall())).code).toBe("");
  expect(await scene.commandStatus(scene.command)).toBe("superseded");
  const accept = { p_command_id: scene.command, p_fence_token: scene.fence };
  expect((await lab.answer(scene.controller("accept_command", accept))).code).toBe("command_settled");
  const renewed = await lab.answer(
    scene.controller("renew_lease", { p_machine_id: scene.machine, p_fence_token: scene.fence }),
  );
  expect(renewed.body["commands"]).toEqual([]);
  expect(await scene.look()).toMatchObject({ machine: "idle", run: "aborted", last_seq: 0 });
  expect(await scene.violations()).toEqual([]);
});

test("FC7 the reply is lost after the commit: asking again with the key gives the first answer", async () => {
  const scene = await Scene.held(lab);
  const start = scene.startCall();
  expect(await lab.call(start, "lost")).toBeNull();
  const again = await lab.answer(start);
  scene.run = String(again.body["run_id"]);
  expect([again.code, await scene.runs()]).toEqual(["", 1]);
  expect(await lab.call(scene.recordCall(1), "lost")).toBeNull();
  expect((await scene.record(1)).body).toEqual({ ok: true, last_seq: 1 });
  const stop = scene.stopCall();
  expect(await lab.call(stop, "lost")).toBeNull();
  expect((await lab.answer(stop)).code).toBe("");
  expect(await lab.call(scene.endCall("aborted"), "lost")).toBeNull();
  expect((await scene.end("aborted")).code).toBe("");
  expect(await scene.look()).toEqual({ machine: "idle", run: "aborted", last_seq: 1, open: 0 });
  const commands = await lab.sql(
    "select kind, status from public.machine_commands where machine_id = $1 order by kind",
    [scene.machine],
  );
  expect(commands).toEqual([
    { kind: "start", status: "succeeded" },
    { kind: "stop", status: "succeeded" },
  ]);
  expect(await scene.violations()).toEqual([]);
});

describe("FC8 a request replayed the next day", () => {
  const aDayPasses = (scene: Scene) =>
    lab.sql(
      "update public.machine_commands set requested_at = requested_at - interval '1 day' where machine_id = $1",
      [scene.machine],
    );

  test("has the old answer and starts nothing", async () => {
    const scene = await Scene.running(lab, 1);
    await scene.end("completed");
    await aDayPasses(scene);
    const replayed = await lab.answer(scene.startCall(scene.command));
    expect([replayed.code, replayed.body["run_id"], await scene.runs()]).toEqual(["", scene.run, 1]);
    expect(await scene.look()).toMatchObject({ machine: "idle", run: "completed" });
  });

  test("that nobody took in time stays expired", async () => {
    const scene = await Scene.held(lab);
    await scene.start();
    await aDayPasses(scene);
    await scene.claim("proof");
    const replayed = await lab.answer(scene.startCall(scene.command));
    expect(replayed.body["command"]).toMatchObject({ status: "expired", run_id: scene.run });
    expect(await scene.look()).toMatchObject({ machine: "idle", run: "failed" });
    expect(await scene.runs()).toBe(1);
  });

  test("by somebody else, or for something else, is refused", async () => {
    const place = inject("stack");
    const scene = await Scene.running(lab, 1);
    const { token } = await signedIn(place, "operator", [scene.machine]);
    const stolen = await rpc(place, withToken(place, token), "start_process", {
      p_command_id: scene.command,
      p_machine_id: scene.machine,
      p_recipe_id: scene.recipe,
    });
    expect([stolen.status, codeOf(stolen)]).toEqual([422, "command_id_reused"]);
  });
});
