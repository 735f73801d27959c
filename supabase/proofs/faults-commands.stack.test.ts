// FC: commands that come twice, at once, too late, or whose answer never came.

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
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

describe("FC4 a stop and the natural end at the same moment", () => {
  test("the stop first: the run is completed all the same, and the stop says that it came to nothing", async () => {
    const scene = await Scene.running(lab, 2);
    const stop = randomUUID();
    const [asked, ended] = await lab.inTurn(scene.stopCall(stop), scene.endCall("completed"));
    expect([asked.code, ended.code]).toEqual(["", ""]);
    expect(await scene.look()).toEqual({ run: "completed", machine: "idle", last_seq: 2, open: 0 });
    expect(await scene.outcomeOf(stop)).toEqual([
      "superseded",
      null,
      "The run was completed before the stop took effect.",
    ]);
    expect(await scene.violations()).toEqual([]);
  });

  test("the end first: the stop is told that there is nothing to stop", async () => {
    const scene = await Scene.running(lab, 2);
    const stop = randomUUID();
    const [ended, asked] = await lab.inTurn(scene.endCall("completed"), scene.stopCall(stop));
    expect([ended.code, asked.code]).toEqual(["", "nothing_to_stop"]);
    expect(await scene.look()).toEqual({ run: "completed", machine: "idle", last_seq: 2, open: 0 });
    expect(await scene.outcomeOf(stop)).toEqual([
      "rejected",
      "nothing_to_stop",
      "Nothing was stopped: Proof machine is idle and has no run.",
    ]);
    expect(await scene.violations()).toEqual([]);
  });
});

describe("FC5 a second stop", () => {
  const SUCCEEDED = ["succeeded", null, null];

  test("while the first is asked for has the first one's outcome", async () => {
    const scene = await Scene.running(lab, 2);
    const stops = [randomUUID(), randomUUID()];
    for (const stop of stops) {
      const { code, body } = await lab.answer(scene.stopCall(stop));
      expect([code, body["run_id"], body["command"]]).toEqual([
        "",
        scene.run,
        expect.objectContaining({ id: stop, status: "requested" }),
      ]);
    }
    expect(await scene.look()).toMatchObject({ machine: "stopping", run: "running" });
    expect((await scene.end("aborted")).code).toBe("");
    for (const stop of stops) expect(await scene.outcomeOf(stop)).toEqual(SUCCEEDED);
    // Asked again with its key, each tells how it ended.
    for (const stop of stops) {
      const { code, body } = await lab.answer(scene.stopCall(stop));
      expect([code, body["command"]]).toEqual([
        "",
        expect.objectContaining({ id: stop, status: "succeeded" }),
      ]);
    }
    expect(await scene.violations()).toEqual([]);
  });

  test("sent at once by somebody else has the first one's outcome", async () => {
    const scene = await Scene.running(lab, 2);
    const colleague = await lab.person("operator");
    await lab.assign(colleague, scene.machine);
    const stops = [randomUUID(), randomUUID()] as const;
    const answers = await lab.inTurn(scene.stopCall(stops[0]), scene.stopCall(stops[1], colleague));
    expect(answers.map(({ code }) => code)).toEqual(["", ""]);
    expect((await scene.end("aborted")).code).toBe("");
    for (const stop of stops) expect(await scene.outcomeOf(stop)).toEqual(SUCCEEDED);
    expect(await scene.violations()).toEqual([]);
  });

  test("taken while the run is ending by the first is carried out by that end", async () => {
    const scene = await Scene.running(lab, 2);
    const stops = [randomUUID(), randomUUID()] as const;
    expect((await lab.answer(scene.stopCall(stops[0]))).code).toBe("");
    // The end has its snapshot before the second stop commits: it must begin anew to see it.
    const [asked, ended] = await lab.inTurn(scene.stopCall(stops[1]), scene.endCall("aborted"));
    expect([asked.code, ended.code]).toEqual(["", ""]);
    for (const stop of stops) expect(await scene.outcomeOf(stop)).toEqual(SUCCEEDED);
    expect(await scene.look()).toEqual({ run: "aborted", machine: "idle", last_seq: 2, open: 0 });
    expect(await scene.violations()).toEqual([]);
  });

  test("that comes when the first has ended the run is told that there is nothing to stop", async () => {
    const scene = await Scene.running(lab, 2);
    const stops = [randomUUID(), randomUUID()] as const;
    expect((await lab.answer(scene.stopCall(stops[0]))).code).toBe("");
    const [ended, asked] = await lab.inTurn(scene.endCall("aborted"), scene.stopCall(stops[1]));
    expect([ended.code, asked.code]).toEqual(["", "nothing_to_stop"]);
    expect(await scene.outcomeOf(stops[0])).toEqual(SUCCEEDED);
    expect(await scene.outcomeOf(stops[1])).toEqual([
      "rejected",
      "nothing_to_stop",
      "Nothing was stopped: Proof machine is idle and has no run.",
    ]);
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
