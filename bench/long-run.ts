import { randomUUID } from "node:crypto";
import type { Client } from "pg";

/** Steps of one cycle: pulse, purge, pulse, purge; and how long a cycle takes at least, in ms. */
const CYCLE = { steps: 4, plannedMs: 7_200 };
const PORTION = 100_000;
const SUMMED_AT_ONCE = 4096;
/** Seconds between two readings of a parameter. */
const READING_EVERY_S = 10;

export type LongRun = { runId: string; machineId: string; steps: number };

export type LongRunOptions = {
  /** Rounded down to whole cycles of four. */
  steps: number;
  machineId: string;
  operatorId: string;
  say: (line: string) => void;
  signal: AbortSignal;
  /** Chamber pressure and temperature every 10 s; default true. */
  hasTelemetry?: boolean;
};

/**
 * Writes a completed run of pulses and purges, as if it had been recorded step by step: 100 ms pulses of two valves and
 * purges of 3 s and 4 s, each pulse up to 2 ms late, one pulse in 10 000 late by 50 ms. The history passes the triggers by,
 * then the sums are written by the functions that write them step by step. Needs a superuser.
 */
export async function makeLongRun(db: Client, options: LongRunOptions): Promise<LongRun> {
  const cycles = Math.floor(options.steps / CYCLE.steps);
  const steps = cycles * CYCLE.steps;
  const recipeId = await makeRecipe(db, cycles);
  const runId = randomUUID();
  await insertRun(db, runId, recipeId, { ...options, steps });
  let elapsedMs = 0;
  for (let from = 1; from <= steps; from += PORTION) {
    options.signal.throwIfAborted();
    const to = Math.min(steps, from + PORTION - 1);
    elapsedMs = await insertSteps(db, runId, from, to, elapsedMs);
    options.say(`  ${to.toLocaleString("en")} of ${steps.toLocaleString("en")} steps written`);
  }
  await endRun(db, runId, elapsedMs);
  await sumUp(db, runId, { from: 1, to: steps }, options.signal);
  await db.query("select private.keep_run_card($1)", [runId]);
  options.say(`  ${steps.toLocaleString("en")} steps summed up`);
  if (options.hasTelemetry ?? true) await insertReadings(db, runId, options.machineId, elapsedMs);
  await db.query("vacuum analyze public.step_execution_history");
  await db.query("vacuum analyze private.step_rollups, private.step_chunks, private.step_series");
  await db.query(
    "vacuum analyze public.process_data_points, private.telemetry_sums, public.process_executions",
  );
  return { runId, machineId: options.machineId, steps };
}

async function makeRecipe(db: Client, cycles: number): Promise<string> {
  const id = randomUUID();
  await db.query(
    "insert into public.recipes (id, name, description) values ($1, $2, 'made by a benchmark')",
    [id, `Al2O3 × ${cycles}`],
  );
  const step = async (number: number, name: string, type: string, parent: string | null): Promise<string> => {
    const stepId = randomUUID();
    await db.query(
      `insert into public.recipe_steps (id, recipe_id, sequence_number, name, type, parent_step_id) values ($1, $2, $3, $4, $5, $6)`,
      [stepId, id, number, name, type, parent],
    );
    return stepId;
  };
  const loop = await step(1, "Cycle", "loop", null);
  await db.query("insert into public.loop_step_config (step_id, iteration_count) values ($1, $2)", [
    loop,
    cycles,
  ]);
  for (const [index, [name, valve, ms]] of LEAVES.entries()) {
    const leaf = await step(index + 2, name, valve === null ? "purge" : "valve", loop);
    await db.query(
      valve === null
        ? "insert into public.purge_step_config (step_id, duration_ms, gas_type, flow_rate) values ($1, $2, 'N2', 150)"
        : `insert into public.valve_step_config (step_id, valve_id, valve_number, duration_ms) values ($1, 'valve_${valve}', ${valve}, $2)`,
      [leaf, ms],
    );
  }
  return id;
}

const LEAVES: readonly (readonly [name: string, valve: number | null, ms: number])[] = [
  ["TMA pulse", 1, 100],
  ["TMA purge", null, 3_000],
  ["H2O pulse", 2, 100],
  ["H2O purge", null, 4_000],
];

async function insertRun(
  db: Client,
  runId: string,
  recipeId: string,
  { machineId, operatorId, steps }: LongRunOptions,
): Promise<void> {
  const lasts = `make_interval(secs => ${(steps / CYCLE.steps) * CYCLE.plannedMs} / 1000.0)`;
  await db.query(`
    begin; set local session_replication_role = replica;
    insert into public.operator_sessions (id, operator_id, machine_id, session_start_time, session_status, process_execution_id)
    values ('${runId}', '${operatorId}', '${machineId}', now() - ${lasts}, 'ended', '${runId}');
    insert into public.process_executions (id, session_id, machine_id, recipe_id, recipe_version, start_time, operator_id, status,
      parameters, end_reason, total_steps, total_cycles, planned_ms, last_seq)
    select '${runId}', '${runId}', '${machineId}', '${recipeId}', p.program, now() - ${lasts}, '${operatorId}', 'completed',
      '{"driver": "simulated", "speed": 1, "is_simulated": true}', 'completed', (p.program #>> '{totals,steps}')::integer,
      (p.program #>> '{totals,cycles}')::integer, (p.program #>> '{totals,planned_ms}')::bigint, ${steps}
    from (select private.program_of('${recipeId}') as program) p;
    insert into public.process_execution_state (execution_id, current_seq, total_overall_steps, current_overall_step)
    values ('${runId}', ${steps}, ${steps}, ${steps});
    insert into public.audit_log (actor_role, action, machine_id, run_id, after)
    select 'benchmark', 'run_status', '${machineId}', '${runId}', '{"status": "completed"}';
    commit`);
}

/** Steps `from` to `to`, the first beginning at `elapsedMs`; answers with when the last one ends. */
async function insertSteps(
  db: Client,
  runId: string,
  from: number,
  to: number,
  elapsedMs: number,
): Promise<number> {
  await db.query("begin; set local session_replication_role = replica");
  const { rows } = await db.query<{ ends: string }>(`
    with leaves as (
      select row_number() over (order by s.sequence_number) - 1 as place, s.id, s.name, s.type, v.valve_number,
        coalesce(v.duration_ms, u.duration_ms) as ms
      from public.process_executions r
      join public.recipe_steps s on s.recipe_id = r.recipe_id and s.type in ('valve', 'purge')
      left join public.valve_step_config v on v.step_id = s.id left join public.purge_step_config u on u.step_id = s.id
      where r.id = '${runId}'
    ), measured as (
      select g, l.*, l.ms + case when l.type = 'valve'
        then 1.1 + (g::bigint * 7919 % 1000) * 0.0008 + case when g % 10000 = 5001 then 50 else 0 end else 0 end as took
      from generate_series(${from}, ${to}) g join leaves l on l.place = (g - 1) % ${CYCLE.steps}
    ), placed as (
      select m.*, r.start_time + make_interval(secs => (${elapsedMs} + sum(m.took) over (order by g) - m.took) / 1000.0) as starts
      from measured m cross join (select start_time from public.process_executions where id = '${runId}') r
    ), written as (
      insert into public.step_execution_history (process_id, seq, step_number, step_type, step_name, started_at, ended_at, parameters,
        recipe_step_id, loop_path, cycle, planned_ms, measured_ms, device_started_at, end_reason, pulse)
      select '${runId}', p.g, p.g, p.type, p.name, p.starts, p.starts + make_interval(secs => p.took / 1000.0),
        jsonb_strip_nulls(jsonb_build_object('valve_number', p.valve_number, 'valve_duration_ms', case when p.type = 'valve' then p.ms end,
          'purge_duration_ms', case when p.type = 'purge' then p.ms end)),
        p.id, array[(p.g + 3) / 4], (p.g + 3) / 4, p.ms, p.took, p.starts, 'next',
        case when p.type = 'valve' then jsonb_build_object('peak_torr', round(p.valve_number * 0.055 * (0.95 + (p.g::bigint * 104729 % 1000) * 0.0001), 4),
          'area_torr_s', 0.03, 'baseline_torr', 1.8) end
      from placed p
      returning measured_ms
    )
    select ${elapsedMs} + sum(w.measured_ms) as ends from written w`);
  await db.query("commit");
  return Number(rows[0]?.ends);
}

async function endRun(db: Client, runId: string, elapsedMs: number): Promise<void> {
  await db.query(`
    begin; set local session_replication_role = replica;
    update public.process_executions r set end_time = h.ended_at, deviation_count = (
      select count(*) from public.step_execution_history d where d.process_id = r.id and d.is_deviation)
    from public.step_execution_history h where r.id = '${runId}' and h.process_id = r.id and h.seq = r.last_seq;
    update public.operator_sessions set session_end_time = session_start_time + make_interval(secs => ${elapsedMs} / 1000.0)
    where id = '${runId}';
    commit`);
}

/** Writes the sums of steps `from` to `to` by the functions that write them step by step, a portion at a time. */
export async function sumUp(
  db: Client,
  runId: string,
  { from, to }: { from: number; to: number },
  signal: AbortSignal,
): Promise<void> {
  for (const [level, size] of LEVELS) {
    const end = Math.floor(to / size);
    for (let chunk = Math.floor((from - 1) / size); chunk < end; chunk += SUMMED_AT_ONCE) {
      signal.throwIfAborted();
      const last = Math.min(end, chunk + SUMMED_AT_ONCE) - 1;
      await db.query("select private.roll_up($1, $2, $3, $4)", [runId, level, chunk, last]);
    }
  }
}

/** Level of the sums, and how many steps one of them holds. */
const LEVELS = [
  [1, 16],
  [2, 256],
  [3, 4096],
] as const;

async function insertReadings(
  db: Client,
  runId: string,
  machineId: string,
  elapsedMs: number,
): Promise<void> {
  await db.query(
    `insert into public.process_data_points (process_id, parameter_id, value, set_point, timestamp)
     select $1, p.parameter_id, case p.name when 'chamber_pressure' then 1.8 else 200 end + (g::bigint * 7919 % 100) * 0.002,
       case p.name when 'chamber_pressure' then null else 200 end, r.start_time + make_interval(secs => g * ${READING_EVERY_S})
     from public.process_executions r
     join public.machine_parameters p on p.machine_id = $2 and p.name in ('chamber_pressure', 'chamber_temperature')
     cross join generate_series(0, floor($3::double precision / 1000 / ${READING_EVERY_S})::integer) g
     where r.id = $1`,
    [runId, machineId, elapsedMs],
  );
}
