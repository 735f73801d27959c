// FA: people and programs that mean harm, or do not know what they do. Over HTTP, as they would.

import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { NextRequest } from "next/server";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import nextConfig from "../../next.config.mjs";
import { proxy } from "../../proxy.ts";
import { Lab, stepReport } from "./lab.ts";
import {
  asController,
  ask,
  asNobody,
  codeOf,
  type Headers,
  type Place,
  type Reply,
  rpc,
  runIdOf,
  signedIn,
  withToken,
} from "./rest.ts";
import { Scene } from "./scene.ts";

let lab: Lab;
let place: Place;
beforeAll(async () => {
  place = inject("stack");
  lab = await Lab.open(place.dbUrl, 6);
});
afterAll(() => lab?.close());

const startArgs = (scene: Scene, recipe = scene.recipe) => ({
  p_command_id: randomUUID(),
  p_machine_id: scene.machine,
  p_recipe_id: recipe,
});
const start = (scene: Scene, headers: Headers, more: object = {}) =>
  rpc(place, headers, "start_process", { ...startArgs(scene), ...more });
const outcome = (reply: Reply) => [reply.status, codeOf(reply)];
const tables = [
  "machines",
  "machine_state",
  "process_executions",
  "process_execution_state",
  "step_execution_history",
  "machine_commands",
  "machine_leases",
  "audit_log",
];

async function as(role: string, machines: string[] = []) {
  const someone = await signedIn(place, role, machines);
  return { ...someone, headers: withToken(place, someone.token) };
}

const refusals = (machine: string, personId: string) =>
  lab.sql(
    "select after ->> 'code' as code from public.audit_log where machine_id = $1 and actor_id = $2 and action = 'command_rejected'",
    [machine, personId],
  );

test("FA1 a viewer starts nothing, by function or by table, and the try is on record", async () => {
  const scene = await Scene.held(lab);
  const other = await Scene.running(lab, 1);
  await other.end("completed");
  const viewer = await as("viewer", [scene.machine]);
  expect(outcome(await start(scene, viewer.headers))).toEqual([403, "not_allowed"]);
  expect(await refusals(scene.machine, viewer.id)).toEqual([{ code: "not_allowed" }]);
  for (const table of tables) {
    const [row] = await lab.sql(`select to_jsonb(t) as row from public.${table} t limit 1`);
    const [column = "", value] = Object.entries(Object(row?.["row"]))[0] ?? [];
    const path = `/rest/v1/${table}`;
    for (const refused of [
      await ask(place, "POST", path, viewer.headers, { [column]: value }),
      await ask(place, "PATCH", `${path}?${column}=eq.${encodeURIComponent(String(value))}`, viewer.headers, {
        [column]: value,
      }),
      await ask(place, "DELETE", `${path}?${column}=eq.${encodeURIComponent(String(value))}`, viewer.headers),
    ])
      expect([table, ...outcome(refused)]).toEqual([table, 403, "42501"]);
  }
  for (const fn of ["claim_machine", "record_step", "end_process", "atomic_complete_machine_state"]) {
    const refused = await rpc(place, viewer.headers, fn, argumentsOf(fn, scene));
    expect([fn, ...outcome(refused)]).toEqual([fn, 403, "42501"]);
  }
  expect(await scene.look()).toMatchObject({ machine: "idle" });
});

function argumentsOf(fn: string, { machine }: Scene): object {
  const p_run_id = randomUUID();
  if (fn === "claim_machine")
    return { p_machine_id: machine, p_controller: "mine", p_driver: "mine", p_is_simulated: true };
  if (fn === "record_step") return { p_run_id, p_fence_token: 1, p_steps: [] };
  if (fn === "end_process") return { p_run_id, p_fence_token: 1, p_outcome: "completed" };
  return { p_machine_id: machine };
}

test("FA2 with the publishable key alone nothing can be called, read or even listed", async () => {
  const scene = await Scene.held(lab);
  const nobody = asNobody(place);
  expect(outcome(await start(scene, nobody))).toEqual([401, "42501"]);
  for (const table of tables) {
    const read = await ask(place, "GET", `/rest/v1/${table}`, nobody);
    expect([table, ...outcome(read)]).toEqual([table, 401, "42501"]);
  }
  const listing = await ask(place, "GET", "/rest/v1/", nobody);
  const paths = Object.keys(Object(Reflect.get(Object(listing.body), "paths")));
  expect(paths.filter((path) => path !== "/")).toEqual([]);
});

test("FA3 an operator of another machine changes nothing of this one, by any command", async () => {
  const scene = await Scene.running(lab, 1);
  const stranger = await as("operator", [await lab.machine()]);
  const commands: [string, object][] = [
    ["start_process", startArgs(scene)],
    ["request_stop", { p_command_id: randomUUID(), p_machine_id: scene.machine }],
    ["clear_machine", { p_command_id: randomUUID(), p_machine_id: scene.machine, p_reason: "let me" }],
    [
      "reconcile_run",
      { p_command_id: randomUUID(), p_run_id: scene.run, p_outcome: "failed", p_reason: "let me" },
    ],
  ];
  for (const [fn, args] of commands) {
    expect([fn, ...outcome(await rpc(place, stranger.headers, fn, args))]).toEqual([fn, 403, "not_allowed"]);
  }
  expect(await scene.look()).toMatchObject({ machine: "processing", run: "running" });
  expect(await refusals(scene.machine, stranger.id)).toHaveLength(commands.length);
});

test("FA4 who makes himself an administrator in his own metadata is what he was", async () => {
  const scene = await Scene.held(lab);
  const viewer = await as("viewer", [scene.machine]);
  const updated = await ask(place, "PUT", "/auth/v1/user", viewer.headers, {
    data: { role: "admin", app_metadata: { role: "admin" } },
  });
  expect(updated.status).toBe(200);
  const again = await ask(place, "POST", "/auth/v1/token?grant_type=password", asNobody(place), {
    email: viewer.email,
    password: "proof password",
  });
  const token = String(Reflect.get(Object(again.body), "access_token"));
  expect(outcome(await start(scene, withToken(place, token)))).toEqual([403, "not_allowed"]);
  const profile = await ask(place, "PATCH", `/rest/v1/profiles?id=eq.${viewer.id}`, withToken(place, token), {
    role: "admin",
  });
  expect(outcome(profile)).toEqual([403, "42501"]);
});

test("FA5 a role that is taken away is gone with the next command, whatever the token says", async () => {
  const scene = await Scene.held(lab);
  const operator = await as("operator", [scene.machine]);
  await lab.sql("update public.profiles set role = 'viewer' where id = $1", [operator.id]);
  expect(outcome(await start(scene, operator.headers))).toEqual([403, "not_allowed"]);
  await lab.sql("update public.profiles set role = 'operator', status = 'disabled' where id = $1", [
    operator.id,
  ]);
  expect(outcome(await start(scene, operator.headers))).toEqual([403, "not_signed_in"]);
  expect((await ask(place, "GET", "/rest/v1/machines", operator.headers)).body).toEqual([]);
  await lab.sql("update public.profiles set status = 'active' where id = $1", [operator.id]);
  await lab.sql("update public.user_machine_assignments set is_active = false where user_id = $1", [
    operator.id,
  ]);
  expect(outcome(await start(scene, operator.headers))).toEqual([403, "not_allowed"]);
  await lab.sql("update public.user_machine_assignments set is_active = true where user_id = $1", [
    operator.id,
  ]);
  expect((await start(scene, operator.headers)).status).toBe(200);
});

describe("FA6 a token that is not ours is refused with 401", () => {
  const claims = () => ({ sub: randomUUID(), role: "service_role", aud: "authenticated" });
  test("unsigned", async () => {
    const scene = await Scene.held(lab);
    const token = new UnsecuredJWT(claims()).setExpirationTime("1h").encode();
    expect((await start(scene, withToken(place, token))).status).toBe(401);
  });

  test("signed by a key of one's own, under our key's name", async () => {
    const scene = await Scene.held(lab);
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const published = await ask(place, "GET", "/auth/v1/.well-known/jwks.json", {});
    const [key] = Object(published.body).keys;
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: "ES256", kid: key.kid, jwk: await exportJWK(publicKey) })
      .setExpirationTime("1h")
      .sign(privateKey);
    expect((await start(scene, withToken(place, token))).status).toBe(401);
  });

  test("signed with the published key as if it were a password", async () => {
    const scene = await Scene.held(lab);
    const published = await ask(place, "GET", "/auth/v1/.well-known/jwks.json", {});
    const [key] = Object(published.body).keys;
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: "HS256", kid: key.kid })
      .setExpirationTime("1h")
      .sign(new TextEncoder().encode(JSON.stringify(key)));
    expect((await start(scene, withToken(place, token))).status).toBe(401);
  });
});

test("FA8 no page may be framed by another site", async () => {
  vi.stubEnv("SUPABASE_URL", place.apiUrl);
  vi.stubEnv("SUPABASE_PUBLISHABLE_KEY", place.publishableKey);
  const answer = await proxy(new NextRequest("http://localhost:3000/machines"));
  expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  const [{ source, headers } = { source: "", headers: [] }] = await nextConfig.headers();
  expect(source).toBe("/:path*");
  expect(headers).toContainEqual({ key: "X-Frame-Options", value: "DENY" });
  vi.unstubAllEnvs();
});

describe("FA9 text that means something elsewhere", () => {
  const texts = [
    "'; drop table public.machines; --",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\u202egnihtemos\u202c \u0007 \u200b",
    "\ud83e\uddea".repeat(10_000),
  ];

  test.each(texts.map((text) => [text.slice(0, 24), text]))(
    "is kept as it is in a step's name: %j",
    async (_short, text) => {
      const scene = await Scene.running(lab, 1);
      const p_steps = [stepReport(2, { step_name: text })];
      const args = { p_run_id: scene.run, p_fence_token: scene.fence, p_steps };
      expect((await rpc(place, asController(place), "record_step", args)).status).toBe(200);
      const [row] = await lab.sql(
        "select step_name from public.step_execution_history where process_id = $1 and seq = 2",
        [scene.run],
      );
      expect(row?.["step_name"]).toBe(text);
    },
  );

  test("is kept in a reason; what is longer than a reason may be does not keep a stop away", async () => {
    const scene = await Scene.running(lab, 1);
    const { headers } = await as("operator", [scene.machine]);
    const stop = (p_reason: string) =>
      rpc(place, headers, "request_stop", {
        p_command_id: randomUUID(),
        p_machine_id: scene.machine,
        p_reason,
      });
    const short = texts[0] ?? "";
    expect((await stop(short)).status).toBe(200);
    const endless = await stop("\ud83e\uddea".repeat(10_000));
    expect(endless.status).toBe(200);
    const rows = await lab.sql(
      "select reason from public.machine_commands where machine_id = $1 and kind = 'stop' order by requested_at",
      [scene.machine],
    );
    expect(rows).toEqual([{ reason: short }, { reason: "\ud83e\uddea".repeat(4_000) }]);
  });

  test("NUL, which Postgres cannot keep, is refused and nothing is written", async () => {
    const scene = await Scene.running(lab, 1);
    const p_steps = [stepReport(2, { step_name: "a\u0000b" })];
    const args = { p_run_id: scene.run, p_fence_token: scene.fence, p_steps };
    const refused = await rpc(place, asController(place), "record_step", args);
    expect(outcome(refused)).toEqual([400, "22P05"]);
    expect(await scene.look()).toMatchObject({ last_seq: 1 });
  });
});

describe("FA10 what is too large, too deep or no number", () => {
  test("two megabytes of parameters are refused, and nothing is started", async () => {
    const scene = await Scene.held(lab);
    const { headers } = await as("operator", [scene.machine]);
    const refused = await start(scene, headers, { p_parameters: { note: "x".repeat(2_000_000) } });
    expect(outcome(refused)).toEqual([422, "parameters_invalid"]);
    expect(await scene.runs()).toBe(0);
  });

  test("more than a megabyte is not taken by any page", async () => {
    const sent = (bytes: number) =>
      proxy(
        new NextRequest("http://localhost:3000/sign-in", {
          method: "POST",
          headers: { "content-length": String(bytes) },
        }),
      );
    vi.stubEnv("SUPABASE_URL", place.apiUrl);
    vi.stubEnv("SUPABASE_PUBLISHABLE_KEY", place.publishableKey);
    expect((await sent(1_048_576)).status).toBe(200);
    const refused = await sent(1_048_577);
    expect([refused.status, await refused.text()]).toEqual([
      413,
      "The request was not read: it is larger than 1 MB, and nothing here takes as much.",
    ]);
    vi.unstubAllEnvs();
  });

  test("20 000 levels of nesting are refused, and nothing is written", async () => {
    const scene = await Scene.running(lab, 1);
    const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    const body = `{"p_run_id":"${scene.run}","p_fence_token":${scene.fence},"p_steps":[{"seq":2,"step_type":"valve","parameters":${deep}}]}`;
    const refused = await ask(place, "POST", "/rest/v1/rpc/record_step", asController(place), body);
    expect(outcome(refused)).toEqual([413, "54001"]);
    expect(await scene.look()).toMatchObject({ last_seq: 1 });
  });

  test.each(["NaN", "Infinity", "-1", "1e400"])("a measured time of %s is refused", async (number) => {
    const scene = await Scene.running(lab, 1);
    const value = /^[-\d]/.test(number) ? number : `"${number}"`;
    const body = `{"p_run_id":"${scene.run}","p_fence_token":${scene.fence},"p_steps":[{"seq":2,"step_type":"valve","measured_ms":${value}}]}`;
    const refused = await ask(place, "POST", "/rest/v1/rpc/record_step", asController(place), body);
    expect(outcome(refused)).toEqual([422, "step_invalid"]);
    expect(await scene.look()).toMatchObject({ last_seq: 1 });
  });

  test.each(["NaN", "Infinity"])("a reading of %s is refused", async (value) => {
    const scene = await Scene.running(lab, 1);
    const p_samples = [{ timestamp: "2026-01-01T00:00:00Z", values: { [randomUUID()]: value } }];
    const refused = await rpc(place, asController(place), "record_samples", {
      p_run_id: scene.run,
      p_fence_token: scene.fence,
      p_samples,
    });
    expect(outcome(refused)).toEqual([422, "sample_invalid"]);
  });
});

describe("FA11 a recipe that cannot be played is refused with the place of its fault, and starts nothing", () => {
  const broken: [string, (recipe: string) => Promise<unknown>, string][] = [
    [
      "without its valve",
      (recipe) =>
        lab.sql(
          "delete from public.valve_step_config where step_id in (select id from public.recipe_steps where recipe_id = $1)",
          [recipe],
        ),
      "steps[0].children[0]: this valve step has no valve and duration",
    ],
    [
      "whose loop is its own ancestor",
      (recipe) =>
        lab.sql(
          `update public.recipe_steps s set parent_step_id = (select c.id from public.recipe_steps c where c.recipe_id = $1 and c.sequence_number = 2)
           where s.recipe_id = $1 and s.sequence_number = 1`,
          [recipe],
        ),
      "cannot be played: the recipe has no steps.",
    ],
    [
      "of two thousand million cycles",
      (recipe) =>
        lab.sql(
          "update public.loop_step_config set iteration_count = 2000000000 where step_id in (select id from public.recipe_steps where recipe_id = $1)",
          [recipe],
        ),
      "cannot be played: unrolled, the program has more than 999 999 999 steps.",
    ],
  ];

  test.each(broken)("%s", async (_what, spoil, place_of_fault) => {
    const scene = await Scene.held(lab);
    await spoil(scene.recipe);
    const { headers } = await as("operator", [scene.machine]);
    const refused = await start(scene, headers);
    expect(outcome(refused)).toEqual([422, "program_invalid"]);
    expect(Reflect.get(Object(refused.body), "message")).toContain(place_of_fault);
    expect(await scene.runs()).toBe(0);
    expect(await scene.look()).toMatchObject({ machine: "idle" });
  });

  test("of negative time cannot even be stored", async () => {
    const recipe = await lab.recipe();
    await expect(
      lab.sql(
        "update public.valve_step_config set duration_ms = -5 where step_id in (select id from public.recipe_steps where recipe_id = $1)",
        [recipe],
      ),
    ).rejects.toMatchObject({ code: "23514" });
  });
});

const WAVE = 30;

test("FA12 a flood of starts by one person: refused with 429, leaves few rows, while stops pass and others are not affected", {
  timeout: 60_000,
}, async () => {
  const scene = await Scene.held(lab);
  const [flooder, other] = [await as("operator", [scene.machine]), await as("operator", [scene.machine])];
  const stop = (headers: Headers) =>
    rpc(place, headers, "request_stop", { p_command_id: randomUUID(), p_machine_id: scene.machine });
  for (let round = 0; round < 12; round += 1) {
    expect((await start(scene, flooder.headers)).status).toBe(200);
    expect((await stop(flooder.headers)).status).toBe(200);
  }
  const wave = () => Promise.all(Array.from({ length: WAVE }, () => start(scene, flooder.headers)));
  const flood: Reply[] = await wave();
  expect(new Set(flood.map(codeOf))).toEqual(new Set(["too_many_starts"]));
  for (let round = 0; round < 9; round += 1) flood.push(...(await wave()));
  expect(new Set(flood.map(codeOf))).toEqual(new Set(["too_many_starts", "too_many_refusals"]));
  expect(new Set(flood.map(({ status }) => status))).toEqual(new Set([429]));
  expect((await refusals(scene.machine, flooder.id)).length).toBeLessThanOrEqual(60 + WAVE);
  const started = await start(scene, other.headers);
  expect(started.status).toBe(200);
  expect((await stop(flooder.headers)).status).toBe(200);
  scene.run = runIdOf(started);
  expect(await scene.look()).toMatchObject({ machine: "idle", run: "aborted" });
  expect(await scene.violations()).toEqual([]);
});

describe("FA13 the feed of others", () => {
  test("is not read through the tables behind it", async () => {
    const { headers } = await as("operator");
    const read = await ask(place, "GET", "/rest/v1/messages", { ...headers, "accept-profile": "realtime" });
    expect([read.status, codeOf(read)]).toEqual([406, "PGRST106"]);
  });

  test.each([
    ["a private topic", true, "CHANNEL_ERROR"],
    ["a table nobody may read", false, "error"],
  ])("is not joined: %s", async (_what, isPrivate, expected) => {
    const { token } = await as("operator");
    const client = createClient(place.apiUrl, place.publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
    await client.realtime.setAuth(token);
    const channel = client.channel(`site-${randomUUID()}`, { config: { private: isPrivate } });
    if (!isPrivate)
      channel.on("postgres_changes", { event: "*", schema: "auth", table: "users" }, () => undefined);
    const refused = await new Promise<string>((resolve) => {
      if (!isPrivate) channel.on("system", {}, ({ status }: { status: string }) => resolve(status));
      // Of a table, the channel itself is joined first; the word about the table comes after it.
      channel.subscribe((status) => (isPrivate || status !== "SUBSCRIBED") && resolve(status));
    });
    await client.removeAllChannels();
    expect(refused).toBe(expected);
  });
});
