import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { Benchmark, Context, Row } from "#bench/benchmark.ts";
import { sumUp } from "#bench/long-run.ts";
import { median } from "#bench/statistics.ts";
import type { Session } from "#scripts/start/session.ts";
import { startStack } from "#supabase/local/stack.ts";

const SIZES = [1000, 10_000, 100_000, 1_000_000, 10_000_000];
const QUICK_LARGEST = 1_000_000;
const CALLS = 300;
const QUICK_CALLS = 100;
/** Calls on the long history and on the empty one take turns of this many. */
const TURN = 10;
const CHUNK = 250_000;
const FLAT = 1.2;
const LEASE_MS = 60_000;
const RENEW_EVERY_MS = 10_000;

type Run = { id: string; machine: string; fence: number; seq: number };

/** N5: one `record_step` of a run with a long history, beside a run without one, on the same database. */
export const stepCost: Benchmark = {
  id: "N5",
  title: "cost of one record_step by length of the run's history",
  goal: "flat: ≤ 1.2 × the cost without history, up to 10 000 000 steps",
  reference: "a run without history, in turns with the long one",
  async run(context) {
    const { db, long, short } = await prepare(context);
    const sizes = SIZES.filter((size) => !context.isQuick || size <= QUICK_LARGEST);
    const rows: Row[] = [];
    for (const size of sizes) {
      await grow(db, long, size, context);
      rows.push(...(await measure(db, long, short, size, context)));
    }
    return rows;
  },
};

async function prepare({ session }: Context): Promise<{ db: Client; long: Run; short: Run }> {
  const stack = await startStack({ ephemeral: true, isDurable: true, seed: false });
  session.defer(() => stack.stop());
  const db = new Client({ connectionString: stack.dbUrl });
  await db.connect();
  session.defer(() => db.end());
  const [long, short] = [await makeRun(db), await makeRun(db)];
  await keepLeases(stack.dbUrl, [long, short], session);
  return { db, long, short };
}

/** A history takes longer to write than a lease lasts, and one statement of it may: renewed on a connection of its own. */
async function keepLeases(dbUrl: string, runs: Run[], session: Session): Promise<void> {
  const keeper = new Client({ connectionString: dbUrl });
  await keeper.connect();
  let renewing: Promise<void> = Promise.resolve();
  const renewAll = async () => {
    for (const { machine, fence } of runs)
      await keeper.query("select public.renew_lease($1, $2, $3)", [machine, fence, LEASE_MS]);
  };
  // A lease that is lost all the same is seen by the next step, which is refused.
  const timer = setInterval(() => {
    renewing = renewing
      .then(renewAll)
      .catch((error: unknown) => console.error("a lease was not renewed:", error));
  }, RENEW_EVERY_MS);
  session.defer(async () => {
    clearInterval(timer);
    await renewing;
    await keeper.end();
  });
}

/** A running run on a machine of its own, with its first step. */
async function makeRun(db: Client): Promise<Run> {
  const [id, machine, person, recipe] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await db.query(`
    begin;
    insert into auth.users (id, email) values ('${person}', '${person}@bench.local');
    insert into public.profiles (id, role) values ('${person}', 'operator');
    insert into public.machines (id, serial_number, name, status) values ('${machine}', '${machine}', 'bench', 'idle');
    insert into public.recipes (id, name) values ('${recipe}', 'bench');
    insert into public.operator_sessions (id, operator_id, machine_id) values ('${id}', '${person}', '${machine}');
    insert into public.process_executions (id, session_id, machine_id, recipe_id, recipe_version, operator_id, status)
    values ('${id}', '${id}', '${machine}', '${recipe}', '{}', '${person}', 'running');
    insert into public.process_execution_state (execution_id) values ('${id}');
    commit`);
  const claim = "select public.claim_machine($1, 'bench', 'bench', true, $2) ->> 'fence_token' as fence";
  const { rows } = await db.query<{ fence: string }>(claim, [machine, LEASE_MS]);
  const run = { id, machine, fence: Number(rows[0]?.fence), seq: 0 };
  await recordStep(db, run);
  return run;
}

/** One call, as the controller makes it; answers with its time in ms. */
async function recordStep(db: Client, run: Run): Promise<number> {
  const seq = run.seq + 1;
  const steps = JSON.stringify([
    ...(run.seq === 0 ? [] : [{ seq: run.seq, step_type: "valve", measured_ms: 100.5 }]),
    {
      seq,
      step_type: "valve",
      step_name: "Pulse",
      loop_path: [seq],
      cycle: seq,
      planned_ms: 100,
      device_started_at: new Date(Date.UTC(2026, 0, 1) + seq * 100).toISOString(),
      parameters: { valve_number: 1, valve_duration_ms: 100 },
    },
  ]);
  const began = performance.now();
  const { rows } = await db.query<{ answer: { ok: boolean; code?: string } }>({
    name: "record_step",
    text: "select public.record_step($1, $2, $3) as answer",
    values: [run.id, run.fence, steps],
  });
  const took = performance.now() - began;
  const answer = rows[0]?.answer;
  if (answer?.ok !== true) throw new Error(`step ${seq} was refused: ${answer?.code}`);
  run.seq = seq;
  return took;
}

/**
 * Lengthens the history to `size` steps, past the triggers and unseen by the feed, as if every step had been recorded one
 * by one. What is measured afterwards passes both.
 */
async function grow(db: Client, run: Run, size: number, { say, session }: Context): Promise<void> {
  const [from, began] = [run.seq, performance.now()];
  await db.query("alter publication supabase_realtime drop table public.step_execution_history");
  while (run.seq < size) {
    session.signal.throwIfAborted();
    const to = Math.min(size, run.seq + CHUNK);
    await db.query(`
      begin; set local session_replication_role = replica; set local synchronous_commit = off;
      update public.step_execution_history set ended_at = started_at + interval '100 milliseconds', end_reason = 'next'
      where process_id = '${run.id}' and ended_at is null;
      insert into public.step_execution_history (process_id, seq, step_number, step_type, step_name, started_at, ended_at,
        parameters, loop_path, cycle, planned_ms, measured_ms, device_started_at, end_reason)
      select '${run.id}', g, g, 'valve', 'Pulse', h.started_at + (g - h.seq) * interval '100 milliseconds',
        case when g < ${to} then h.started_at + (g - h.seq + 1) * interval '100 milliseconds' end, '{"valve_number": 1}',
        array[g], g, 100, case when g < ${to} then 100.5 end, '2026-01-01'::timestamptz + g * interval '100 milliseconds',
        case when g < ${to} then 'next' end
      from (select started_at, seq from public.step_execution_history where process_id = '${run.id}' order by seq desc limit 1) h,
        generate_series(${run.seq + 1}, ${to}) g;
      update public.process_executions set last_seq = ${to} where id = '${run.id}';
      update public.process_execution_state set current_seq = ${to} where execution_id = '${run.id}';
      commit`);
    // The newest step is open, and the sum that would hold it is not written yet.
    await sumUp(db, run.id, { from: run.seq + 1, to: to - 1 }, session.signal);
    run.seq = to;
    const perSecond = (1000 * (to - from)) / (performance.now() - began);
    say(
      `  ${to.toLocaleString("en")} of ${size.toLocaleString("en")} steps written, ${perSecond.toFixed(0)} a second`,
    );
  }
  await db.query("alter publication supabase_realtime add table public.step_execution_history");
  await db.query("vacuum analyze public.step_execution_history");
  await db.query("checkpoint");
}

async function measure(
  db: Client,
  long: Run,
  short: Run,
  size: number,
  { runs, isQuick, say, session }: Context,
): Promise<Row[]> {
  const samples: { long: number; short: number; ratio: number }[] = [];
  for (let number = 0; number < runs; number += 1) {
    const times: { long: number[]; short: number[] } = { long: [], short: [] };
    for (let call = 0; call < (isQuick ? QUICK_CALLS : CALLS); call += TURN) {
      session.signal.throwIfAborted();
      for (let turn = 0; turn < TURN; turn += 1) times.short.push(await recordStep(db, short));
      for (let turn = 0; turn < TURN; turn += 1) times.long.push(await recordStep(db, long));
    }
    const [a, b] = [median(times.long), median(times.short)];
    samples.push({ long: a, short: b, ratio: a / b });
    say(`  ${size} steps: ${a.toFixed(3)} ms, without history ${b.toFixed(3)} ms`);
  }
  const row = (metric: string, unit: string, goal: number | null, raw: number[]): Row => ({
    subject: `${size.toLocaleString("en").replaceAll(",", " ")} steps`,
    isReference: false,
    metric,
    unit,
    goal,
    raw,
  });
  return [
    row(
      "record_step",
      "ms",
      null,
      samples.map((sample) => sample.long),
    ),
    row(
      "÷ without history",
      "×",
      FLAT,
      samples.map((sample) => sample.ratio),
    ),
  ];
}
