-- Summaries of the step history, so that a run of a million steps is read as fast as one of a thousand: every 16 closed
-- steps are summed up once per series, every 16 of those sums again, twice. What reads prefers the sums and takes the steps
-- themselves where a sum is missing, so a missing one costs time, never truth.
-- Written by: triggers on step_execution_history, for whoever writes it; roll_up_run for history that passed them by.
-- Read by: the readers of a run (0026, 0027).

-- A step of the program over all its executions. A writer that names no recipe step has one series per lane and name.
create table private.step_series (
  process_id uuid not null references public.process_executions (id) on delete cascade,
  series integer not null,
  key text not null,
  lane text not null,
  step_type text not null,
  step_name text,
  valve_number integer,
  recipe_step_id uuid,
  position integer,
  planned_ms integer,
  first_seq integer not null,
  first_cycle integer,
  primary key (process_id, series),
  unique (process_id, key)
);
comment on table private.step_series is 'One step of the program of a run, over all its executions; numbered from 1 in the order of their first.';
comment on column private.step_series.position is 'Place in its cycle, from 1; null outside of cycles.';

-- Sixteen steps (level 1), 256 (2) or 4 096 (3) in a row; chunk n of level l holds the seqs n * 16^l + 1 to (n + 1) * 16^l.
create table private.step_chunks (
  process_id uuid not null references public.process_executions (id) on delete cascade,
  level integer not null,
  chunk integer not null,
  count integer not null,
  start_ms double precision not null,
  end_ms double precision not null,
  cycle_from integer,
  cycle_to integer,
  deviations integer not null,
  worst_ms double precision,
  worst_seq integer,
  loop_path integer[] not null,
  primary key (process_id, level, chunk)
);
comment on table private.step_chunks is 'Steps in a row, all closed: when, which cycles, how far off at worst; written when the step after them begins.';
comment on column private.step_chunks.start_ms is 'Ms by the controller''s clock, from the first step of the run.';
comment on column private.step_chunks.worst_ms is 'Deviation that is farthest from 0, with its sign; of equal ones the first.';
comment on column private.step_chunks.loop_path is 'Of the first step.';

create table private.step_rollups (
  process_id uuid not null references public.process_executions (id) on delete cascade,
  level integer not null,
  chunk integer not null,
  series integer not null,
  count integer not null,
  first_seq integer not null,
  start_ms double precision not null,
  end_ms double precision not null,
  busy_ms double precision not null,
  recorded_ms double precision not null,
  cycle_from integer,
  cycle_to integer,
  planned_ms integer,
  measured integer not null,
  measured_ms double precision,
  least_ms double precision,
  most_ms double precision,
  deviations integer not null,
  worst_ms double precision,
  worst_seq integer,
  worst_cycle integer,
  peaks integer not null,
  peak_torr double precision,
  least_peak_torr double precision,
  least_peak_seq integer,
  most_peak_torr double precision,
  primary key (process_id, level, chunk, series)
);
comment on table private.step_rollups is 'What a chunk holds of one series.';
comment on column private.step_rollups.busy_ms is 'Sum of durations: measured, else until the next step began, else recorded.';
comment on column private.step_rollups.recorded_ms is 'Sum of recorded durations.';
comment on column private.step_rollups.measured is 'How many were measured and not cut short; measured_ms is the sum of those, least and most its bounds.';
comment on column private.step_rollups.peaks is 'How many pulses have a peak; peak_torr is the sum of those, least and most its bounds.';

do $$
declare
  t text;
begin
  foreach t in array array['step_series', 'step_chunks', 'step_rollups'] loop
    execute format('alter table private.%I enable row level security', t);
    execute format('revoke all on private.%I from public, anon, authenticated, service_role', t);
    execute format('grant select on private.%I to authenticated, service_role', t);
    execute format('create policy %I on private.%I for select to authenticated using ((select private.is_person()))',
      t || '_read_by_people', t);
  end loop;
end
$$;

-- Every reader's way to a step: what it is, in words, and when, by the controller's clock. A view, because a function that
-- pins its search_path is called once per row, and this is read by the hundred thousand.
create view private.timed_steps with (security_invoker = true) as
select h.process_id, h.seq, h.step_type, h.step_name, h.recipe_step_id, h.loop_path, h.cycle, h.planned_ms, h.end_reason,
  h.ended_at is null as is_open, h.is_deviation, k.kind, l.lane, h.parameters,
  coalesce(h.recipe_step_id::text, l.lane || ' ' || left(coalesce(h.step_name, ''), 200)) as key,
  coalesce(h.device_started_at, h.started_at) as start_at,
  h.measured_ms::double precision as measured_ms, h.deviation_ms::double precision as deviation_ms,
  -- How long a step was let run says nothing of how long it takes.
  case when u.is_cut then null else h.measured_ms::double precision end as full_ms,
  case when u.is_cut then null else h.deviation_ms::double precision end as off_ms, u.is_cut,
  date_part('epoch', h.ended_at - h.started_at) * 1000 as recorded_ms,
  case when jsonb_typeof(h.pulse -> 'peak_torr') = 'number' then
    case when (h.pulse ->> 'peak_torr')::numeric between -1e9 and 1e9 then (h.pulse ->> 'peak_torr')::double precision end end as peak_torr
from public.step_execution_history h
cross join lateral (
  select case
    when lower(h.step_type) like '%valve%' then 'valve'
    when lower(h.step_type) like 'purg%' then 'purge'
    when lower(h.step_type) like '%parameter%' then 'parameter'
    when lower(h.step_type) like 'wait%' then 'wait'
    else 'other' end as kind
) k
cross join lateral (
  select case when k.kind = 'valve' then 'valve ' || coalesce(left(h.parameters ->> 'valve_number', 20), '?') else k.kind end as lane
) l
cross join lateral (
  select coalesce(h.end_reason, 'next') not in ('next', 'completed') and coalesce(h.measured_ms < h.planned_ms, false) as is_cut
) u;
comment on view private.timed_steps is
  'Steps with kind (valve, purge, parameter, wait, other), lane of the timeline, key of their series, and durations in ms; full_ms '
  'and off_ms are the measured duration and the deviation of a step that was not cut short.';
revoke all on private.timed_steps from public, anon, authenticated, service_role;
grant select on private.timed_steps to authenticated, service_role;

create function private.keep_series(p_run_id uuid, p_from_seq integer, p_to_seq integer) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_new record;
  v_last integer;
begin
  for v_new in
    select * from (
      select distinct on (h.key) h.key, h.seq, h.lane, h.kind, h.step_name, h.parameters, h.recipe_step_id, h.planned_ms, h.cycle
      -- In the order of seq, which leaves the planner one index even for a run that it believes to be short.
      from (select x.* from private.timed_steps x where x.process_id = p_run_id and x.seq between p_from_seq and p_to_seq order by x.seq offset 0) h
      where not exists (select 1 from private.step_series s where s.process_id = p_run_id and s.key = h.key)
      order by h.key, h.seq
    ) k order by k.seq
  loop
    v_last := (select coalesce(max(s.series), 0) from private.step_series s where s.process_id = p_run_id);
    -- A program without end of names: what is beyond 256 is summed up by its lane.
    insert into private.step_series (process_id, series, key, lane, step_type, step_name, valve_number, recipe_step_id, position,
      planned_ms, first_seq, first_cycle)
    values (p_run_id, v_last + 1, case when v_last < 256 then v_new.key else v_new.lane end, v_new.lane, v_new.kind,
      case when v_last < 256 then v_new.step_name end,
      case when v_new.kind = 'valve' and v_new.parameters ->> 'valve_number' ~ '^\d{1,6}$' then (v_new.parameters ->> 'valve_number')::integer end,
      case when v_last < 256 then v_new.recipe_step_id end,
      (select v_new.seq - min(x.seq) + 1 from public.step_execution_history x
        where x.process_id = p_run_id and x.seq between v_new.seq - 999 and v_new.seq and x.cycle = v_new.cycle),
      v_new.planned_ms, v_new.seq, v_new.cycle)
    on conflict (process_id, key) do nothing;
  end loop;
end
$$;
comment on function private.keep_series(uuid, integer, integer) is 'Numbers the series that these steps are the first of.';

create function private.roll_up_steps(p_run_id uuid, p_from_chunk integer, p_to_chunk integer) returns void
language plpgsql security definer set search_path = '' set jit = 'off'
as $$
declare
  v_zero timestamptz := private.run_begins(p_run_id);
begin
  perform private.keep_series(p_run_id, p_from_chunk * 16 + 1, p_to_chunk * 16 + 16);
  with timed as (
    select h.seq, h.cycle, h.planned_ms, h.measured_ms, h.full_ms, h.off_ms, h.is_deviation, h.loop_path, h.is_open, h.peak_torr, h.key, h.lane,
      date_part('epoch', h.start_at - v_zero) * 1000 as start_ms,
      date_part('epoch', greatest(lead(h.start_at) over (order by h.seq), case when lead(h.seq) over (order by h.seq) > 0 then h.start_at end) - h.start_at) * 1000 as until_next_ms,
      coalesce(h.recorded_ms, 0) as recorded_ms
    from private.timed_steps h
    -- One more: where the controller measured nothing, a step ends where the next begins.
    where h.process_id = p_run_id and h.seq between p_from_chunk * 16 + 1 and p_to_chunk * 16 + 17
  ), steps as (
    select t.*, (t.seq - 1) / 16 as chunk, coalesce(t.measured_ms, t.until_next_ms, t.recorded_ms) as busy_ms,
      coalesce(s.series, (select l.series from private.step_series l where l.process_id = p_run_id and l.key = t.lane)) as series
    from timed t
    left join private.step_series s on s.process_id = p_run_id and s.key = t.key
    where t.seq <= p_to_chunk * 16 + 16
  ), parts as materialized (
    select t.chunk, t.series, count(*) as count, min(t.seq) as first_seq, min(t.start_ms) as start_ms,
      max(t.start_ms + t.busy_ms) as end_ms, sum(t.busy_ms) as busy_ms, sum(t.recorded_ms) as recorded_ms,
      min(t.cycle) as cycle_from, max(t.cycle) as cycle_to, min(t.planned_ms) as planned_ms,
      count(t.full_ms) as measured, sum(t.full_ms) as measured_ms, min(t.full_ms) as least_ms, max(t.full_ms) as most_ms,
      count(*) filter (where t.is_deviation) as deviations,
      max(array[abs(t.off_ms), -t.seq, t.off_ms, t.cycle]) filter (where t.off_ms is not null) as worst,
      count(t.peak_torr) as peaks, sum(t.peak_torr) as peak_torr, max(t.peak_torr) as most_peak_torr,
      min(array[t.peak_torr, t.seq]) filter (where t.peak_torr is not null) as least_peak,
      bool_or(t.is_open) as has_open, max(t.loop_path) filter (where t.seq % 16 = 1) as loop_path
    from steps t group by t.chunk, t.series
  ), kept as (
    insert into private.step_chunks (process_id, level, chunk, count, start_ms, end_ms, cycle_from, cycle_to, deviations, worst_ms,
      worst_seq, loop_path)
    select p_run_id, 1, w.chunk, 16, w.start_ms, w.end_ms, w.cycle_from, w.cycle_to, w.deviations, w.worst[3], -w.worst[2], w.loop_path
    from (
      select p.chunk, min(p.start_ms) as start_ms, max(p.end_ms) as end_ms, min(p.cycle_from) as cycle_from, max(p.cycle_to) as cycle_to,
        sum(p.deviations) as deviations, max(p.worst) as worst, max(p.loop_path) as loop_path
      from parts p group by p.chunk having sum(p.count) = 16 and not bool_or(p.has_open)
    ) w
  )
  insert into private.step_rollups (process_id, level, chunk, series, count, first_seq, start_ms, end_ms, busy_ms, recorded_ms,
    cycle_from, cycle_to, planned_ms, measured, measured_ms, least_ms, most_ms, deviations, worst_ms, worst_seq, worst_cycle, peaks,
    peak_torr, least_peak_torr, least_peak_seq, most_peak_torr)
  select p_run_id, 1, x.chunk, x.series, x.count, x.first_seq, x.start_ms, x.end_ms, x.busy_ms, x.recorded_ms, x.cycle_from, x.cycle_to,
    x.planned_ms, x.measured, x.measured_ms, x.least_ms, x.most_ms, x.deviations, x.worst[3], -x.worst[2], x.worst[4], x.peaks,
    x.peak_torr, x.least_peak[1], x.least_peak[2], x.most_peak_torr
  from (
    select p.*, sum(p.count) over whole as total, bool_or(p.has_open) over whole as is_unfinished
    from parts p window whole as (partition by p.chunk)
  ) x
  where x.total = 16 and not x.is_unfinished;
end
$$;
comment on function private.roll_up_steps(uuid, integer, integer) is
  'Writes the chunks of level 1, from the steps; a chunk with a missing or open step is left out.';

create function private.roll_up_chunks(p_run_id uuid, p_level integer, p_from_chunk integer, p_to_chunk integer) returns void
language sql security definer set search_path = '' set jit = 'off'
as $$
  with kept as (
    insert into private.step_chunks (process_id, level, chunk, count, start_ms, end_ms, cycle_from, cycle_to, deviations, worst_ms,
      worst_seq, loop_path)
    select p_run_id, p_level, w.chunk, w.count, w.start_ms, w.end_ms, w.cycle_from, w.cycle_to, w.deviations, w.worst[3], -w.worst[2], w.loop_path
    from (
      select c.chunk / 16 as chunk, sum(c.count) as count, min(c.start_ms) as start_ms, max(c.end_ms) as end_ms,
        min(c.cycle_from) as cycle_from, max(c.cycle_to) as cycle_to, sum(c.deviations) as deviations,
        max(array[abs(c.worst_ms), -c.worst_seq, c.worst_ms]) filter (where c.worst_ms is not null) as worst,
        max(c.loop_path) filter (where c.chunk % 16 = 0) as loop_path
      from private.step_chunks c
      where c.process_id = p_run_id and c.level = p_level - 1 and c.chunk between p_from_chunk * 16 and p_to_chunk * 16 + 15
      group by c.chunk / 16 having count(*) = 16
    ) w
  )
  insert into private.step_rollups (process_id, level, chunk, series, count, first_seq, start_ms, end_ms, busy_ms, recorded_ms,
    cycle_from, cycle_to, planned_ms, measured, measured_ms, least_ms, most_ms, deviations, worst_ms, worst_seq, worst_cycle, peaks,
    peak_torr, least_peak_torr, least_peak_seq, most_peak_torr)
  select p_run_id, p_level, x.chunk, x.series, x.count, x.first_seq, x.start_ms, x.end_ms, x.busy_ms, x.recorded_ms, x.cycle_from,
    x.cycle_to, x.planned_ms, x.measured, x.measured_ms, x.least_ms, x.most_ms, x.deviations, x.worst[3], -x.worst[2], x.worst[4],
    x.peaks, x.peak_torr, x.least_peak[1], x.least_peak[2], x.most_peak_torr
  from (
    select r.chunk / 16 as chunk, r.series, sum(r.count) as count, min(r.first_seq) as first_seq, min(r.start_ms) as start_ms,
      max(r.end_ms) as end_ms, sum(r.busy_ms) as busy_ms, sum(r.recorded_ms) as recorded_ms, min(r.cycle_from) as cycle_from,
      max(r.cycle_to) as cycle_to, min(r.planned_ms) as planned_ms, sum(r.measured) as measured, sum(r.measured_ms) as measured_ms,
      min(r.least_ms) as least_ms, max(r.most_ms) as most_ms, sum(r.deviations) as deviations,
      max(array[abs(r.worst_ms), -r.worst_seq, r.worst_ms, r.worst_cycle]) filter (where r.worst_ms is not null) as worst,
      sum(r.peaks) as peaks, sum(r.peak_torr) as peak_torr, max(r.most_peak_torr) as most_peak_torr,
      min(array[r.least_peak_torr, r.least_peak_seq]) filter (where r.least_peak_torr is not null) as least_peak,
      sum(sum(r.count)) over (partition by r.chunk / 16) as total
    from private.step_rollups r
    where r.process_id = p_run_id and r.level = p_level - 1 and r.chunk between p_from_chunk * 16 and p_to_chunk * 16 + 15
    group by r.chunk / 16, r.series
  ) x
  where x.total = (16 ^ p_level)::integer
$$;
comment on function private.roll_up_chunks(uuid, integer, integer, integer) is
  'Writes the chunks of level 2 or 3, from the level below; a chunk that lacks one of its sixteen is left out.';

create function private.roll_up(p_run_id uuid, p_level integer, p_from_chunk integer, p_to_chunk integer) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  delete from private.step_chunks c where c.process_id = p_run_id and c.level = p_level and c.chunk between p_from_chunk and p_to_chunk;
  delete from private.step_rollups r where r.process_id = p_run_id and r.level = p_level and r.chunk between p_from_chunk and p_to_chunk;
  if p_level = 1 then
    perform private.roll_up_steps(p_run_id, p_from_chunk, p_to_chunk);
    return;
  end if;
  if (select count(*) from private.step_chunks c where c.process_id = p_run_id and c.level = p_level - 1
    and c.chunk between p_from_chunk * 16 and p_to_chunk * 16 + 15) < (p_to_chunk - p_from_chunk + 1) * 16
  then
    perform private.roll_up(p_run_id, p_level - 1, p_from_chunk * 16, p_to_chunk * 16 + 15);
  end if;
  perform private.roll_up_chunks(p_run_id, p_level, p_from_chunk, p_to_chunk);
end
$$;
comment on function private.roll_up(uuid, integer, integer, integer) is
  'Writes chunks of a level anew; what is missing of the level below is written first.';

create function private.roll_up_run(p_run_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_last integer := (select r.last_seq from public.process_executions r where r.id = p_run_id);
  v_chunk integer := 0;
begin
  -- In portions that fit into memory.
  while v_chunk < v_last / 16 loop
    perform private.roll_up(p_run_id, 1, v_chunk, least(v_chunk + 4095, v_last / 16 - 1));
    v_chunk := v_chunk + 4096;
  end loop;
  for v_level in 2..3 loop
    if v_last >= 16 ^ v_level then
      perform private.roll_up(p_run_id, v_level, 0, v_last / (16 ^ v_level)::integer - 1);
    end if;
  end loop;
end
$$;
comment on function private.roll_up_run(uuid) is 'Sums up the whole history of a run; for history that was not written step by step.';

create function private.step_chunk_closed() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  for v_level in 1..3 loop
    exit when (new.seq - 1) % (16 ^ v_level)::integer <> 0;
    perform private.roll_up(new.process_id, v_level, (new.seq - 1) / (16 ^ v_level)::integer - 1, (new.seq - 1) / (16 ^ v_level)::integer - 1);
  end loop;
  return null;
exception
  when serialization_failure or deadlock_detected then
    raise;
  when others then
    raise warning 'steps of run % before % were not summed up: %', new.process_id, new.seq, sqlerrm;
    return null;
end
$$;
comment on function private.step_chunk_closed() is
  'Sums up the steps before this one; a fault costs the sum, which readers do without, never the step.';
create trigger t80_chunk_closed after insert on public.step_execution_history
  for each row when (new.seq % 16 = 1 and new.seq > 16) execute function private.step_chunk_closed();

create function private.step_changed_late() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_chunk integer;
begin
  for v_level in 1..3 loop
    v_chunk := (new.seq - 1) / (16 ^ v_level)::integer;
    exit when not exists (
      select 1 from private.step_chunks c where c.process_id = new.process_id and c.level = v_level and c.chunk = v_chunk);
    perform private.roll_up(new.process_id, v_level, v_chunk, v_chunk);
  end loop;
  return null;
end
$$;
comment on function private.step_changed_late() is 'Sums up anew what holds a step that was changed after it ended, such as one measured late.';
create trigger t80_changed_late after update on public.step_execution_history for each row
  when (old.ended_at is not null and (old.measured_ms, old.pulse, old.planned_ms, old.cycle, old.device_started_at, old.started_at,
      old.ended_at, old.end_reason, old.step_type, old.step_name, old.parameters, old.recipe_step_id)
    is distinct from (new.measured_ms, new.pulse, new.planned_ms, new.cycle, new.device_started_at, new.started_at,
      new.ended_at, new.end_reason, new.step_type, new.step_name, new.parameters, new.recipe_step_id))
  execute function private.step_changed_late();

create function private.steps_removed() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  delete from private.step_rollups r using (
    select distinct o.process_id, l.level, (o.seq - 1) / (16 ^ l.level)::integer as chunk from removed o, generate_series(1, 3) l (level)
  ) x where r.process_id = x.process_id and r.level = x.level and r.chunk = x.chunk;
  delete from private.step_chunks c using (
    select distinct o.process_id, l.level, (o.seq - 1) / (16 ^ l.level)::integer as chunk from removed o, generate_series(1, 3) l (level)
  ) x where c.process_id = x.process_id and c.level = x.level and c.chunk = x.chunk;
  return null;
end
$$;
comment on function private.steps_removed() is 'Forgets the sums that held steps which are no more.';
create trigger t80_removed after delete on public.step_execution_history referencing old table as removed
  for each statement execute function private.steps_removed();

create function private.check_rollups(p_run_id uuid) returns table (level integer, chunk integer, series integer, detail text)
language sql stable set search_path = ''
as $$
  with steps as materialized (
    select h.seq, coalesce(s.series, l.series)::integer as series, h.cycle, h.full_ms, h.off_ms, h.is_deviation, h.is_open, h.peak_torr
    from private.timed_steps h
    left join private.step_series s on s.process_id = h.process_id and s.key = h.key
    left join private.step_series l on l.process_id = h.process_id and l.key = h.lane
    where h.process_id = p_run_id
  ), truth as (
    select v.level, (t.seq - 1) / (16 ^ v.level)::integer as chunk, t.series, count(*)::integer as count, min(t.seq) as first_seq,
      min(t.cycle) as cycle_from, max(t.cycle) as cycle_to, count(t.full_ms)::integer as measured,
      round(sum(t.full_ms)::numeric, 3) as measured_ms, min(t.full_ms) as least_ms, max(t.full_ms) as most_ms,
      count(*) filter (where t.is_deviation)::integer as deviations, max(abs(t.off_ms)) as worst_ms,
      count(t.peak_torr)::integer as peaks, min(t.peak_torr) as least_peak_torr
    from steps t cross join generate_series(1, 3) v (level)
    group by 1, 2, 3
  )
  select coalesce(t.level, r.level), coalesce(t.chunk, r.chunk), coalesce(t.series, r.series),
    format('steps say %s, summed up is %s', to_jsonb(t), to_jsonb(r))
  from truth t full join (select * from private.step_rollups x where x.process_id = p_run_id) r
    on r.level = t.level and r.chunk = t.chunk and r.series = t.series
  where (r.level is null and exists (
      select 1 from private.step_chunks c where c.process_id = p_run_id and c.level = t.level and c.chunk = t.chunk))
    or t.level is null and r.level is not null
    or r.level is not null and (r.count, r.first_seq, r.cycle_from, r.cycle_to, r.measured, round(r.measured_ms::numeric, 3), r.least_ms,
        r.most_ms, r.deviations, abs(r.worst_ms), r.peaks, r.least_peak_torr)
      is distinct from (t.count, t.first_seq, t.cycle_from, t.cycle_to, t.measured, t.measured_ms, t.least_ms,
        t.most_ms, t.deviations, t.worst_ms, t.peaks, t.least_peak_torr)
  union all
  select v.level, x.chunk, null, 'closed steps are not summed up'
  from generate_series(1, 3) v (level)
  cross join lateral (
    select (t.seq - 1) / (16 ^ v.level)::integer as chunk from steps t group by 1
    having count(*) = 16 ^ v.level and not bool_or(t.is_open)
  ) x
  where (x.chunk + 1) * (16 ^ v.level)::integer < (select max(t.seq) from steps t) and not exists (
    select 1 from private.step_chunks c where c.process_id = p_run_id and c.level = v.level and c.chunk = x.chunk)
$$;
comment on function private.check_rollups(uuid) is 'Where the sums of a run are not those of its steps, and closed steps that lack one; none when all is well. For tests.';

-- Found by the sums: no read looks for device_started_at any more, and every step is spared its upkeep.
drop index public.step_execution_history_by_device_start;

do $$
declare
  v record;
  v_done integer := 0;
begin
  for v in select r.id from public.process_executions r where r.last_seq >= 16 order by r.start_time loop
    perform private.roll_up_run(v.id);
    v_done := v_done + 1;
    if v_done % 1000 = 0 then
      raise notice '% runs summed up', v_done;
    end if;
  end loop;
end
$$;

revoke execute on all functions in schema private from public;

/* rollback
drop trigger if exists t80_chunk_closed on public.step_execution_history;
drop trigger if exists t80_changed_late on public.step_execution_history;
drop trigger if exists t80_removed on public.step_execution_history;
drop function if exists private.check_rollups(uuid), private.steps_removed(), private.step_changed_late(), private.step_chunk_closed(),
  private.roll_up_run(uuid), private.roll_up(uuid, integer, integer, integer), private.roll_up_chunks(uuid, integer, integer, integer),
  private.roll_up_steps(uuid, integer, integer), private.keep_series(uuid, integer, integer);
drop view if exists private.timed_steps;
drop table if exists private.step_rollups, private.step_chunks, private.step_series;
create index if not exists step_execution_history_by_device_start on public.step_execution_history (process_id, device_started_at);
rollback */
