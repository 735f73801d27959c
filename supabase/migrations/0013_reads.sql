-- What screens read: one consistent snapshot per page, and reductions of a run that never return more than was asked
-- for. All run with the reader's own rights. Called by: signed-in people, and the controller.

create view public.runs_overview with (security_invoker = true) as
select
  r.id as run_id, r.machine_id, m.name as machine_name, m.serial_number, r.recipe_id,
  r.recipe_version #>> '{recipe,name}' as recipe_name, (r.recipe_version #>> '{recipe,version}')::integer as recipe_revision,
  r.operator_id, p.full_name as operator_name, r.status, r.start_time, r.end_time, r.total_steps, r.total_cycles,
  r.planned_ms, r.last_seq, r.deviation_count, r.end_reason, r.error_message, r.description,
  coalesce((r.parameters ->> 'is_simulated')::boolean, false) as is_simulated, r.parameters ->> 'driver' as driver
from public.process_executions r
join public.machines m on m.id = r.machine_id
left join public.profiles p on p.id = r.operator_id;
comment on view public.runs_overview is 'One row per run with the names a person looks for.';


create function public.recipe_pace(p_recipe_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object('runs', count(*),
    'p10', percentile_cont(0.1) within group (order by t.ratio),
    'p50', percentile_cont(0.5) within group (order by t.ratio),
    'p90', percentile_cont(0.9) within group (order by t.ratio))
  from (
    select 1000 * extract(epoch from z.at - a.at)::double precision / r.planned_ms as ratio
    from (
      select x.id, x.planned_ms from public.process_executions x
      where x.recipe_id = p_recipe_id and x.status = 'completed' and x.planned_ms > 0
      order by x.start_time desc limit 50
    ) r
    cross join lateral (
      select h.device_started_at as at from public.step_execution_history h
      where h.process_id = r.id order by h.seq limit 1
    ) a
    cross join lateral (
      select h.device_started_at + make_interval(secs => (h.measured_ms / 1000.0)::double precision) as at
      from public.step_execution_history h where h.process_id = r.id order by h.seq desc limit 1
    ) z
    where z.at > a.at
  ) t
$$;
comment on function public.recipe_pace(uuid) is
  'How long this recipe really took, as measured over planned time: 10th, 50th and 90th percentile of its last 50 completed '
  'runs (linear interpolation between ranks); null percentiles when there is none.';

create function public.start_review(p_machine_id uuid, p_recipe_id uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_machine public.machines;
  v_program jsonb;
begin
  select * into v_machine from public.machines m where m.id = p_machine_id;
  if v_machine.id is null or not exists (select 1 from public.recipes r where r.id = p_recipe_id) then
    return null;
  end if;
  v_program := private.program_of(p_recipe_id);
  return jsonb_build_object(
    'server_time', clock_timestamp(),
    'machine_version', v_machine.version,
    'program', v_program,
    'permissives', (select jsonb_agg(to_jsonb(p)) from private.permissives(v_machine, v_program) p),
    'pace', public.recipe_pace(p_recipe_id),
    'last_good', (
      select to_jsonb(r) || jsonb_build_object('operator_name', (select o.full_name from public.profiles o where o.id = r.operator_id))
      from public.process_executions r
      where r.machine_id = p_machine_id and r.recipe_id = p_recipe_id and r.status = 'completed' and r.deviation_count = 0
      order by r.start_time desc limit 1));
end
$$;
comment on function public.start_review(uuid, uuid) is
  'What a person weighs before a start: the program as it would be frozen, every permissive, how long it took before, and the '
  'last run of it on this machine that completed without a deviation. Null when there is no such machine or recipe, PT422 with '
  'the path when the recipe is malformed.';

create function public.fleet_snapshot() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object('server_time', clock_timestamp(), 'machines', coalesce(jsonb_agg(jsonb_build_object(
    'machine', to_jsonb(m),
    'state', to_jsonb(s),
    'lease', to_jsonb(l),
    'run', to_jsonb(r),
    'run_state', (select to_jsonb(e) from public.process_execution_state e where e.execution_id = r.id),
    'last_deviation', (
      select to_jsonb(h) from public.step_execution_history h
      where h.process_id = r.id and h.is_deviation order by h.seq desc limit 1)
  ) order by m.name), '[]'::jsonb))
  from public.machines m
  left join public.machine_state s on s.machine_id = m.id
  left join public.machine_leases l on l.machine_id = m.id
  left join lateral (
    select x.* from public.process_executions x
    where x.machine_id = m.id order by (x.id = m.current_process_id) desc nulls last, x.start_time desc limit 1
  ) r on true
  where m.is_active
$$;
comment on function public.fleet_snapshot() is
  'Every active machine with its state, lease, current (else latest) run and last deviation, in one consistent read.';

create function public.run_snapshot(p_run_id uuid, p_steps integer default 240) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'server_time', clock_timestamp(),
    'run', to_jsonb(r),
    'machine', (select to_jsonb(m) from public.machines m where m.id = r.machine_id),
    'state', (select to_jsonb(s) from public.machine_state s where s.machine_id = r.machine_id),
    'lease', (select to_jsonb(l) from public.machine_leases l where l.machine_id = r.machine_id),
    'run_state', (select to_jsonb(e) from public.process_execution_state e where e.execution_id = r.id),
    'operator_name', (select p.full_name from public.profiles p where p.id = r.operator_id),
    'steps', coalesce((
      select jsonb_agg(to_jsonb(h) order by h.seq) from (
        select * from public.step_execution_history x where x.process_id = r.id
        order by x.seq desc limit least(greatest(coalesce(p_steps, 240), 0), 1000)
      ) h), '[]'::jsonb),
    'commands', coalesce((
      select jsonb_agg(to_jsonb(c) - 'full_name' || jsonb_build_object('requested_by_name', c.full_name)
        order by c.requested_at desc, c.id) from (
        select x.*, p.full_name from public.machine_commands x left join public.profiles p on p.id = x.requested_by
        where x.run_id = r.id order by x.requested_at desc limit 20
      ) c), '[]'::jsonb),
    'totals', jsonb_build_object(
      'steps', r.last_seq,
      'deviations', r.deviation_count,
      'first_device_started_at', (select coalesce(h.device_started_at, h.started_at)
        from public.step_execution_history h where h.process_id = r.id order by h.seq limit 1),
      'last_device_ended_at', (
        select coalesce(h.device_started_at + make_interval(secs => (h.measured_ms / 1000.0)::double precision), h.ended_at, h.started_at)
        from public.step_execution_history h where h.process_id = r.id order by h.seq desc limit 1)))
  from public.process_executions r where r.id = p_run_id
$$;
comment on function public.run_snapshot(uuid, integer) is
  'A run with its state, newest p_steps (at most 1 000) step executions in ascending seq, commands and totals; null when there is none.';

create function public.machine_snapshot(p_machine_id uuid, p_steps integer default 240) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'server_time', clock_timestamp(),
    'machine', to_jsonb(m),
    'state', (select to_jsonb(s) from public.machine_state s where s.machine_id = m.id),
    'lease', (select to_jsonb(l) from public.machine_leases l where l.machine_id = m.id),
    'run', to_jsonb(r),
    'run_state', (select to_jsonb(e) from public.process_execution_state e where e.execution_id = r.id),
    'operator_name', (select p.full_name from public.profiles p where p.id = r.operator_id),
    'may_command', private.may_command(m.id),
    'pace', (select public.recipe_pace(r.recipe_id) where m.current_process_id = r.id),
    'steps', coalesce((
      select jsonb_agg(to_jsonb(h) order by h.seq) from (
        select * from public.step_execution_history x where x.process_id = r.id
        order by x.seq desc limit least(greatest(coalesce(p_steps, 240), 0), 1000)
      ) h), '[]'::jsonb),
    'commands', coalesce((
      select jsonb_agg(to_jsonb(c) - 'full_name' || jsonb_build_object('requested_by_name', c.full_name)
        order by c.requested_at desc, c.id) from (
        select x.*, p.full_name from public.machine_commands x left join public.profiles p on p.id = x.requested_by
        where x.machine_id = m.id order by x.requested_at desc limit 20
      ) c), '[]'::jsonb),
    'recent_events', coalesce((
      select jsonb_agg(to_jsonb(a) order by a.id desc) from (
        select * from public.audit_log y where y.machine_id = m.id order by y.at desc limit 20
      ) a), '[]'::jsonb))
  from public.machines m
  left join lateral (
    select x.* from public.process_executions x
    where x.machine_id = m.id order by (x.id = m.current_process_id) desc nulls last, x.start_time desc limit 1
  ) r on true
  where m.id = p_machine_id
$$;
comment on function public.machine_snapshot(uuid, integer) is
  'A machine with its lease, current (else latest) run, newest step executions, commands and events; null when there is none.';

create function private.run_begins(p_run_id uuid) returns timestamptz
language sql stable set search_path = ''
as $$
  select coalesce(h.device_started_at, h.started_at) from public.step_execution_history h
  where h.process_id = p_run_id order by h.seq limit 1
$$;
comment on function private.run_begins(uuid) is 'Start of the first step by the controller''s clock: zero of every run-relative axis.';

create function private.step_lane(p_step_type text, p_parameters jsonb) returns text
language sql immutable set search_path = ''
as $$
  select case when lower(p_step_type) = 'valve' then 'valve ' || coalesce(p_parameters ->> 'valve_number', '?') else lower(p_step_type) end
$$;
comment on function private.step_lane(text, jsonb) is 'Lane of the timeline a step is drawn in.';

create function public.run_timeline(
  p_run_id uuid, p_from_ms double precision default 0, p_to_ms double precision default null, p_pixels integer default 1200
) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_zero timestamptz := private.run_begins(p_run_id);
  v_end double precision;
  v_from double precision;
  v_to double precision;
  v_width double precision;
  v_first integer;
  v_spans jsonb;
begin
  select extract(epoch from coalesce(h.device_started_at + make_interval(secs => (h.measured_ms / 1000.0)::double precision),
      h.ended_at, h.device_started_at, h.started_at) - v_zero) * 1000
  into v_end from public.step_execution_history h where h.process_id = p_run_id order by h.seq desc limit 1;
  if v_end is null then
    return jsonb_build_object('from_ms', 0, 'to_ms', 0, 'duration_ms', 0, 'spans', '[]'::jsonb);
  end if;
  v_from := least(greatest(coalesce(p_from_ms, 0), 0), v_end);
  v_to := greatest(coalesce(p_to_ms, v_end), v_from + 1);
  v_width := (v_to - v_from) / least(greatest(coalesce(p_pixels, 1200), 10), 4000);
  -- A step that began before the window may reach into it: begin with the last one that starts at or before its edge.
  select coalesce(max(h.seq), 0) into v_first from public.step_execution_history h
  where h.process_id = p_run_id and coalesce(h.device_started_at, h.started_at) <= v_zero + make_interval(secs => v_from / 1000);
  with steps as (
    select h.seq, h.step_name, h.step_type, h.planned_ms, h.measured_ms, h.deviation_ms, h.is_deviation,
      private.step_lane(h.step_type, h.parameters) as lane,
      extract(epoch from coalesce(h.device_started_at, h.started_at) - v_zero)::double precision * 1000 as start_ms,
      extract(epoch from coalesce(
        h.device_started_at + make_interval(secs => (h.measured_ms / 1000.0)::double precision),
        lead(coalesce(h.device_started_at, h.started_at)) over (order by h.seq), h.ended_at) - v_zero)::double precision * 1000 as end_ms
    from public.step_execution_history h
    where h.process_id = p_run_id and h.seq >= v_first
      and coalesce(h.device_started_at, h.started_at) < v_zero + make_interval(secs => v_to / 1000)
  ), spans as (
    select lane, min(start_ms) as start_ms, max(end_ms) as end_ms, count(*) as count, min(seq) as seq,
      min(step_name) as name, min(step_type) as step_type,
      case when count(*) = 1 then min(planned_ms) end as planned_ms,
      case when count(*) = 1 then min(measured_ms) end as measured_ms,
      (array_agg(deviation_ms order by abs(deviation_ms) desc nulls last))[1] as worst_deviation_ms,
      count(*) filter (where is_deviation) as deviations, bool_or(end_ms is null) as is_open
    from steps
    group by lane, case when coalesce(end_ms - start_ms, v_width) >= v_width then -seq else floor(start_ms / v_width)::bigint end
  )
  select coalesce(jsonb_agg(to_jsonb(s) order by s.start_ms, s.lane), '[]'::jsonb) into v_spans from spans s;
  return jsonb_build_object('from_ms', v_from, 'to_ms', v_to, 'duration_ms', v_end, 'spans', v_spans);
end
$$;
comment on function public.run_timeline(uuid, double precision, double precision, integer) is
  'Spans of a window of a run, in ms on the controller''s clock from the first step; steps shorter than a pixel are merged and counted.';

create function public.run_durations(p_run_id uuid, p_points integer default 500) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  with steps as (
    select h.*, private.step_lane(h.step_type, h.parameters) as lane,
      coalesce(h.recipe_step_id::text, private.step_lane(h.step_type, h.parameters) || ' ' || coalesce(h.step_name, '')) as key,
      extract(epoch from h.ended_at - h.started_at) * 1000 as recorded_ms,
      -- How long a step was let run says nothing of how long it takes.
      coalesce(h.end_reason, 'next') not in ('next', 'completed') and coalesce(h.measured_ms < h.planned_ms, false) as is_cut
    from public.step_execution_history h
    where h.process_id = p_run_id and h.step_type in ('valve', 'purge')
  ), ranked as (
    select s.*, row_number() over (partition by s.key order by s.seq) as n, count(*) over (partition by s.key) as total from steps s
  ), points as (
    select key, min(step_name) as step_name, min(step_type) as step_type, min(lane) as lane,
      min((parameters ->> 'valve_number')::integer) as valve_number, min(seq) as seq, min(coalesce(cycle, n::integer)) as cycle,
      min(planned_ms) as planned_ms, avg(measured_ms) as measured_ms,
      min(measured_ms) filter (where not is_cut) as min_ms, max(measured_ms) filter (where not is_cut) as max_ms,
      avg(recorded_ms) as recorded_ms, count(*) as count
    from ranked
    group by key, (n - 1) * least(total, least(greatest(coalesce(p_points, 500), 10), 2000)) / total
  ), series as (
    select min(seq) as first_seq, jsonb_build_object('key', key, 'step_name', min(step_name), 'step_type', min(step_type),
      'lane', min(lane), 'valve_number', min(valve_number), 'planned_ms', min(planned_ms),
      'points', jsonb_agg(jsonb_build_object('cycle', cycle, 'seq', seq, 'planned_ms', planned_ms,
        'measured_ms', round(measured_ms, 3), 'min_ms', min_ms, 'max_ms', max_ms,
        'recorded_ms', round(recorded_ms, 3), 'count', count) order by seq)) as body
    from points group by key
  )
  select jsonb_build_object('series', coalesce(jsonb_agg(s.body order by s.first_seq), '[]'::jsonb)) from series s
$$;
comment on function public.run_durations(uuid, integer) is
  'Planned, measured and recorded durations (ms) of every valve and purge step of the program, in at most p_points points each.';

create function public.run_trend(
  p_run_id uuid, p_from_ms double precision default null, p_to_ms double precision default null,
  p_buckets integer default 600, p_parameters text[] default null
) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_zero timestamptz := private.run_begins(p_run_id);
  v_from timestamptz;
  v_to timestamptz;
  v_width double precision;
  v_series jsonb;
begin
  select coalesce(v_zero + make_interval(secs => p_from_ms / 1000), min(d."timestamp")),
    coalesce(v_zero + make_interval(secs => p_to_ms / 1000), max(d."timestamp"))
  into v_from, v_to from public.process_data_points d where d.process_id = p_run_id;
  if v_zero is null or v_from is null or v_to is null then
    return jsonb_build_object('series', '[]'::jsonb);
  end if;
  v_width := greatest(extract(epoch from v_to - v_from) / least(greatest(coalesce(p_buckets, 600), 10), 2000), 0.001);
  with buckets as (
    select d.parameter_id, floor(extract(epoch from d."timestamp" - v_from) / v_width) as bucket,
      min(d.value) as low, avg(d.value) as mean, max(d.value) as high, max(d.set_point) as set_point,
      min(extract(epoch from d."timestamp" - v_zero) * 1000) as t_ms
    from public.process_data_points d
    where d.process_id = p_run_id and d."timestamp" between v_from and v_to
    group by 1, 2
  ), series as (
    select p.name, jsonb_build_object('parameter_id', b.parameter_id, 'name', p.name, 'unit', p.unit,
      'set_point', max(b.set_point),
      'points', jsonb_agg(jsonb_build_array(round(b.t_ms::numeric, 1), b.low, round(b.mean::numeric, 6), b.high) order by b.bucket)) as body
    from buckets b join public.machine_parameters p on p.parameter_id = b.parameter_id
    where p_parameters is null or p.name = any (p_parameters)
    group by b.parameter_id, p.name, p.unit
  )
  select coalesce(jsonb_agg(s.body order by s.name), '[]'::jsonb) into v_series from series s;
  return jsonb_build_object('series', v_series);
end
$$;
comment on function public.run_trend(uuid, double precision, double precision, integer, text[]) is
  'Telemetry of a run in at most p_buckets points [ms, lowest, mean, highest] per parameter, on the axis of run_timeline.';

revoke all on public.runs_overview from anon, authenticated;
grant select on public.runs_overview to authenticated, service_role;
revoke execute on all functions in schema private from public;
grant execute on function private.run_begins(uuid), private.step_lane(text, jsonb) to authenticated, service_role;
do $$
declare
  f text;
begin
  foreach f in array array[
    'fleet_snapshot()', 'run_snapshot(uuid, integer)', 'machine_snapshot(uuid, integer)',
    'run_timeline(uuid, double precision, double precision, integer)', 'run_durations(uuid, integer)',
    'run_trend(uuid, double precision, double precision, integer, text[])',
    'recipe_pace(uuid)', 'start_review(uuid, uuid)'
  ] loop
    execute 'revoke execute on function public.' || f || ' from public, anon';
    execute 'grant execute on function public.' || f || ' to authenticated, service_role';
  end loop;
end
$$;

/* rollback
drop function if exists public.run_trend(uuid, double precision, double precision, integer, text[]),
  public.run_durations(uuid, integer), public.run_timeline(uuid, double precision, double precision, integer),
  public.machine_snapshot(uuid, integer), public.run_snapshot(uuid, integer), public.fleet_snapshot(),
  public.start_review(uuid, uuid), public.recipe_pace(uuid);
drop function if exists private.step_lane(text, jsonb), private.run_begins(uuid);
drop view if exists public.runs_overview;
rollback */
