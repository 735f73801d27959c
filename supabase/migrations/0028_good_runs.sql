-- Which runs are good, said by an engineer, and how others differ from them.
-- Written by: mark_run. Read by: every person.

create table public.run_marks (
  process_id uuid primary key references public.process_executions (id) on delete cascade,
  is_good boolean not null,
  reason text not null check (length(btrim(reason)) between 3 and 500),
  marked_by uuid references public.profiles (id) on delete set null,
  marked_at timestamptz not null default clock_timestamp()
);
comment on table public.run_marks is 'What an engineer said of a run last; what was said before stands in the audit log.';
create index run_marks_by_person on public.run_marks (marked_by);
alter table public.run_marks enable row level security;
revoke all on public.run_marks from anon, authenticated, service_role;
grant select on public.run_marks to authenticated, service_role;
create policy run_marks_read_by_people on public.run_marks for select to authenticated using ((select private.is_person()));

create function public.mark_run(p_run_id uuid, p_is_good boolean, p_reason text) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_run public.process_executions;
  v_before public.run_marks;
  v_mark public.run_marks;
begin
  if not private.is_person() then
    return private.refuse(403, 'not_signed_in', 'The run was not marked: nobody with an active profile is signed in.', 'Sign in again, or ask an administrator.');
  end if;
  if not private.is_engineer() then
    return private.refuse(403, 'not_allowed', 'The run was not marked: only engineers and administrators mark runs.', 'Ask an engineer.');
  end if;
  select * into v_run from public.process_executions r where r.id = p_run_id;
  if v_run.id is null then
    return private.refuse(404, 'run_not_found', 'The run was not marked: there is no such run.', 'Go back to the runs and choose one.');
  end if;
  if p_is_good is null or not private.is_reason(p_reason) then
    return private.refuse(422, 'reason_missing', 'The run was not marked: a reason of 3 to 500 characters is needed.', 'Say what makes it good, or not.');
  end if;
  if p_is_good and v_run.status <> 'completed' then
    return private.refuse(409, 'run_not_completed', format('The run was not marked: only a completed run can be good, and this one is %s.', v_run.status), 'Choose a run that was completed.');
  end if;
  select * into v_before from public.run_marks m where m.process_id = p_run_id for update;
  insert into public.run_marks as m (process_id, is_good, reason, marked_by) values (p_run_id, p_is_good, btrim(p_reason), (select auth.uid()))
  on conflict (process_id) do update set is_good = excluded.is_good, reason = excluded.reason, marked_by = excluded.marked_by, marked_at = clock_timestamp()
  returning * into v_mark;
  perform private.audit('run_marked', v_run.machine_id, p_run_id, null,
    jsonb_build_object('is_good', coalesce(v_before.is_good, false)), jsonb_build_object('is_good', p_is_good), btrim(p_reason));
  return jsonb_build_object('ok', true, 'run_id', p_run_id, 'is_good', v_mark.is_good, 'reason', v_mark.reason,
    'marked_by', v_mark.marked_by, 'marked_at', v_mark.marked_at);
end
$$;
comment on function public.mark_run(uuid, boolean, text) is
  'Says that a completed run is good, or not any more. Caller: engineers and administrators; audited. 403 not_signed_in, '
  'not_allowed, 404 run_not_found, 409 run_not_completed, 422 reason_missing.';

create function public.compare_runs(
  p_run_ids uuid[], p_align text default 'cycle', p_measure text default 'measured_ms', p_points integer default 200
) returns jsonb
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v_points integer := least(greatest(coalesce(p_points, 200), 10), 500);
  v_ids uuid[] := array(select x.id from (select i.id, min(i.n) as n from unnest(p_run_ids) with ordinality i (id, n) where i.id is not null group by i.id) x order by x.n);
  v_good uuid[];
  v_answer jsonb;
begin
  if coalesce(cardinality(v_ids), 0) not between 1 and 20 or p_align is null or p_align not in ('cycle', 'step', 'start')
    or p_measure is null or p_measure not in ('measured_ms', 'peak_torr')
  then
    raise exception using errcode = 'PT422',
      message = 'Nothing was compared: 1 to 20 runs are needed, aligned by cycle, step or start, by measured_ms or peak_torr.',
      hint = 'Choose runs in the list of runs.';
  end if;
  v_good := array(
    select m.process_id from public.run_marks m join public.process_executions g on g.id = m.process_id
    where m.is_good and g.recipe_id = (select r.recipe_id from unnest(v_ids) with ordinality i (id, n) join public.process_executions r on r.id = i.id order by i.n limit 1)
    order by g.start_time desc limit 20);
  with chosen as materialized (
    select i.n::integer as index, r.id, r.last_seq, true as is_chosen from unnest(v_ids) with ordinality i (id, n) join public.process_executions r on r.id = i.id
    union all
    select null, r.id, r.last_seq, false from unnest(v_good) g (id) join public.process_executions r on r.id = g.id where g.id <> all (v_ids)
  ), extents as materialized (
    select c.*, e.last_seq as seq, e.end_ms from chosen c cross join lateral private.run_extent(c.id) e
  ), series as materialized (
    -- The same step of another run: the same lane and name, and the same place among those of that lane and name.
    select e.id, s.series, s.lane, s.step_name, s.step_type, s.valve_number, s.position, s.first_seq,
      s.lane || ' ' || coalesce(s.step_name, '') || ' ' || row_number() over (partition by e.id, s.lane, s.step_name order by s.first_seq) as key
    from extents e cross join lateral private.all_series(e.id) s where s.step_type in ('valve', 'purge', 'wait', 'parameter')
  ), pieces as (
    select e.id, e.index, s.key, p.first_seq, p.start_ms, p.cycle_from, p.cycle_to, p.count,
      sum(p.count) over (partition by e.id, s.key order by p.first_seq) - p.count + 1 as nth,
      case p_measure when 'measured_ms' then p.measured else p.peaks end as n,
      case p_measure when 'measured_ms' then p.measured_ms else p.peak_torr end as total,
      case p_measure when 'measured_ms' then p.least_ms else p.least_peak_torr end as least,
      case p_measure when 'measured_ms' then p.most_ms else p.most_peak_torr end as most
    from extents e
    cross join lateral private.run_pieces(e.id, e.seq,
      case when e.seq < 16 * v_points then 0 when e.seq < 256 * v_points then 1 when e.seq < 4096 * v_points then 2 else 3 end, 1, e.seq) p
    join series s on s.id = e.id and s.series = p.series
  ), placed as (
    select p.*, case p_align when 'cycle' then coalesce((p.cycle_from + p.cycle_to) / 2.0, p.nth) when 'step' then p.nth else p.start_ms end::double precision as x from pieces p where p.n > 0
  ), width as (
    select case p_align when 'start' then greatest(max(p.x) / v_points, 1) else greatest(ceil(max(p.x) / v_points), 1) end as w from placed p
  ), cells as materialized (
    select p.key, p.id, p.index, floor((p.x - case p_align when 'start' then 0 else 1 end) / w.w)::integer as bucket, sum(p.total) / sum(p.n) as mean, min(p.least) as least, max(p.most) as most,
      min(p.first_seq) as seq, min(p.cycle_from) as cycle
    from placed p cross join width w group by p.key, p.id, p.index, 4
  ), envelopes as materialized (
    select c.key, c.bucket, min(c.mean) as least, percentile_cont(0.5) within group (order by c.mean) as median, max(c.mean) as most
    from cells c where c.id = any (v_good) group by c.key, c.bucket
  ), others as materialized (
    select c.key, c.bucket, c.index, percentile_cont(0.5) within group (order by o.mean) as median, min(o.mean) as least, max(o.mean) as most
    from cells c join cells o on o.key = c.key and o.bucket = c.bucket and o.index <> c.index
    where c.index is not null and o.index is not null and cardinality(v_good) = 0 group by c.key, c.bucket, c.index
  ), judged as (
    select c.key, c.index, c.bucket, c.seq, c.cycle, c.mean, coalesce(e.median, o.median) as expected,
      c.mean - coalesce(e.median, o.median) as difference,
      greatest(c.mean - coalesce(e.most, o.most), coalesce(e.least, o.least) - c.mean, 0) as outside,
      greatest(case p_measure when 'measured_ms' then 1 else 0.002 end, 0.02 * abs(coalesce(e.median, o.median)), coalesce(e.most - e.least, o.most - o.least)) as scale
    from cells c left join envelopes e on e.key = c.key and e.bucket = c.bucket left join others o on o.key = c.key and o.bucket = c.bucket and o.index = c.index
    where c.index is not null
  ), spells as (
    select j.*, j.bucket - row_number() over (partition by j.key, j.index, sign(j.difference) order by j.bucket) as spell
    from judged j where j.outside > 0 and abs(j.difference) > j.scale
  ), differences as (
    select s.key, s.index, min(s.bucket) as bucket_from, max(s.bucket) as bucket_to, max(abs(s.difference) / s.scale) as score,
      (array_agg(to_jsonb(s) order by abs(s.difference) desc, s.bucket))[1] as worst
    from spells s group by s.key, s.index, sign(s.difference), s.spell
  ), titles as (
    select distinct on (s.key) s.key, s.lane, s.step_name, s.step_type, s.valve_number, s.position, s.first_seq
    from series s join extents e on e.id = s.id order by s.key, e.index nulls last
  ), lines as (
    select c.key, c.index, jsonb_build_object('index', c.index, 'mean', jsonb_agg(round(x.mean::numeric, 6)::double precision order by b.bucket),
      'min', jsonb_agg(x.least order by b.bucket), 'max', jsonb_agg(x.most order by b.bucket)) as body
    from (select distinct key, index, id from cells where index is not null) c
    join (select distinct key, bucket from cells) b on b.key = c.key
    left join cells x on x.key = c.key and x.id = c.id and x.bucket = b.bucket
    group by c.key, c.index
  ), bands as (
    select b.key, jsonb_agg((b.bucket * w.w + case p_align when 'start' then 0 else 1 end) order by b.bucket) as x,
      case when bool_or(e.key is not null) then jsonb_build_object('min', jsonb_agg(e.least order by b.bucket), 'median', jsonb_agg(e.median order by b.bucket), 'max', jsonb_agg(e.most order by b.bucket)) end as envelope
    from (select distinct key, bucket from cells) b cross join width w left join envelopes e on e.key = b.key and e.bucket = b.bucket
    group by b.key
  )
  select jsonb_build_object('align', p_align, 'measure', p_measure, 'unit', case p_measure when 'measured_ms' then 'ms' else 'Torr' end,
    'bucket', (select w.w from width w),
    'runs', coalesce((select jsonb_agg(jsonb_build_object('index', c.index, 'run_id', r.id, 'machine_name', m.name, 'recipe_id', r.recipe_id,
        'recipe_name', r.recipe_version #>> '{recipe,name}', 'recipe_revision', (r.recipe_version #>> '{recipe,version}')::integer, 'start_time', r.start_time,
        'status', r.status, 'last_seq', r.last_seq, 'total_cycles', r.total_cycles, 'deviation_count', r.deviation_count,
        'duration_ms', round((select e.end_ms from extents e where e.id = r.id)), 'is_good', coalesce(k.is_good, false)) order by c.index)
      from chosen c join public.process_executions r on r.id = c.id join public.machines m on m.id = r.machine_id left join public.run_marks k on k.process_id = r.id
      where c.is_chosen), '[]'),
    'not_found', coalesce((select jsonb_agg(i.id) from unnest(v_ids) i (id) where not exists (select 1 from chosen c where c.id = i.id)), '[]'),
    'good_run_ids', to_jsonb(v_good),
    'series', coalesce((select jsonb_agg(jsonb_build_object('key', t.key, 'step_name', t.step_name, 'step_type', t.step_type, 'lane', t.lane,
        'valve_number', t.valve_number, 'position', t.position, 'x', b.x, 'envelope', b.envelope,
        'runs', (select coalesce(jsonb_agg(l.body order by l.index), '[]') from lines l where l.key = t.key)) order by t.first_seq, t.key)
      from titles t join bands b on b.key = t.key), '[]'),
    'differences', coalesce((select jsonb_agg(y.body order by y.score desc, y.n) from (
      select d.score, row_number() over (order by d.score desc, d.key, d.index, d.bucket_from) as n, jsonb_build_object('key', d.key, 'step_name', t.step_name, 'lane', t.lane, 'index', d.index,
        'x_from', d.bucket_from * w.w + case p_align when 'start' then 0 else 1 end, 'x_to', (d.bucket_to + 1) * w.w,
        'value', d.worst -> 'mean', 'expected', d.worst -> 'expected', 'difference', d.worst -> 'difference', 'outside', d.worst -> 'outside',
        'seq', d.worst -> 'seq', 'cycle', d.worst -> 'cycle', 'score', round(d.score::numeric, 2)) as body
      from differences d join titles t on t.key = d.key cross join width w) y where y.n <= 100), '[]'))
  into v_answer;
  return v_answer;
end
$$;
comment on function public.compare_runs(uuid[], text, text, integer) is
  'Up to 20 runs side by side, step by step of their programs, aligned by cycle, by the n-th execution of each step, or by time since '
  'the start, in at most p_points means; the envelope of the newest 20 runs of the first one''s recipe that are marked good; and '
  'what differs, ranked: outside of the envelope (without one: of the other runs) by more than its width, 2 % and 1 ms (2 mTorr). '
  'Raises PT422 for what cannot be compared.';

revoke execute on all functions in schema private from public;
revoke execute on function public.mark_run(uuid, boolean, text), public.compare_runs(uuid[], text, text, integer) from public, anon, service_role;
grant execute on function public.mark_run(uuid, boolean, text) to authenticated;
grant execute on function public.compare_runs(uuid[], text, text, integer) to authenticated, service_role;

/* rollback
drop function if exists public.compare_runs(uuid[], text, text, integer), public.mark_run(uuid, boolean, text);
drop table if exists public.run_marks;
rollback */
