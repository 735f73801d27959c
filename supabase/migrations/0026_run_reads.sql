-- A run as pictures need it: never more than was asked for, however long the run is. Times are ms by the controller's
-- clock from the run's first step. All read with the reader's own rights, and answer null for a run that is not there.
-- Called by: signed-in people, and the controller.

drop function public.run_timeline(uuid, double precision, double precision, integer), public.run_durations(uuid, integer),
  public.run_trend(uuid, double precision, double precision, integer, text[]);
drop function private.step_lane(text, jsonb);

create function private.padded_window(p_from_ms double precision, p_to_ms double precision, p_limit_ms double precision)
returns table (from_ms double precision, to_ms double precision, tile_ms double precision)
language plpgsql immutable set search_path = ''
as $$
declare
  -- Absurd numbers are brought back into the run; not a number counts as not given.
  v_limit double precision := greatest(p_limit_ms, 1);
  v_a double precision := least(greatest(coalesce(nullif(p_from_ms, 'NaN'), 0), 0), v_limit);
  v_b double precision := least(greatest(coalesce(nullif(p_to_ms, 'NaN'), v_limit), 0), v_limit);
  v_span double precision := greatest(abs(v_b - v_a), 1);
  v_quarter double precision;
begin
  tile_ms := power(2, ceil(ln(v_span) / ln(2::double precision)));
  if tile_ms < v_span then
    tile_ms := tile_ms * 2;
  elsif tile_ms / 2 >= v_span then
    tile_ms := tile_ms / 2;
  end if;
  v_quarter := tile_ms / 4;
  from_ms := greatest((floor(least(v_a, v_b) / v_quarter) - 1) * v_quarter, 0);
  to_ms := least((ceil((least(v_a, v_b) + v_span) / v_quarter) + 1) * v_quarter, v_limit);
  return next;
end
$$;
comment on function private.padded_window(double precision, double precision, double precision) is
  'A window made wider: to a grid of a quarter of the power of two above its span, and one more on each side, within 0 and the '
  'limit. Windows that lie close get the same answer.';

create function private.run_extent(p_run_id uuid)
returns table (zero timestamptz, last_seq integer, end_ms double precision, is_open boolean)
language sql stable set search_path = ''
as $$
  select z.at, h.seq,
    date_part('epoch', h.start_at - z.at) * 1000 + greatest(case
      when h.is_open then coalesce(h.measured_ms,
        date_part('epoch', clock_timestamp() - s.started_at) * 1000 * coalesce(substring(r.parameters ->> 'speed' from '^\d{1,6}(?:\.\d{1,6})?$')::double precision, 1))
      else coalesce(h.measured_ms, h.recorded_ms) end, 0),
    h.is_open
  from public.process_executions r
  cross join lateral (select private.run_begins(r.id) as at) z
  cross join lateral (select * from private.timed_steps x where x.process_id = r.id order by x.seq desc limit 1) h
  join public.step_execution_history s on s.process_id = r.id and s.seq = h.seq
  where r.id = p_run_id
$$;
comment on function private.run_extent(uuid) is
  'First moment of a run, its newest step, and how long it has lasted: a step that is open reaches the estimated present.';

create function private.seq_at(p_run_id uuid, p_ms double precision) returns integer
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_zero timestamptz := private.run_begins(p_run_id);
  v_from integer := 0;
  v_to integer;
  v_chunk integer;
begin
  for v_level in reverse 3..1 loop
    select c.chunk into v_chunk from private.step_chunks c
    where c.process_id = p_run_id and c.level = v_level and c.chunk between v_from and coalesce(v_to, 2147483647) and c.start_ms <= p_ms
    order by c.chunk desc limit 1;
    v_chunk := coalesce(v_chunk, v_from);
    -- What comes after the last chunk of a level is not summed up there yet.
    v_to := case when exists (
      select 1 from private.step_chunks c where c.process_id = p_run_id and c.level = v_level and c.chunk = v_chunk + 1) then v_chunk * 16 + 15 end;
    v_from := v_chunk * 16;
  end loop;
  return (select h.seq from private.timed_steps h
    where h.process_id = p_run_id and h.seq between v_from + 1 and coalesce(v_to + 1, 2147483647)
      and date_part('epoch', h.start_at - v_zero) * 1000 <= p_ms
    order by h.seq desc limit 1);
end
$$;
comment on function private.seq_at(uuid, double precision) is 'The step that had begun last at a moment; null before the first.';

create function private.seq_of_cycle(p_run_id uuid, p_cycle integer) returns integer
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_from integer := 0;
  v_to integer;
  v_chunk integer;
begin
  for v_level in reverse 3..1 loop
    select c.chunk into v_chunk from private.step_chunks c
    where c.process_id = p_run_id and c.level = v_level and c.chunk between v_from and coalesce(v_to, 2147483647) and c.cycle_to >= p_cycle
    order by c.chunk limit 1;
    v_to := v_chunk * 16 + 15;
    v_from := 16 * coalesce(v_chunk, (
      select max(c.chunk) + 1 from private.step_chunks c where c.process_id = p_run_id and c.level = v_level and c.chunk >= v_from), v_from);
  end loop;
  return (select h.seq from public.step_execution_history h
    where h.process_id = p_run_id and h.seq between v_from + 1 and coalesce(v_to + 1, 2147483647) and h.cycle >= p_cycle
    order by h.seq limit 1);
end
$$;
comment on function private.seq_of_cycle(uuid, integer) is 'First step of a cycle, or of the next there is; null when there is none.';

create function private.chunks_to_read(
  p_run_id uuid, p_last_seq integer, p_highest_level integer, p_from_seq integer, p_to_seq integer,
  p_from_ms double precision, p_to_ms double precision, p_widest_ms double precision,
  out taken_3 integer[], out taken_2 integer[], out taken_1 integer[], out opened integer[]
)
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v_size integer := 65536;
  v_taken integer[];
  v_children integer[];
begin
  opened := array(select generate_series((p_from_seq - 1) / v_size, (least(p_to_seq, p_last_seq) - 1) / v_size));
  for v_level in reverse 3..1 loop
    v_size := v_size / 16;
    v_children := array(
      select o.chunk * 16 + c.n from unnest(opened) o (chunk) cross join generate_series(0, 15) c (n)
      where o.chunk * 16 + c.n between (p_from_seq - 1) / v_size and (least(p_to_seq, p_last_seq) - 1) / v_size);
    select array_agg(x.chunk) filter (where t.is_taken), coalesce(array_agg(x.chunk) filter (where not t.is_taken), '{}')
    into v_taken, opened
    from unnest(v_children) x (chunk)
    left join private.step_chunks c on c.process_id = p_run_id and c.level = v_level and c.chunk = x.chunk
    cross join lateral (
      select c.chunk is not null and v_level <= p_highest_level and c.end_ms - c.start_ms <= p_widest_ms
        and x.chunk * v_size >= p_from_seq - 1 and (x.chunk + 1) * v_size <= p_to_seq as is_taken
    ) t
    where c.chunk is null or (c.start_ms < p_to_ms and c.end_ms > p_from_ms);
    case v_level when 3 then taken_3 := v_taken; when 2 then taken_2 := v_taken; else taken_1 := v_taken; end case;
  end loop;
end
$$;
comment on function private.chunks_to_read(
  uuid, integer, integer, integer, integer, double precision, double precision, double precision) is
  'What a stretch of a run is read from, from the coarse to the fine: chunks up to a level that lie within the seqs asked for and '
  'are not wider than asked, and the numbers of those of level 1 whose steps have to be read themselves.';

create function private.stretches(p_chunks integer[], p_from_seq integer, p_to_seq integer, out lows integer[], out highs integer[])
language sql immutable set search_path = ''
as $$
  select coalesce(array_agg(x.low order by x.low), '{}'), coalesce(array_agg(x.high order by x.low), '{}') from (
    select greatest(min(i.chunk) * 16 + 1, p_from_seq) as low, least(max(i.chunk) * 16 + 16, p_to_seq) as high
    from (select c.chunk, c.chunk - row_number() over (order by c.chunk) as island from (select distinct unnest(p_chunks) as chunk) c) i
    group by i.island
  ) x where x.low <= x.high
$$;
comment on function private.stretches(integer[], integer, integer) is
  'First and last steps of chunks of level 1, neighbours together. Steps are read by stretches in the order of seq, which '
  'leaves the planner one index even for a run that it believes to be short.';

create function private.all_series(p_run_id uuid) returns setof private.step_series
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  -- As a figure, so that the planner knows how few steps are behind the last sum.
  v_summed integer := 16 * coalesce((
    select c.chunk + 1 from private.step_chunks c where c.process_id = p_run_id and c.level = 1 order by c.chunk desc limit 1), 0);
begin
  return query
  with known as materialized (
    select s.* from private.step_series s where s.process_id = p_run_id
  ), tail as materialized (
    select t.* from private.timed_steps t where t.process_id = p_run_id and t.seq > v_summed order by t.seq
  ), fresh as (
    select distinct on (t.key) t.*, t.seq - c.first_seq + 1 as place
    from tail t
    left join (select x.cycle, min(x.seq) as first_seq from tail x where x.cycle is not null group by x.cycle) c on c.cycle = t.cycle
    where not exists (select 1 from known k where k.key in (t.key, t.lane))
    order by t.key, t.seq
  )
  select * from known
  union all
  select p_run_id, coalesce((select max(k.series) from known k), 0) + row_number() over (order by f.seq)::integer, f.key, f.lane, f.kind,
    f.step_name, substring(f.lane from '^valve (\d{1,6})$')::integer, f.recipe_step_id, f.place, f.planned_ms, f.seq, f.cycle
  from fresh f;
end
$$;
comment on function private.all_series(uuid) is 'The series of a run, with those of its newest steps, which are not summed up yet.';

create function private.run_pieces(p_run_id uuid, p_last_seq integer, p_level integer, p_from_seq integer, p_to_seq integer)
returns table (level integer, chunk integer, series integer, count integer, first_seq integer, start_ms double precision, end_ms double precision,
  recorded_ms double precision, cycle_from integer, cycle_to integer, planned_ms integer, measured integer, measured_ms double precision,
  least_ms double precision, most_ms double precision, deviations integer, worst_ms double precision, worst_seq integer, worst_cycle integer,
  peaks integer, peak_torr double precision, least_peak_torr double precision, least_peak_seq integer, most_peak_torr double precision,
  cut_ms double precision)
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  k record;
  v_read record;
  v_zero timestamptz := private.run_begins(p_run_id);
begin
  select * into k from private.chunks_to_read(p_run_id, p_last_seq, p_level, p_from_seq, p_to_seq, '-infinity', 'infinity', 'infinity');
  select * into v_read from private.stretches(k.opened, p_from_seq, p_to_seq);
  return query
  select r.level, r.chunk, r.series, r.count, r.first_seq, r.start_ms, r.end_ms, r.recorded_ms, r.cycle_from, r.cycle_to, r.planned_ms,
    r.measured, r.measured_ms, r.least_ms, r.most_ms, r.deviations, r.worst_ms, r.worst_seq, r.worst_cycle, r.peaks, r.peak_torr,
    r.least_peak_torr, r.least_peak_seq, r.most_peak_torr, null::double precision
  from (
    select x.* from unnest(k.taken_3) t (chunk) join private.step_rollups x on x.process_id = p_run_id and x.level = 3 and x.chunk = t.chunk
    union all
    select x.* from unnest(k.taken_2) t (chunk) join private.step_rollups x on x.process_id = p_run_id and x.level = 2 and x.chunk = t.chunk
    union all
    select x.* from unnest(k.taken_1) t (chunk) join private.step_rollups x on x.process_id = p_run_id and x.level = 1 and x.chunk = t.chunk
  ) r;
  if cardinality(v_read.lows) > 0 then
    return query
    select 0, h.seq, coalesce(s.series, l.series), 1, h.seq, h.start_ms, h.start_ms + coalesce(h.measured_ms, h.recorded_ms), h.recorded_ms,
      h.cycle, h.cycle, h.planned_ms, (h.full_ms is not null)::integer, h.full_ms, h.full_ms, h.full_ms, h.is_deviation::integer, h.off_ms,
      case when h.off_ms is not null then h.seq end, h.cycle, (h.peak_torr is not null)::integer, h.peak_torr, h.peak_torr,
      case when h.peak_torr is not null then h.seq end, h.peak_torr, case when h.is_cut then h.measured_ms end
    from unnest(v_read.lows, v_read.highs) o (low, high)
    cross join lateral (
      select t.*, date_part('epoch', t.start_at - v_zero) * 1000 as start_ms from private.timed_steps t
      where t.process_id = p_run_id and t.seq between o.low and o.high order by t.seq
    ) h
    left join private.all_series(p_run_id) s on s.key = h.key
    left join private.all_series(p_run_id) l on l.key = h.lane;
  end if;
end
$$;
comment on function private.run_pieces(uuid, integer, integer, integer, integer) is
  'What a stretch of a run consists of, by series: sums of a level where there are whole ones, of lower ones at its edges, and '
  'single steps (level 0) at the ends and where nothing is summed up. Level 0 asks for the steps alone.';

create function public.run_timeline(
  p_run_id uuid, p_from_ms double precision default 0, p_to_ms double precision default null, p_pixels integer default 1200
) returns json
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v record;
  w record;
  k record;
  v_column double precision;
  v_read record;
  v_answer json;
begin
  select * into v from private.run_extent(p_run_id);
  if not found then
    return (select json_build_object('from_ms', 0, 'to_ms', 0, 'column_ms', 1, 'duration_ms', 0, 'is_live', false,
        'series', '[]'::json, 'lanes', '[]'::json, 'loops', '[]'::json)
      from public.process_executions r where r.id = p_run_id);
  end if;
  select * into w from private.padded_window(p_from_ms, p_to_ms, v.end_ms);
  v_column := w.tile_ms / (1.5 * least(greatest(coalesce(p_pixels, 1200), 10), 2400));
  select * into k from private.chunks_to_read(p_run_id, v.last_seq, 3, 1, v.last_seq, w.from_ms, w.to_ms, 2 * v_column);
  select * into v_read from private.stretches(k.opened, 1, v.last_seq);
  with raw as materialized (
    select t.*, coalesce(t.measured_ms, t.until_next_ms, t.recorded_ms) as busy_ms
    from (
      select h.seq, h.lane, h.kind, h.key, h.loop_path, h.measured_ms, h.deviation_ms, h.is_deviation, h.recorded_ms, h.until_next_ms,
        date_part('epoch', h.start_at - v.zero) * 1000 as start_ms
      from unnest(v_read.lows, v_read.highs) o (low, high)
      cross join lateral (
        -- One more: where the controller measured nothing, a step ends where the next begins.
        select s.*, date_part('epoch', greatest(lead(s.start_at) over (order by s.seq), case when lead(s.seq) over (order by s.seq) > 0 then s.start_at end) - s.start_at) * 1000 as until_next_ms
        from private.timed_steps s where s.process_id = p_run_id and s.seq between o.low and o.high + 1 order by s.seq
      ) h
      where h.seq <= o.high
    ) t
    where t.start_ms < w.to_ms
      and coalesce(t.start_ms + coalesce(t.measured_ms, t.until_next_ms, t.recorded_ms) > w.from_ms, true)
  ), series as materialized (
    select s.* from private.all_series(p_run_id) s
  ), sums as (
    select r.* from unnest(k.taken_3) t (chunk) join private.step_rollups r on r.process_id = p_run_id and r.level = 3 and r.chunk = t.chunk
    union all
    select r.* from unnest(k.taken_2) t (chunk) join private.step_rollups r on r.process_id = p_run_id and r.level = 2 and r.chunk = t.chunk
    union all
    select r.* from unnest(k.taken_1) t (chunk) join private.step_rollups r on r.process_id = p_run_id and r.level = 1 and r.chunk = t.chunk
  ), places as materialized (
    select l.lane, row_number() over (order by l.lane like 'valve%' desc, l.lane)::integer as place
    from (select s.lane from series s union select h.lane from raw h) l
  ), pieces as (
    select p.place, r.series, r.count, r.first_seq as seq, r.start_ms, r.end_ms, r.busy_ms, r.deviations, r.worst_ms, r.worst_seq
    from sums r join series s on s.series = r.series join places p on p.lane = s.lane
    union all
    select p.place, s.series, 1, h.seq, h.start_ms, h.start_ms + h.busy_ms, h.busy_ms, h.is_deviation::integer, h.deviation_ms, h.seq
    from raw h join places p on p.lane = h.lane left join series s on s.key = h.key
  ), spans as (
    select p.place, min(p.start_ms) as start_ms, max(p.end_ms) as end_ms, bool_or(p.end_ms is null) as is_open,
      sum(p.count) as count, min(p.seq) as seq, case when min(p.series) = max(p.series) then min(p.series) end as series,
      sum(p.busy_ms) as busy_ms, sum(p.deviations) as deviations,
      case when -min(p.worst_ms) > max(p.worst_ms) then min(p.worst_ms) else max(p.worst_ms) end as worst_ms,
      max(array[abs(p.worst_ms), -p.worst_seq]) filter (where p.deviations > 0) as worst
    from pieces p
    group by p.place, case when p.count = 1 and coalesce(p.end_ms - p.start_ms >= v_column, true) then -p.seq else floor(p.start_ms / v_column) end
  ), lanes as (
    select s.place, json_build_object('lane', p.lane, 'step_type', substring(p.lane from '^\w+'),
      'valve_number', substring(p.lane from '^valve (\d{1,6})$')::integer,
      'start_ms', json_agg(round(s.start_ms * 1000) / 1000 order by s.start_ms),
      'end_ms', json_agg(case when not s.is_open then round(s.end_ms * 1000) / 1000 end order by s.start_ms),
      'count', json_agg(s.count order by s.start_ms), 'seq', json_agg(s.seq order by s.start_ms),
      'series', json_agg(s.series order by s.start_ms), 'busy_ms', json_agg(round(s.busy_ms * 1000) / 1000 order by s.start_ms),
      'worst_ms', json_agg(s.worst_ms order by s.start_ms), 'worst_seq', json_agg(-s.worst[2] order by s.start_ms),
      'deviations', json_agg(s.deviations order by s.start_ms)) as body
    from spans s join places p on p.place = s.place group by s.place, p.lane
  ), marks as materialized (
    select m.*, lag(m.loop_path) over (order by m.seq) as before
    from (
      select c.chunk * (16 ^ c.level)::integer + 1 as seq, c.start_ms, c.loop_path
      from private.step_chunks c
      where c.process_id = p_run_id and (
        c.level = 3 and c.chunk = any ((select k.taken_3)::integer[])
        or c.level = 2 and c.chunk = any ((select k.taken_2)::integer[])
        or c.level = 1 and c.chunk = any ((select k.taken_1)::integer[]))
      union all
      select h.seq, h.start_ms, h.loop_path from raw h
    ) m
  ), turns as (
    select d.depth, m.seq, m.start_ms, m.loop_path[d.depth] as iteration,
      lead(m.start_ms, 1, least(w.to_ms, v.end_ms)) over (partition by d.depth order by m.seq) as end_ms
    from (select coalesce(max(cardinality(m.loop_path)), 0) as depth from marks m) x
    cross join lateral generate_series(1, least(x.depth, 8)) d (depth)
    join marks m on m.before is null or (m.loop_path <> m.before and m.loop_path[1:d.depth] is distinct from m.before[1:d.depth])
  ), passes as (
    select t.depth, min(t.start_ms) as start_ms, max(t.end_ms) as end_ms, min(t.seq) as seq,
      (array_agg(t.iteration order by t.seq))[1] as from_iteration, (array_agg(t.iteration order by t.seq desc))[1] as to_iteration
    from turns t where t.iteration is not null
    group by t.depth, case when t.end_ms - t.start_ms >= v_column then -t.seq else floor(t.start_ms / v_column) end
  )
  select json_build_object('from_ms', w.from_ms, 'to_ms', w.to_ms, 'column_ms', v_column, 'duration_ms', round(v.end_ms * 1000) / 1000,
    'is_live', v.is_open,
    'series', (select coalesce(json_agg(to_jsonb(s) - array['process_id', 'recipe_step_id', 'first_cycle'] order by s.series), '[]'::json) from series s),
    'lanes', (select coalesce(json_agg(l.body order by l.place), '[]'::json) from lanes l),
    'loops', (select coalesce(json_agg(x.body order by x.depth), '[]'::json) from (
      select p.depth, json_build_object('depth', p.depth, 'start_ms', json_agg(round(p.start_ms * 1000) / 1000 order by p.start_ms),
        'end_ms', json_agg(round(p.end_ms * 1000) / 1000 order by p.start_ms), 'seq', json_agg(p.seq order by p.start_ms),
        'from_iteration', json_agg(p.from_iteration order by p.start_ms), 'to_iteration', json_agg(p.to_iteration order by p.start_ms)) as body
      from passes p group by p.depth) x))
  into v_answer;
  return v_answer;
end
$$;
comment on function public.run_timeline(uuid, double precision, double precision, integer) is
  'Spans of a run by lane, as columns, in a window that is padded and rounded so that close windows have one answer. Steps '
  'shorter than column_ms (about a pixel of what was asked for) are merged and counted, with the worst deviation of them; one '
  'that is open has no end; one that crosses the edge is there whole. At most about 3 * p_pixels spans per lane.';

create function public.run_durations(
  p_run_id uuid, p_points integer default 500, p_from_ms double precision default null, p_to_ms double precision default null
) returns json
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v record;
  v_from integer := 1;
  v_to integer;
  v_points integer;
  v_level integer := 0;
  v_sample record;
  v_answer json;
begin
  select * into v from private.run_extent(p_run_id);
  if not found then
    return (select json_build_object('from_seq', 1, 'to_seq', 0, 'series', '[]'::json) from public.process_executions r where r.id = p_run_id);
  end if;
  v_to := v.last_seq;
  if nullif(least(p_from_ms, p_to_ms), 'NaN') > 0 then
    v_from := coalesce(private.seq_at(p_run_id, least(p_from_ms, p_to_ms)), 1);
  end if;
  if nullif(greatest(p_from_ms, p_to_ms), 'NaN') < v.end_ms and p_to_ms is not null then
    v_to := coalesce(private.seq_at(p_run_id, greatest(p_from_ms, p_to_ms)), 1);
  end if;
  v_points := least(greatest(coalesce(p_points, 500), 10), 2000,
    greatest(20000 / greatest((select count(*) from private.step_series s where s.process_id = p_run_id), 1), 10));
  -- The coarsest level that still gives every series its points; few steps are read themselves.
  for v_next in 1..3 loop
    exit when (v_to - v_from) / (16 ^ v_next)::integer < case v_next when 1 then v_points else v_points / 2 end;
    v_level := v_next;
  end loop;
  -- Percentiles of 500 chunks, spread evenly, where the run is too long for all of its steps.
  select * into v_sample from private.stretches(case when v_level = 0 then array(select generate_series((v_from - 1) / 16, (v_to - 1) / 16))
    else array(select ((v_from - 1) / 16 + g * ((v_to - v_from) / 16) / 500)::integer from generate_series(0::bigint, 499) g) end, v_from, v_to);
  with series as materialized (
    select s.* from private.all_series(p_run_id) s
  ), pieces as (
    select s.key, p.first_seq as seq, p.count, p.cycle_from as cycle, p.planned_ms, p.measured, p.measured_ms, p.least_ms, p.most_ms,
      p.recorded_ms, p.worst_ms, p.deviations, p.cut_ms
    from private.run_pieces(p_run_id, v.last_seq, v_level, v_from, v_to) p join series s on s.series = p.series
    where s.step_type in ('valve', 'purge')
  ), ranked as (
    select p.*, row_number() over one as n, count(*) over (partition by p.key) as pieces,
      sum(p.count) over (partition by p.key order by p.seq) - p.count + 1 as nth
    from pieces p window one as (partition by p.key order by p.seq)
  ), points as (
    select r.key, min(r.seq) as seq, coalesce(min(r.cycle), min(r.nth)) as cycle, min(r.planned_ms) as planned_ms,
      coalesce(sum(r.measured_ms) / nullif(sum(r.measured), 0), max(r.cut_ms)) as measured_ms, min(r.least_ms) as min_ms, max(r.most_ms) as max_ms,
      sum(r.recorded_ms) / nullif(sum(r.count) filter (where r.recorded_ms is not null), 0) as recorded_ms, sum(r.count) as count,
      case when -min(r.worst_ms) > max(r.worst_ms) then min(r.worst_ms) else max(r.worst_ms) end as worst_ms,
      sum(r.deviations) as deviations, sum(r.measured) as measured, sum(r.measured_ms) as total_ms
    from ranked r group by r.key, (r.n - 1) * least(r.pieces, v_points) / r.pieces
  ), wholes as (
    select p.key, sum(p.count) as count, sum(p.measured) as measured, min(p.min_ms) as min_ms, max(p.max_ms) as max_ms,
      sum(p.total_ms) / nullif(sum(p.measured), 0) as mean_ms, min(p.seq) as first_seq,
      json_agg(json_build_object('cycle', p.cycle, 'seq', p.seq, 'planned_ms', p.planned_ms, 'measured_ms', round(p.measured_ms * 1000) / 1000,
        'min_ms', p.min_ms, 'max_ms', p.max_ms, 'recorded_ms', round(p.recorded_ms * 1000) / 1000, 'count', p.count,
        'worst_ms', p.worst_ms, 'deviations', p.deviations) order by p.seq) as points
    from points p group by p.key
  ), sampled as materialized (
    select coalesce(s.key, l.key) as key, h.full_ms as measured_ms
    from unnest(v_sample.lows, v_sample.highs) o (low, high)
    cross join lateral (
      select t.* from private.timed_steps t where t.process_id = p_run_id and t.seq between o.low and o.high order by t.seq) h
    left join series s on s.key = h.key left join series l on l.key = h.lane
    where h.kind in ('valve', 'purge')
  ), quantiles as (
    select s.key, count(s.measured_ms) as sampled,
      percentile_cont(array[0.05, 0.25, 0.5, 0.75, 0.95]) within group (order by s.measured_ms) as q
    from sampled s group by s.key
  ), ranges as (
    -- Four quartile ranges around the middle half; what lies beyond counts in the outermost bins.
    select w.key, greatest(w.min_ms, q.q[2] - 4 * greatest(q.q[4] - q.q[2], 0.25)) as low, w.min_ms, w.max_ms,
      least(w.max_ms, q.q[4] + 4 * greatest(q.q[4] - q.q[2], 0.25)) as high
    from wholes w join quantiles q on q.key = w.key where q.sampled > 0
  ), bins as (
    select b.key, json_agg(json_build_array(
      case when b.bin = 0 then b.min_ms else round((b.low + b.bin * b.width) * 1000) / 1000 end,
      case when b.bin = b.last then b.max_ms else round((b.low + (b.bin + 1) * b.width) * 1000) / 1000 end, b.count) order by b.bin) as bins
    from (
      select r.key, r.low, r.min_ms, r.max_ms, x.width, x.last, least(greatest(floor((s.measured_ms - r.low) / x.width), 0), x.last) as bin, count(*) as count
      from ranges r
      cross join lateral (select greatest((r.high - r.low) / 40, 0.001) as width, least(39, floor((r.high - r.low) / greatest((r.high - r.low) / 40, 0.001))) as last) x
      join sampled s on s.key = r.key and s.measured_ms is not null
      group by 1, 2, 3, 4, 5, 6, 7
    ) b group by b.key
  )
  select json_build_object('from_seq', v_from, 'to_seq', v_to, 'series', coalesce(json_agg(json_build_object(
    'series', s.series, 'key', w.key, 'step_name', s.step_name, 'step_type', s.step_type, 'lane', s.lane, 'valve_number', s.valve_number,
    'position', s.position, 'planned_ms', s.planned_ms, 'points', w.points,
    'distribution', json_build_object('count', w.count, 'measured', w.measured, 'min_ms', w.min_ms, 'max_ms', w.max_ms,
      'mean_ms', round(w.mean_ms * 1000) / 1000, 'p05_ms', q.q[1], 'p25_ms', q.q[2], 'p50_ms', q.q[3], 'p75_ms', q.q[4], 'p95_ms', q.q[5],
      'sampled', coalesce(q.sampled, 0), 'bins', coalesce(b.bins, '[]'::json))) order by w.first_seq), '[]'::json))
  into v_answer
  from wholes w join series s on s.key = w.key left join quantiles q on q.key = w.key left join bins b on b.key = w.key;
  return v_answer;
end
$$;
comment on function public.run_durations(uuid, integer, double precision, double precision) is
  'Planned, measured and recorded durations (ms) of every valve and purge step of the program between two moments, in at most '
  'p_points points each (a step that was cut short is shown, without bounds), and how they are distributed: exact bounds and mean; percentiles and bins of the steps sampled, which '
  'are all up to 16 * p_points steps, otherwise 8 000 spread evenly.';

create function public.run_trend(
  p_run_id uuid, p_from_ms double precision default null, p_to_ms double precision default null,
  p_buckets integer default 600, p_parameters text[] default null
) returns json
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v_zero timestamptz := private.run_begins(p_run_id);
  v_ids uuid[];
  v_from timestamptz;
  v_to timestamptz;
  v_from_ms double precision := least(greatest(least(nullif(p_from_ms, 'NaN'), nullif(p_to_ms, 'NaN')), -1e12), 1e12);
  v_to_ms double precision := least(greatest(nullif(p_from_ms, 'NaN'), nullif(p_to_ms, 'NaN'), -1e12), 1e12);
  v_seconds double precision;
  v_level integer := 0;
  v_answer json;
begin
  -- Which parameters were read, one probe of the index each; then the first and last reading of all of them.
  with recursive ids as (
    (select t.parameter_id from private.telemetry_sums t where t.process_id = p_run_id and t.level = 2 order by t.parameter_id limit 1)
    union all
    select (select t.parameter_id from private.telemetry_sums t
      where t.process_id = p_run_id and t.level = 2 and t.parameter_id > i.parameter_id order by t.parameter_id limit 1)
    from ids i where i.parameter_id is not null
  )
  select array_agg(i.parameter_id), min(a.first_at), max(b.last_at) into v_ids, v_from, v_to
  from ids i
  cross join lateral (select t.first_at from private.telemetry_sums t
    where t.process_id = p_run_id and t.level = 2 and t.parameter_id = i.parameter_id order by t.bucket limit 1) a
  cross join lateral (select t.last_at from private.telemetry_sums t
    where t.process_id = p_run_id and t.level = 2 and t.parameter_id = i.parameter_id order by t.bucket desc limit 1) b;
  if v_zero is null or v_ids is null then
    return (select json_build_object('from_ms', 0, 'to_ms', 0, 'bucket_ms', 0, 'series', '[]'::json)
      from public.process_executions r where r.id = p_run_id);
  end if;
  v_from := greatest(v_from, coalesce(v_zero + make_interval(secs => case when p_from_ms is not null then v_from_ms end / 1000), v_from));
  v_to := least(v_to, coalesce(v_zero + make_interval(secs => case when p_to_ms is not null then v_to_ms end / 1000), v_to));
  v_seconds := greatest(date_part('epoch', v_to - v_from) / least(greatest(coalesce(p_buckets, 600), 10), 2000), 0.001);
  -- Where a bucket is longer than the sums are, it is made of whole ones.
  if v_seconds >= 160 then
    v_level := 2;
    v_seconds := ceil(v_seconds / 160) * 160;
  elsif v_seconds >= 10 then
    v_level := 1;
    v_seconds := ceil(v_seconds / 10) * 10;
  end if;
  with names as materialized (
    select p.id, d.name, d.unit
    from unnest(v_ids) i (id)
    join public.component_parameters p on p.id = i.id
    join public.component_parameter_definitions d on d.id = p.definition_id
    where p_parameters is null or d.name = any (p_parameters)
  ), pieces as (
    select t.parameter_id, floor(date_part('epoch', t.first_at) / v_seconds) as bucket, t.first_at as at, t.last_at, t.count, t.total, t.least,
      t.most, t.set_point
    from names n
    join private.telemetry_sums t on t.process_id = p_run_id and t.level = v_level and t.parameter_id = n.id
    where v_level > 0 and t.bucket between floor(date_part('epoch', v_from) / case v_level when 1 then 10 else 160 end)
      and floor(date_part('epoch', v_to) / case v_level when 1 then 10 else 160 end)
    union all
    select d.parameter_id, floor(date_part('epoch', d."timestamp") / v_seconds), d."timestamp", d."timestamp", 1, d.value, d.value, d.value, d.set_point
    from names n
    join public.process_data_points d on d.process_id = p_run_id and d.parameter_id = n.id and d."timestamp" between v_from and v_to
    where v_level = 0
  ), buckets as (
    select p.parameter_id, p.bucket, min(p.at) as at, min(p.least) as least, sum(p.total) / sum(p.count) as mean, max(p.most) as most,
      (array_agg(p.set_point order by p.last_at desc))[1] as set_point
    from pieces p group by p.parameter_id, p.bucket
  ), placed as (
    select b.*, round(date_part('epoch', b.at - v_zero) * 10000) / 10 as t_ms,
      b.set_point is distinct from lag(b.set_point) over (partition by b.parameter_id order by b.bucket) as is_change
    from buckets b
  )
  select json_build_object('from_ms', date_part('epoch', v_from - v_zero) * 1000, 'to_ms', date_part('epoch', v_to - v_zero) * 1000,
    'bucket_ms', v_seconds * 1000, 'series', coalesce(json_agg(s.body order by s.name), '[]'::json)) into v_answer
  from (
    select n.name, json_build_object('parameter_id', n.id, 'name', n.name, 'unit', n.unit, 'set_point', max(p.set_point),
      'points', json_agg(json_build_array(p.t_ms, p.least, round(p.mean::numeric, 6)::double precision, p.most) order by p.bucket),
      'set_points', coalesce(json_agg(json_build_array(p.t_ms, p.set_point) order by p.bucket) filter (where p.is_change and p.set_point is not null), '[]'::json)) as body
    from placed p join names n on n.id = p.parameter_id group by n.id, n.name, n.unit
  ) s;
  return v_answer;
end
$$;
comment on function public.run_trend(uuid, double precision, double precision, integer, text[]) is
  'Telemetry of a run in at most p_buckets points [ms, lowest, mean, highest] per parameter, on the axis of run_timeline, and the '
  'set-points where they change. Buckets lie on a grid of the clock, so that a moved window has the same ones.';

create function public.run_steps(
  p_run_id uuid, p_filter jsonb default '{}', p_sort text default 'seq', p_after_seq integer default 0, p_limit integer default 200,
  p_is_descending boolean default false
) returns json
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off'
as $$
declare
  v record;
  v_read record;
  v_limit integer := least(greatest(coalesce(p_limit, 200), 1), case p_sort when 'deviation' then 1000 else 5000 end);
  v_lanes text[];
  v_series integer[];
  v_chunks integer[];
  v_size integer := 65536;
  -- First chunk of a level that the level above does not cover.
  v_begin integer := 0;
  v_from integer;
  v_to integer;
  v_where text := '';
  v_rows json;
  v_last integer;
begin
  select * into v from private.run_extent(p_run_id);
  if not found then
    return (select json_build_object('rows', '[]'::json, 'next_seq', null) from public.process_executions r where r.id = p_run_id);
  end if;
  v_lanes := case when jsonb_typeof(p_filter -> 'lanes') = 'array' then array(select jsonb_array_elements_text(p_filter -> 'lanes')) end;
  v_series := case when jsonb_typeof(p_filter -> 'series') = 'array' then
    array(select e::integer from jsonb_array_elements_text(p_filter -> 'series') e where e ~ '^\d{1,5}$') end;
  v_from := greatest(case when p_filter ->> 'from_seq' ~ '^\d{1,9}$' then (p_filter ->> 'from_seq')::integer end, 1);
  v_to := least(case when p_filter ->> 'to_seq' ~ '^\d{1,9}$' then (p_filter ->> 'to_seq')::integer end, v.last_seq);
  if p_filter ->> 'cycle' ~ '^\d{1,9}$' then
    v_from := greatest(v_from, coalesce(private.seq_of_cycle(p_run_id, (p_filter ->> 'cycle')::integer), v.last_seq + 1));
    v_to := least(v_to, private.seq_of_cycle(p_run_id, (p_filter ->> 'cycle')::integer + 1) - 1);
    v_where := v_where || ' and h.cycle = ' || (p_filter ->> 'cycle')::integer;
  end if;
  if p_sort <> 'deviation' and coalesce(p_after_seq, 0) > 0 then
    v_from := case when p_is_descending then v_from else greatest(v_from, p_after_seq + 1) end;
    v_to := case when p_is_descending then least(v_to, p_after_seq - 1) else v_to end;
  end if;
  if coalesce(p_filter -> 'only_deviations' = 'true'::jsonb, false) then
    v_where := v_where || ' and h.is_deviation';
  end if;
  if p_sort = 'deviation' or v_lanes is not null or v_series is not null then
    -- One step in a million is found without reading the others. The n steps that are farthest off, or the next n of a kind, lie
    -- in the first n chunks of each level that hold such a step: from the coarse to the fine. What no sum covers is read.
    v_chunks := '{}';
    for v_level in reverse 3..1 loop
      v_size := v_size / 16;
      v_chunks := array(
        select r.chunk
        from (
          select k.chunk * 16 + c.n as chunk from unnest(v_chunks) k (chunk) cross join generate_series(0, 15) c (n)
          union
          select generate_series(v_begin, (v_to - 1) / v_size)
        ) x
        join private.step_rollups r on r.process_id = p_run_id and r.level = v_level and r.chunk = x.chunk
        left join private.step_series s on s.process_id = p_run_id and s.series = r.series
        where x.chunk between (v_from - 1) / v_size and (v_to - 1) / v_size
          and (v_lanes is null or s.lane = any (v_lanes)) and (v_series is null or r.series = any (v_series))
          and (p_sort <> 'deviation' or r.worst_ms is not null)
          and (r.deviations > 0 or coalesce(p_filter -> 'only_deviations' <> 'true'::jsonb, true))
        order by case when p_sort = 'deviation' then -abs(r.worst_ms) when p_is_descending then -r.chunk else r.chunk end, r.chunk
        limit v_limit * 2
      );
      -- The level below starts behind what this one covers without a gap.
      select case when count(*) = max(c.chunk) + 1 - v_begin then max(c.chunk) + 1 else v_begin end * case v_level when 1 then 1 else 16 end
      into v_begin from private.step_chunks c where c.process_id = p_run_id and c.level = v_level and c.chunk >= v_begin;
    end loop;
    v_chunks := v_chunks || array(select g from generate_series(greatest(v_begin, (v_from - 1) / 16), (v_to - 1) / 16) g);
    select * into v_read from private.stretches(v_chunks, v_from, v_to);
  else
    select array[v_from] as lows, array[v_to] as highs into v_read;
  end if;
  execute format($query$
    select json_agg(to_jsonb(y)), max(y.n) from (
      select z.*, row_number() over (order by %1$s) as n from (
        select h.id, h.process_id, h.seq, h.step_number, h.step_type, h.step_name, h.recipe_step_id, h.loop_path, h.cycle, h.parameters,
          h.started_at, h.ended_at, h.device_started_at, h.planned_ms, h.measured_ms, h.deviation_ms, h.is_deviation, h.end_reason, h.pulse,
          h.created_at, date_part('epoch', h.ended_at - h.started_at) * 1000 as recorded_ms, t.lane, s.series,
          date_part('epoch', t.start_at - $2) * 1000 as start_ms
        from unnest($3::integer[], $4::integer[]) o (low, high)
        cross join lateral (
          select h.* from public.step_execution_history h
          where h.process_id = $1 and h.seq between o.low and o.high %2$s order by h.seq %3$s limit %4$s
        ) h
        join private.timed_steps t on t.process_id = $1 and t.seq = h.seq
        left join private.all_series($1) s on s.key = t.key
        where ($5::text[] is null or t.lane = any ($5)) and ($6::integer[] is null or s.series = any ($6))
      ) z order by %1$s limit $7
    ) y $query$,
    case when p_sort = 'deviation' then 'abs(z.deviation_ms) desc nulls last, z.seq' when p_is_descending then 'z.seq desc' else 'z.seq' end,
    v_where, case when p_is_descending and p_sort <> 'deviation' then 'desc' end,
    -- One stretch is cut where the page ends; of several each holds few.
    case when v_chunks is null then v_limit else 5000000 end)
  into v_rows, v_last using p_run_id, v.zero, v_read.lows, v_read.highs, v_lanes, v_series, v_limit;
  return json_build_object('rows', coalesce(v_rows, '[]'::json),
    'next_seq', case when p_sort = 'deviation' or v_last is distinct from v_limit then null else (v_rows -> (v_limit - 1) ->> 'seq')::integer end);
end
$$;
comment on function public.run_steps(uuid, jsonb, text, integer, integer, boolean) is
  'A page of steps (at most 5 000), by seq from next_seq on, or the worst (at most 1 000) by deviation. p_filter: lanes, series '
  '(arrays), only_deviations, from_seq, to_seq, cycle.';

revoke execute on all functions in schema private from public;
grant execute on function private.padded_window(double precision, double precision, double precision), private.run_extent(uuid),
  private.seq_at(uuid, double precision), private.seq_of_cycle(uuid, integer), private.stretches(integer[], integer, integer),
  private.all_series(uuid), private.run_pieces(uuid, integer, integer, integer, integer),
  private.chunks_to_read(uuid, integer, integer, integer, integer, double precision, double precision, double precision)
  to authenticated, service_role;
do $$
declare
  f text;
begin
  foreach f in array array[
    'run_timeline(uuid, double precision, double precision, integer)',
    'run_durations(uuid, integer, double precision, double precision)',
    'run_trend(uuid, double precision, double precision, integer, text[])',
    'run_steps(uuid, jsonb, text, integer, integer, boolean)'
  ] loop
    execute 'revoke execute on function public.' || f || ' from public, anon';
    execute 'grant execute on function public.' || f || ' to authenticated, service_role';
  end loop;
end
$$;

/* rollback
drop function if exists public.run_steps(uuid, jsonb, text, integer, integer, boolean),
  public.run_trend(uuid, double precision, double precision, integer, text[]),
  public.run_durations(uuid, integer, double precision, double precision),
  public.run_timeline(uuid, double precision, double precision, integer);
drop function if exists private.run_pieces(uuid, integer, integer, integer, integer), private.all_series(uuid),
  private.stretches(integer[], integer, integer),
  private.chunks_to_read(uuid, integer, integer, integer, integer, double precision, double precision, double precision),
  private.seq_of_cycle(uuid, integer), private.seq_at(uuid, double precision), private.run_extent(uuid),
  private.padded_window(double precision, double precision, double precision);
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

revoke execute on function private.step_lane(text, jsonb), public.run_timeline(uuid, double precision, double precision, integer),
  public.run_durations(uuid, integer), public.run_trend(uuid, double precision, double precision, integer, text[]) from public, anon;
grant execute on function private.step_lane(text, jsonb) to authenticated, service_role;
grant execute on function public.run_timeline(uuid, double precision, double precision, integer),
  public.run_durations(uuid, integer), public.run_trend(uuid, double precision, double precision, integer, text[])
  to authenticated, service_role;
rollback */
