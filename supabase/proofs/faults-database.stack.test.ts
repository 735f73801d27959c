// FD: what goes wrong with the database itself. On a stack of its own, because it is killed, filled and closed here.

import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";
import { type Stack, startStack } from "#supabase/local/stack.ts";
import { migrate } from "#supabase/runner/migrate.ts";
import { CONTROLLER, isConnectionLoss } from "./call.ts";
import { Lab } from "./lab.ts";
import { codeOf, rpc, signedIn, withToken } from "./rest.ts";
import { Scene } from "./scene.ts";

let stack: Stack;
let lab: Lab;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  stack = await startStack({ ephemeral: true, seed: false });
  lab = await Lab.open(stack.dbUrl, 24);
});
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
  expect(await lab.violations()).toEqual([]);
});
afterAll(async () => {
  await lab?.close();
  await stack?.stop();
});

/** A real executor serving a machine of its own, and an operator at the keyboard. */
async function bench(steps: Parameters<TestBed["start"]>[0], parameters: object = {}) {
  const bed = await TestBed.open(stack);
  bed.db.on("error", () => undefined);
  const served = await bed.serve();
  const runId = await bed.start(steps, parameters);
  const run = async () => {
    const [row] = await lab.sql<{
      status: string;
      last_seq: number;
      machine: string;
      error_message: string | null;
    }>(
      `select r.status, r.last_seq, m.status as machine, r.error_message from public.process_executions r
       join public.machines m on m.id = r.machine_id where r.id = $1`,
      [runId],
    );
    return row;
  };
  const untilRun = (wanted: object) =>
    vi.waitFor(async () => expect(await run()).toMatchObject(wanted), { timeout: 40_000, interval: 100 });
  const seqs = async () =>
    (
      await lab.sql<{ seq: number; measured_ms: string | null }>(
        "select seq, measured_ms from public.step_execution_history where process_id = $1 order by seq",
        [runId],
      )
    ).map(({ seq, measured_ms }) => [seq, measured_ms !== null]);
  const end = async () => {
    await served.shutdown();
    await bed.operator.signOut();
  };
  undo.push(end);
  const untilSeq = (seq: number) =>
    vi.waitFor(async () => expect((await run())?.last_seq).toBeGreaterThanOrEqual(seq), {
      timeout: 30_000,
      interval: 50,
    });
  return { bed, runId, run, untilRun, untilSeq, seqs, lines: served.lines };
}

const all = (count: number) => Array.from({ length: count }, (_, index) => [index + 1, true]);

/** A session of somebody with psql; ended with the test. */
async function psql(): Promise<Client> {
  const client = new Client({ connectionString: stack.dbUrl });
  client.on("error", () => undefined);
  await client.connect();
  undo.push(() => client.end());
  return client;
}

const untilBlocked = (count = 1) =>
  vi.waitFor(
    async () => {
      const [row] = await lab.sql<{ count: number }>(
        "select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      expect(row?.count).toBeGreaterThanOrEqual(count);
    },
    { timeout: 10_000, interval: 20 },
  );

test("FD1 a restart of the database in the middle of a run: nothing is missing, nothing doubled", {
  timeout: 90_000,
}, async () => {
  const { untilSeq, untilRun, seqs } = await bench([loop(20, pulse(1), purge(200))]);
  await untilSeq(5);
  await stack.restartPostgres("fast");
  await untilRun({ status: "completed", machine: "idle", last_seq: 40 });
  expect(await seqs()).toEqual(all(40));
});

describe("FD1 a database that was away longer than a lease blames no controller", () => {
  const statusOf = async ({ machine }: Scene) =>
    (await lab.sql<{ status: string }>("select status from public.machines where id = $1", [machine]))[0]
      ?.status;
  const renew = (scene: Scene) =>
    lab.answer(scene.controller("renew_lease", { p_machine_id: scene.machine, p_fence_token: scene.fence }));
  /** The lease ended `agoMs` ago and had been given for `ttlMs`. */
  const leaseEnded = ({ machine }: Scene, agoMs: number, ttlMs: number) =>
    lab.sql(
      `update public.machine_leases set expires_at = clock_timestamp() - $2 * interval '1 ms',
         renewed_at = clock_timestamp() - ($2 + $3) * interval '1 ms' where machine_id = $1`,
      [machine, agoMs, ttlMs],
    );
  const heldByAnother = async () => {
    const scene = await Scene.held(lab);
    await lab.sql("update public.machine_leases set controller = 'another' where machine_id = $1", [
      scene.machine,
    ]);
    return scene;
  };

  test("who could not be heard has the time of the lease once more, and not longer", {
    timeout: 60_000,
  }, async () => {
    const [silent, other] = [await Scene.running(lab), await heldByAnother()];
    await leaseEnded(silent, 1, 60_000);
    await stack.restartPostgres("kill");
    expect((await renew(other)).code).toBe("");
    expect(await statusOf(silent)).toBe("processing");
    await leaseEnded(silent, 1, 1);
    expect((await renew(other)).code).toBe("");
    expect(await statusOf(silent)).toBe("unknown");
  });

  test("who is heard from for one machine is not taken for dead in the next", async () => {
    const [one, next, other] = [await Scene.running(lab), await Scene.running(lab), await heldByAnother()];
    await leaseEnded(next, 1, 1);
    expect((await renew(one)).code).toBe("");
    expect(await statusOf(next)).toBe("processing");
    expect((await renew(other)).code).toBe("");
    expect(await statusOf(next)).toBe("unknown");
  });
});

test("FD2 killed in the middle of a start: it is all there or not at all, and its key tells which", {
  timeout: 60_000,
}, async () => {
  const scene = await Scene.held(lab);
  const holder = await psql();
  await holder.query(`begin; select 1 from public.machines where id = '${scene.machine}' for update`);
  const call = scene.startCall();
  const dying = lab.answer(call).catch((error: unknown) => error);
  await untilBlocked();
  await stack.restartPostgres("kill");
  expect(isConnectionLoss(await dying)).toBe(true);
  expect(await scene.runs()).toBe(0);
  const asked = await lab.answer(call);
  expect([asked.code, await scene.runs()]).toEqual(["", 1]);
  expect((await lab.answer(call)).body["run_id"]).toBe(asked.body["run_id"]);
  expect(await scene.runs()).toBe(1);
});

/** From now on every insert into the table fails with this SQLSTATE; answers with how to mend it. */
async function breakTable(table: string, sqlstate: string): Promise<() => Promise<unknown>> {
  await lab.sql(`
    create function private.broken() returns trigger language plpgsql as $$
      begin raise exception using errcode = '${sqlstate}', message = 'broken by a proof'; end $$;
    create trigger t00_broken before insert on public.${table} for each row execute function private.broken()`);
  return () => lab.sql("drop function if exists private.broken() cascade");
}

test("FD4 a full disk: a command says that it was not carried out, and the same key works when there is room", async () => {
  const scene = await Scene.held(lab);
  const { token } = await signedIn(stack, "operator", [scene.machine]);
  const args = {
    p_command_id: randomUUID(),
    p_machine_id: scene.machine,
    p_recipe_id: scene.recipe,
  };
  const makeRoom = await breakTable("process_executions", "53100");
  undo.push(makeRoom);
  const refused = await rpc(stack, withToken(stack, token), "start_process", args);
  expect([refused.status, codeOf(refused)]).toEqual([503, "53100"]);
  expect(await scene.look()).toMatchObject({ machine: "idle" });
  expect(await scene.commandStatus(args.p_command_id)).toBeUndefined();
  await makeRoom();
  const done = await rpc(stack, withToken(stack, token), "start_process", args);
  expect([done.status, await scene.runs()]).toEqual([200, 1]);
});

test.each([
  ["a full disk", "53100"],
  // As a standby answers, and a hosted project whose disk is nearly full.
  ["a database that only reads", "25006"],
])(
  "FD4 %s in the middle of a run: the machine plays on, and afterwards nothing is missing",
  {
    timeout: 60_000,
  },
  async (_what, sqlstate) => {
    const { untilSeq, untilRun, seqs, lines } = await bench([loop(15, pulse(1), purge(200))]);
    await untilSeq(3);
    const mend = await breakTable("step_execution_history", sqlstate);
    undo.push(mend);
    await vi.waitFor(() => expect(lines.join()).toContain("reports are kept and sent later"), {
      timeout: 15_000,
    });
    await mend();
    await untilRun({ status: "completed", last_seq: 30 });
    expect(await seqs()).toEqual(all(30));
  },
);

test("FD5 no connection left: whoever asks is told, and asking again with the same key is safe", {
  timeout: 60_000,
}, async () => {
  const scene = await Scene.held(lab);
  const { token } = await signedIn(stack, "operator", [scene.machine]);
  const args = {
    p_command_id: randomUUID(),
    p_machine_id: scene.machine,
    p_recipe_id: scene.recipe,
  };
  await lab.sql("alter role authenticator connection limit 0");
  const reopen = () => lab.sql("alter role authenticator connection limit -1");
  undo.push(reopen);
  await lab.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'");
  const refused = await rpc(stack, withToken(stack, token), "start_process", args);
  expect(refused.status).toBe(503);
  expect(await scene.runs()).toBe(0);
  await reopen();
  await vi.waitFor(
    async () => expect((await rpc(stack, withToken(stack, token), "start_process", args)).status).toBe(200),
    { timeout: 40_000, interval: 250 },
  );
  expect(await scene.runs()).toBe(1);
});

test("FD6 a lock somebody holds for long: the call gives up after 2 s with nothing done, and nothing piles up", {
  timeout: 60_000,
}, async () => {
  const scene = await Scene.held(lab);
  const { token } = await signedIn(stack, "operator", [scene.machine]);
  const holder = await psql();
  await holder.query(`begin; select 1 from public.machines where id = '${scene.machine}' for update`);
  const start = (command: string) =>
    rpc(stack, withToken(stack, token), "start_process", {
      p_command_id: command,
      p_machine_id: scene.machine,
      p_recipe_id: scene.recipe,
    });
  const keys = Array.from({ length: 4 }, () => randomUUID());
  const refused = await Promise.all(keys.map(start));
  expect(refused.map((reply) => [reply.status, codeOf(reply)])).toEqual(keys.map(() => [500, "55P03"]));
  expect(
    await lab.sql("select 1 from public.machine_commands where machine_id = $1", [scene.machine]),
  ).toEqual([]);
  await holder.query("rollback");
  expect((await start(keys[0] ?? "")).status).toBe(200);
});

describe("FD7 a deadlock with somebody's own session", () => {
  /** Takes the run and then its machine, the wrong way round, while `end_process` takes them in order. */
  async function crossed(ours: Lab, theirPatience: string) {
    const scene = await Scene.running(ours, 2);
    const other = await psql();
    await other.query(`set deadlock_timeout = '${theirPatience}'`);
    const { rows } = await other.query<{ pid: number }>("select pg_backend_pid() as pid");
    await other.query(`begin; select 1 from public.process_executions where id = '${scene.run}' for update`);
    const ending = scene.end("completed");
    await lab.untilBlockedBy(rows[0]?.pid ?? 0);
    const theirs = await other
      .query(`select 1 from public.machines where id = '${scene.machine}' for update`)
      .then(() => "had it")
      .catch((error: { code: string }) => error.code);
    await other.query("rollback");
    const { code } = await ending;
    expect(await scene.look()).toEqual({ machine: "idle", run: "completed", last_seq: 2, open: 0 });
    return { ours: code, theirs };
  }

  test("whose victim is ours: it is tried again, and there is one outcome", async () => {
    const url = new URL(stack.dbUrl);
    url.searchParams.set("options", "-c deadlock_timeout=1500ms");
    const impatient = await Lab.open(url.href, 4);
    undo.push(() => impatient.close());
    expect(await crossed(impatient, "1h")).toEqual({ ours: "", theirs: "had it" });
    expect([...impatient.retries]).toEqual([["40P01", 1]]);
  });

  test("whose victim is theirs: ours goes through at once", async () => {
    const lost = lab.retries.get("40P01") ?? 0;
    expect(await crossed(lab, "1ms")).toEqual({ ours: "", theirs: "40P01" });
    expect(lab.retries.get("40P01") ?? 0).toBe(lost);
  });
});

test("FD8 twenty operators start one machine at once: one wins, the others are told cleanly", {
  timeout: 60_000,
}, async () => {
  const scene = await Scene.held(lab);
  const operators = await Promise.all(Array.from({ length: 20 }, () => lab.person("operator")));
  for (const operator of operators) await lab.assign(operator, scene.machine);
  const answers = await Promise.all(
    operators.map((operator) =>
      lab.answer(
        scene.ask(
          "start_process",
          { p_command_id: randomUUID(), p_machine_id: scene.machine, p_recipe_id: scene.recipe },
          operator,
        ),
      ),
    ),
  );
  expect(answers.map(({ code }) => code).sort()).toEqual(["", ...Array(19).fill("machine_not_idle")]);
  expect(await scene.runs()).toBe(1);
});

test("FD10 the clock steps back 5 s: no duration is negative, and no lease is stolen", async () => {
  const scene = await Scene.running(lab, 3);
  // What was written before a step back lies in the future afterwards.
  await lab.sql(`
    begin;
    set local session_replication_role = replica;
    update public.process_executions set start_time = start_time + interval '5 seconds' where id = '${scene.run}';
    update public.step_execution_history
    set started_at = started_at + interval '5 seconds', ended_at = ended_at + interval '5 seconds' where process_id = '${scene.run}';
    update public.machine_leases set renewed_at = renewed_at + interval '5 seconds', expires_at = expires_at + interval '5 seconds'
    where machine_id = '${scene.machine}';
    commit`);
  expect((await scene.record(4, 5)).code).toBe("");
  expect((await scene.claim("thief")).code).toBe("lease_held");
  expect((await scene.end("completed")).code).toBe("");
  const [row] = await lab.sql<{ steps: number; shortest: number }>(
    `select count(*)::int as steps, min(extract(epoch from ended_at - started_at))::float8 as shortest
     from public.step_execution_history where process_id = $1`,
    [scene.run],
  );
  expect(row?.steps).toBe(5);
  expect(row?.shortest).toBeGreaterThan(0);
});

test("FD11 a database put back to an earlier moment: the run is not continued, and a person must look at the machine", {
  timeout: 60_000,
}, async () => {
  const { bed, runId, untilSeq, untilRun, lines } = await bench([loop(200, pulse(1), purge(200))]);
  await untilSeq(8);
  await lab.sql(`
    begin;
    set local session_replication_role = replica;
    delete from public.step_execution_history where process_id = '${runId}' and seq > 4;
    update public.step_execution_history set ended_at = null, end_reason = null where process_id = '${runId}' and seq = 4;
    update public.process_executions set last_seq = 4 where id = '${runId}';
    update public.machine_leases set fence_token = 1, expires_at = clock_timestamp() - interval '10 minutes'
    where machine_id = '${bed.machine.id}';
    commit`);
  await untilRun({ status: "failed", machine: "error" });
  expect(lines.join("\n")).toContain("the run is recorded to step 4");
  const started = await bed.operator.start(bed.machine.id, await lab.recipe(), {}, null);
  expect(started).toMatchObject({ ok: false, code: "machine_not_idle" });
});

describe("FD12 a migration in the middle of a run", () => {
  /** What a migration does to what is in use: a column more, functions and triggers anew, one with another signature. */
  const MIGRATION = `
    alter table public.step_execution_history add column later text;
    create or replace trigger trg_process_state_history after insert or update on public.process_execution_state
      for each row when (new.current_seq = 0) execute function public.fn_record_step_history();
    do $$ begin execute pg_get_functiondef('public.fn_record_step_history()'::regprocedure); end $$;
    drop function public.record_step(uuid, bigint, jsonb);
    create function public.record_step(p_run_id uuid, p_fence_token bigint, p_steps jsonb, p_later text default null) returns jsonb
    language sql security definer set search_path = '' set lock_timeout = '2s'
    as $f$ select private.report_steps(p_run_id, p_fence_token, p_steps) $f$;
    grant execute on function public.record_step(uuid, bigint, jsonb, text) to service_role`;
  const BACK = `
    drop function if exists public.record_step(uuid, bigint, jsonb, text);
    create or replace function public.record_step(p_run_id uuid, p_fence_token bigint, p_steps jsonb) returns jsonb
    language sql security definer set search_path = '' set lock_timeout = '2s'
    as $f$ select private.report_steps(p_run_id, p_fence_token, p_steps) $f$;
    alter table public.step_execution_history drop column if exists later`;

  const steps = async (scene: Scene): Promise<number> =>
    (await lab.sql("select 1 from public.step_execution_history where process_id = $1", [scene.run])).length;
  /** A step of a controller that only writes the state row. */
  const write = (scene: Scene, step: number) =>
    lab.write(
      CONTROLLER,
      "update public.process_execution_state set current_step_index = $2, current_step_type = 'valve', current_step_name = 'old' where execution_id = $1",
      [scene.run, step],
    );

  test.each(["commit", "rollback"])(
    "a report and a write that come before its %s wait for it, and are recorded",
    async (end) => {
      const [reported, old] = [await Scene.running(lab, 1), await Scene.held(lab)];
      await old.start();
      undo.push(() => lab.sql(BACK));
      for (const [scene, send] of [
        [reported, () => reported.record(2)],
        [old, () => write(old, 1)],
      ] as const) {
        const before = await steps(scene);
        const migration = await psql();
        const { rows } = await migration.query<{ pid: number }>("select pg_backend_pid() as pid");
        await migration.query("begin");
        await migration.query(MIGRATION);
        const sent = send();
        await lab.untilBlockedBy(rows[0]?.pid ?? 0);
        await migration.query(end);
        expect((await sent).code).toBe("");
        expect(await steps(scene)).toBe(before + 1);
        await lab.sql(BACK);
      }
    },
  );

  test("after it the call of before is still understood, and the trigger fires", async () => {
    const [reported, old] = [await Scene.running(lab, 1), await Scene.held(lab)];
    await old.start();
    undo.push(() => lab.sql(BACK));
    await lab.sql(MIGRATION);
    expect([(await reported.record(2)).code, (await write(old, 1)).code]).toEqual(["", ""]);
    expect([await steps(reported), await steps(old)]).toEqual([2, 1]);
  });

  test("by the runner, again and again, while both controllers work: no call breaks, and no step is missed", {
    timeout: 90_000,
  }, async () => {
    const dir = await mkdtemp(join(tmpdir(), "pulseboard-fd12-"));
    undo.push(() => rm(dir, { recursive: true }));
    const [reported, old] = [await Scene.running(lab, 1), await Scene.held(lab)];
    await old.start();
    let isOver = false;
    /** Sends one step after the other; what lost its lock to the migration was sent again, five times at most, and went through. */
    const play = async (first: number, send: (step: number) => Promise<{ code: string }>) => {
      let step = first;
      for (; !isOver; step += 1) expect([step, (await send(step)).code]).toEqual([step, ""]);
      return step - 1;
    };
    const playing = [play(2, (step) => reported.record(step)), play(1, (step) => write(old, step))];
    for (let round = 1; round <= 3; round += 1) {
      const file = `900${round}_later.sql`;
      await writeFile(
        join(dir, file),
        MIGRATION.replaceAll("later", `later_${round}`).replace(
          "drop function public.record_step(uuid, bigint, jsonb);",
          round === 1 ? "$&" : "drop function public.record_step(uuid, bigint, jsonb, text);",
        ),
      );
      const before = [await steps(reported), await steps(old)];
      expect((await migrate(stack.dbUrl, { dir })).applied).toEqual([file]);
      await vi.waitFor(async () => {
        expect(await steps(reported)).toBeGreaterThan(before[0] ?? 0);
        expect(await steps(old)).toBeGreaterThan(before[1] ?? 0);
      });
    }
    isOver = true;
    const sent = await Promise.all(playing);
    expect([await steps(reported), await steps(old)]).toEqual(sent);
    await lab.sql(`${BACK}, drop column later_1, drop column later_2, drop column later_3;
      delete from supabase_migrations.schema_migrations where version like '900%'`);
  });
});
