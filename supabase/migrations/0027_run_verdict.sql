-- What was wrong with a run, and where: its cycles laid one upon another, and a list of findings with the step and the cycle
-- of each. Read from the sums, from the coarse to the fine, so that a million steps cost no more than what is wrong with them.
-- Called by: signed-in people, and the controller.

create function private.last_cycle(p_run_id uuid, p_last_seq integer) returns integer
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_from integer := 0;
  v_best integer;
begin
  -- Of each level only what the level above does not hold yet.
  for v_level in reverse 3..1 loop
    select greatest(v_best, max(c.cycle_to)), coalesce(max(c.chunk) + 1, v_from) * 16 into v_best, v_from
    from private.step_chunks c where c.process_id = p_run_id and c.level = v_level and c.chunk >= v_from;
  end loop;
  return greatest(v_best, (
    select max(x.cycle) from (
      select h.cycle from public.step_execution_history h
      where h.process_id = p_run_id and h.seq between v_from + 1 and p_last_seq order by h.seq offset 0) x));
end
$$;
comment on function private.last_cycle(uuid, integer) is 'The highest cycle a run has begun; null when it has none.';

create function public.run_cycles(
  p_run_id uuid, p_from_cycle integer default 1, p_to_cycle integer default null, p_max_rows integer default 500
) returns json
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v record;
  v_last integer;
  v_from integer;
  v_to integer;
  v_from_seq integer;
  v_to_seq integer;
  v_rows integer;
  v_level integer := 0;
  v_size integer := 1;
  v_answer json;
begin
  select * into v from private.run_extent(p_run_id);
  if found then
    v_last := private.last_cycle(p_run_id, v.last_seq);
  end if;
  if v_last is null then
    return (select json_build_object('from_cycle', null, 'to_cycle', null, 'total_cycles', r.total_cycles, 'phases', '[]'::json,
        'rows', '{"from_cycle": [], "to_cycle": [], "from_seq": [], "to_seq": [], "start_ms": [], "end_ms": []}'::json, 'cells', '[]'::json)
      from public.process_executions r where r.id = p_run_id);
  end if;
  v_from := least(greatest(least(coalesce(p_from_cycle, 1), coalesce(p_to_cycle, v_last)), 1), v_last);
  v_to := least(greatest(coalesce(p_from_cycle, 1), coalesce(p_to_cycle, v_last), 1), v_last);
  v_from_seq := private.seq_of_cycle(p_run_id, v_from);
  v_to_seq := coalesce(private.seq_of_cycle(p_run_id, v_to + 1) - 1, v.last_seq);
  v_rows := least(greatest(coalesce(p_max_rows, 500), 1), 2000,
    greatest(40000 / greatest((select count(*) from private.all_series(p_run_id) s where s.position is not null), 1), 10));
  -- One cycle is one row while they fit. Otherwise neighbours share one: by cycle while their steps can be read, then by chunk.
  if v_to_seq - v_from_seq >= 16 * v_rows and v_to - v_from >= v_rows then
    for v_next in 1..3 loop
      exit when (v_to_seq - v_from_seq) / (16 ^ v_next)::integer < v_rows;
      v_level := v_next;
      v_size := (16 ^ v_next)::integer;
    end loop;
  end if;
  with phases as materialized (
    select s.*, dense_rank() over (order by s.first_cycle) as circle,
      sum(coalesce(s.planned_ms, 0)) over (partition by s.first_cycle order by s.position rows between unbounded preceding and 1 preceding) as offset_ms,
      row_number() over (order by s.first_cycle, s.position, s.series) as n
    from private.all_series(p_run_id) s where s.position is not null
  ), pieces as materialized (
    select p.*, case
        when v_level > 0 then ((p.first_seq - 1) / v_size - (v_from_seq - 1) / v_size)::bigint * v_rows / ((v_to_seq - 1) / v_size - (v_from_seq - 1) / v_size + 1)
        else (p.cycle_from - v_from)::bigint * least(v_rows, v_to - v_from + 1) / (v_to - v_from + 1) end as row,
      greatest(case when p.level > 0 then (p.chunk + 1) * (16 ^ p.level)::integer else p.first_seq end, p.first_seq) as until_seq
    from private.run_pieces(p_run_id, v.last_seq, v_level, v_from_seq, v_to_seq) p
    where p.cycle_from is not null
  ), lines as materialized (
    select p.row, min(p.cycle_from) as from_cycle, max(p.cycle_to) as to_cycle, min(p.first_seq) as from_seq, max(p.until_seq) as to_seq,
      min(p.start_ms) as start_ms, max(p.end_ms) as end_ms
    from pieces p group by p.row
  ), cells as (
    select p.series, p.row, sum(p.count) as count, coalesce(sum(p.measured_ms) / nullif(sum(p.measured), 0), max(p.cut_ms)) as measured_ms,
      max(array[abs(p.worst_ms), -p.worst_seq, p.worst_ms, p.worst_cycle]) filter (where p.worst_ms is not null) as worst,
      sum(p.deviations) as deviations, sum(p.peak_torr) / nullif(sum(p.peaks), 0) as peak_torr,
      min(array[p.least_peak_torr, p.least_peak_seq]) filter (where p.least_peak_torr is not null) as least_peak
    from pieces p group by p.series, p.row
  ), columns as (
    select f.n, json_build_object('count', json_agg(coalesce(c.count, 0) order by l.row),
      'measured_ms', json_agg(round(c.measured_ms * 1000) / 1000 order by l.row), 'worst_ms', json_agg(c.worst[3] order by l.row),
      'worst_seq', json_agg(-c.worst[2] order by l.row), 'worst_cycle', json_agg(c.worst[4] order by l.row),
      'deviations', json_agg(coalesce(c.deviations, 0) order by l.row), 'peak_torr', json_agg(round(c.peak_torr * 1e6) / 1e6 order by l.row),
      'peak_min_torr', json_agg(c.least_peak[1] order by l.row), 'peak_min_seq', json_agg(c.least_peak[2] order by l.row)) as body
    from phases f cross join lines l left join cells c on c.series = f.series and c.row = l.row
    group by f.n
  )
  select json_build_object('from_cycle', v_from, 'to_cycle', v_to, 'total_cycles', (select r.total_cycles from public.process_executions r where r.id = p_run_id),
    'phases', coalesce((select json_agg(json_build_object('series', f.series, 'key', f.key, 'step_name', f.step_name, 'step_type', f.step_type,
        'lane', f.lane, 'valve_number', f.valve_number, 'position', f.position, 'planned_ms', f.planned_ms, 'offset_ms', coalesce(f.offset_ms, 0),
        'group', f.circle) order by f.n) from phases f), '[]'::json),
    'rows', (select json_build_object('from_cycle', json_agg(l.from_cycle order by l.row), 'to_cycle', json_agg(l.to_cycle order by l.row),
        'from_seq', json_agg(l.from_seq order by l.row), 'to_seq', json_agg(l.to_seq order by l.row),
        'start_ms', json_agg(round(l.start_ms * 1000) / 1000 order by l.row), 'end_ms', json_agg(round(l.end_ms * 1000) / 1000 order by l.row)) from lines l),
    'cells', coalesce((select json_agg(c.body order by c.n) from columns c), '[]'::json))
  into v_answer;
  return v_answer;
end
$$;
comment on function public.run_cycles(uuid, integer, integer, integer) is
  'The cycles of a run folded upon each other: phases (the steps of a cycle, by their place in it) by rows (one cycle each, or '
  'neighbours together when there are more than p_max_rows, at most 2 000). A cell has the mean and, of its steps, the worst '
  'deviation and the lowest peak with their seqs. Rows of many cycles begin and end where the sums do; from_seq and to_seq say '
  'where. Rows times phases stay below 40 000.';

create function private.series_norms(p_run_id uuid, p_last_seq integer)
returns table (series integer, kind text, planned_ms integer, n bigint, centre double precision, sigma double precision,
  lower_ms double precision, upper_ms double precision)
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off'
as $$
declare
  v_sample record;
begin
  -- All steps of a run of 8 000, otherwise as many of 500 chunks, spread evenly.
  select * into v_sample from private.stretches(case when p_last_seq <= 8000 then array(select generate_series(0, (p_last_seq - 1) / 16))
    else array(select (g * (p_last_seq / 16) / 500)::integer from generate_series(0::bigint, 499) g) end, 1, p_last_seq);
  return query
  with series as materialized (
    select s.* from private.all_series(p_run_id) s
  ), steps as materialized (
    select coalesce(s.series, l.series) as series, h.full_ms
    from unnest(v_sample.lows, v_sample.highs) o (low, high)
    cross join lateral (
      select t.* from private.timed_steps t where t.process_id = p_run_id and t.seq between o.low and o.high order by t.seq) h
    left join series s on s.key = h.key left join series l on l.key = h.lane
    where h.full_ms is not null and h.planned_ms > 0
  ), centres as (
    select t.series, count(*) as n, percentile_cont(0.5) within group (order by t.full_ms) as centre from steps t group by t.series
  ), norms as (
    select s.series, s.step_type, s.planned_ms, coalesce(c.n, 0) as n,
      case when c.n >= 8 then c.centre else s.planned_ms end as centre,
      coalesce((select 1.4826 * percentile_cont(0.5) within group (order by abs(t.full_ms - c.centre)) from steps t where t.series = s.series and c.n >= 8), 0) as sigma
    from series s left join centres c on c.series = s.series where s.planned_ms > 0
  )
  select x.series, x.step_type, x.planned_ms, x.n, x.centre, x.sigma,
    greatest(x.planned_ms - x.off_plan, least(x.planned_ms, x.centre - x.off_others)),
    least(x.planned_ms + x.off_plan, greatest(x.planned_ms, x.centre + x.off_others))
  from (
    select m.*, greatest(6 * m.sigma, 0.02 * m.planned_ms, 1) as off_others,
      case when m.step_type = 'valve' then least(greatest(5, 0.05 * m.planned_ms), greatest(25, 0.03 * m.planned_ms))
        else greatest(25, 0.03 * m.planned_ms) end as off_plan
    from norms m
  ) x;
end
$$;
comment on function private.series_norms(uuid, integer) is
  'Between which durations (ms) a step of a series is as it should be. Off the plan: by more than 25 ms and 3 %, as is_deviation '
  'says, and a pulse by more than 5 ms (a valve answers within 5 to 15 ms) and 5 %. Off the others, on the same side of the plan: '
  'farther from their median than six standard deviations (estimated from the median absolute deviation, Hampel 1974), 2 % and 1 ms; '
  'of fewer than eight nothing is concluded.';

create type private.off_steps as (kind text, series integer, from_seq integer, to_seq integer, from_cycle integer, to_cycle integer,
  count integer, start_ms double precision, end_ms double precision, worst_seq integer, worst_cycle integer,
  value double precision, expected double precision, bound double precision);
comment on type private.off_steps is 'Steps of one series that are off in one way: one of them, or neighbours that all are.';

create function private.find_off_steps(p_run_id uuid, p_last_seq integer, out steps private.off_steps[], out has_more boolean)
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v_most constant integer := 400;
  v_found private.off_steps[];
  v_top integer := case when p_last_seq <= 4096 then 0 when p_last_seq <= 65536 then 1 when p_last_seq <= 1048576 then 2 else 3 end;
  v_block integer;
  v_series integer[];
  v_lower double precision[];
  v_upper double precision[];
  v_planned integer[];
  v_kind text[];
  v_peak_series integer[];
  v_peak_block integer[];
  v_peak double precision[];
  v_chunks integer[];
  v_mixed integer;
  v_lows integer[] := '{}';
  v_highs integer[] := '{}';
begin
  steps := '{}';
  has_more := false;
  select array_agg(n.series), array_agg(n.lower_ms), array_agg(n.upper_ms), array_agg(n.planned_ms), array_agg(n.kind)
  into v_series, v_lower, v_upper, v_planned, v_kind from private.series_norms(p_run_id, p_last_seq) n;
  -- The usual peak of a series changes with time, as a source empties: the median of the sixty-fourth before, this one and the next.
  v_block := greatest((p_last_seq / 64 / 4096 + 1) * 4096 * (v_top = 3)::integer, (p_last_seq / 64 / 256 + 1) * 256 * (v_top = 2)::integer,
    (p_last_seq / 64 / 16 + 1) * 16);
  with means as (
    select p.series, (p.first_seq - 1) / v_block as block, p.peak_torr / p.peaks as mean
    from private.run_pieces(p_run_id, p_last_seq, v_top, 1, p_last_seq) p where p.peaks > 0
  ), usual as (
    select m.series, percentile_cont(0.5) within group (order by m.mean) as mean from means m group by m.series
  ), blocks as (
    select m.series, m.block, percentile_cont(0.5) within group (order by x.mean) as mean
    from (select distinct series, block from means) m
    join means x on x.series = m.series and x.block between m.block - 1 and m.block + 1
    group by m.series, m.block
  )
  select array_agg(b.series), array_agg(b.block), array_agg(greatest(0.5 * greatest(b.mean, 0.5 * u.mean), 0.0001))
  into v_peak_series, v_peak_block, v_peak from blocks b join usual u on u.series = b.series;

  for v_level in reverse v_top..0 loop
    if v_level < v_top then
      select x.lows, x.highs into v_lows, v_highs from private.stretches(v_chunks, 1, p_last_seq) x;
    end if;
    with pieces as (
      select p.series, p.level, p.chunk, p.first_seq, p.count, p.start_ms, p.end_ms, p.cycle_from, p.cycle_to, p.measured, p.least_ms, p.most_ms,
        p.worst_seq, p.worst_cycle, p.peaks, p.least_peak_torr, p.least_peak_seq, p.most_peak_torr
      from private.run_pieces(p_run_id, p_last_seq, v_level, 1, p_last_seq) p where v_level = v_top
      union all
      -- What a chunk of the level above holds that is not all right and not all wrong.
      select p.series, p.level, p.chunk, p.first_seq, p.count, p.start_ms, p.end_ms, p.cycle_from, p.cycle_to, p.measured, p.least_ms, p.most_ms,
        p.worst_seq, p.worst_cycle, p.peaks, p.least_peak_torr, p.least_peak_seq, p.most_peak_torr
      from unnest(v_lows, v_highs) o (low, high)
      cross join lateral private.run_pieces(p_run_id, p_last_seq, v_level, o.low, o.high) p
    ), judged as (
      select p.*, n.kind as series_kind, n.lower_ms, n.upper_ms, n.planned_ms, k.least as least_peak,
        p.most_ms > n.upper_ms as has_long, p.least_ms > n.upper_ms as is_long,
        p.least_ms < n.lower_ms as has_short, p.most_ms < n.lower_ms as is_short,
        p.least_peak_torr < k.least as has_missing, p.most_peak_torr < k.least as is_missing
      from pieces p
      left join unnest(v_series, v_lower, v_upper, v_planned, v_kind) n (series, lower_ms, upper_ms, planned_ms, kind) on n.series = p.series
      left join unnest(v_peak_series, v_peak_block, v_peak) k (series, block, least) on k.series = p.series and k.block = (p.first_seq - 1) / v_block
    ), off as (
      select case when j.series_kind = 'purge' and j.least_ms > greatest(1.5 * j.planned_ms, j.planned_ms + 500) then 'stuck_purge'
          when j.series_kind in ('valve', 'purge') then j.series_kind || '_long' else 'step_long' end as kind,
        j.*, j.measured as steps, j.most_ms as value, j.planned_ms::double precision as expected, j.upper_ms as bound, j.worst_seq as off_seq, j.worst_cycle as off_cycle
      from judged j where j.is_long
      union all
      select case when j.series_kind in ('valve', 'purge') then j.series_kind || '_short' else 'step_short' end,
        j.*, j.measured, j.least_ms, j.planned_ms, j.lower_ms, j.worst_seq, j.worst_cycle
      from judged j where j.is_short
      union all
      select 'missing_pulse', j.*, j.peaks, j.least_peak_torr, 2 * j.least_peak, j.least_peak, j.least_peak_seq, case when j.level = 0 then j.cycle_from end
      from judged j where j.is_missing
    )
    select (select array_agg(row(o.kind, o.series, o.first_seq, case when o.level = 0 then o.first_seq else (o.chunk + 1) * (16 ^ o.level)::integer end,
        o.cycle_from, o.cycle_to, o.steps, o.start_ms, o.end_ms, o.off_seq, coalesce(o.off_cycle, o.cycle_from), o.value, o.expected, o.bound)::private.off_steps) from off o),
      (select count(distinct (j.level, j.chunk)) from judged j
        where j.level > 0 and ((j.has_long and not j.is_long) or (j.has_short and not j.is_short) or (j.has_missing and not j.is_missing))),
      (select array_agg(distinct x.chunk) from (
        select distinct j.level, j.chunk, j.chunk * (16 ^ j.level)::integer as at from judged j
        where j.level > 0 and ((j.has_long and not j.is_long) or (j.has_short and not j.is_short) or (j.has_missing and not j.is_missing))
        order by at limit v_most
      ) y cross join lateral generate_series(y.chunk * (16 ^ (y.level - 1))::integer, (y.chunk + 1) * (16 ^ (y.level - 1))::integer - 1) x (chunk))
    into v_found, v_mixed, v_chunks;
    has_more := has_more or v_mixed > v_most;
    -- Of a chunk that is opened, what was all wrong has been told already.
    steps := steps || array(select f from unnest(v_found) f where v_level = v_top or not exists (
      select 1 from unnest(steps) a where a.series = f.series and a.kind = f.kind and f.from_seq between a.from_seq and a.to_seq));
    exit when v_chunks is null;
  end loop;
end
$$;
comment on function private.find_off_steps(uuid, integer) is
  'Steps whose duration lies outside of the norms of their series, and pulses whose peak is below half of what is usual around '
  'them (the alarm limit of dose monitors; a missed dose keeps its time, but has no peak). From the coarse to the fine: a chunk '
  'is opened only where it is neither all right nor all wrong, 400 of a level at most; has_more says that there were others.';


create function private.find_drifts(p_run_id uuid, p_last_seq integer)
returns table (kind text, series integer, from_cycle integer, to_cycle integer, from_value double precision, to_value double precision)
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v_level integer := 0;
begin
  for v_next in 1..3 loop
    exit when p_last_seq / (16 ^ v_next)::integer < 64;
    v_level := v_next;
  end loop;
  return query
  with pieces as materialized (
    select p.series, p.first_seq, p.cycle_from, p.cycle_to, p.measured, p.measured_ms, p.peaks, p.peak_torr, s.planned_ms
    from private.run_pieces(p_run_id, p_last_seq, v_level, 1, p_last_seq) p
    join private.all_series(p_run_id) s on s.series = p.series
    where s.position is not null and p.cycle_from is not null
  ), measures as (
    select 'duration_drift' as kind, p.series, p.first_seq, p.cycle_from, p.cycle_to, p.measured as n, p.measured_ms as total, p.planned_ms from pieces p where p.measured > 0
    union all
    select 'peak_drift', p.series, p.first_seq, p.cycle_from, p.cycle_to, p.peaks, p.peak_torr, null from pieces p where p.peaks > 0
  ), binned as (
    select m.*, (row_number() over (partition by m.kind, m.series order by m.first_seq) - 1) * 96 / greatest(count(*) over (partition by m.kind, m.series), 96) as bin
    from measures m
  ), raw as (
    select b.kind, b.series, b.bin, sum((b.cycle_from + b.cycle_to) / 2.0 * b.n)::double precision / sum(b.n) as x, sum(b.total) / sum(b.n) as y,
      min(b.cycle_from) as cycle_from, max(b.cycle_to) as cycle_to, min(b.planned_ms) as planned_ms
    from binned b group by b.kind, b.series, b.bin
  ), bounds as (
    select r.kind, r.series, count(*) as n, percentile_cont(array[0.25, 0.5, 0.75]) within group (order by r.y) as q, min(r.x) as x_first, max(r.x) as x_last,
      min(r.cycle_from) as cycle_first, max(r.cycle_to) as cycle_last, min(r.planned_ms) as planned_ms
    from raw r group by r.kind, r.series having count(*) >= 10
  ), points as materialized (
    -- One stuck valve must not bend the line: what lies three quartile ranges outside of the middle half counts as lying there.
    select r.kind, r.series, r.bin, r.x, greatest(least(r.y, b.q[3] + 3 * (b.q[3] - b.q[1])), b.q[1] - 3 * (b.q[3] - b.q[1])) as y
    from raw r join bounds b on b.kind = r.kind and b.series = r.series
  ), trends as (
    select a.kind, a.series, percentile_cont(0.5) within group (order by (b.y - a.y) / nullif(b.x - a.x, 0)) as slope, sum(sign(b.y - a.y)) as s
    from points a join points b on b.kind = a.kind and b.series = a.series and b.bin > a.bin
    group by a.kind, a.series
  ), suspects as materialized (
    select t.kind, t.series, t.slope, b.q, b.x_first, b.x_last, b.cycle_first, b.cycle_last, b.planned_ms, b.n
    from trends t join bounds b on b.kind = t.kind and b.series = t.series
    where abs(t.s) - 1 >= 4 * sqrt(b.n * (b.n - 1) * (2 * b.n + 5) / 18.0)
      and case t.kind when 'duration_drift' then abs(t.slope) * (b.x_last - b.x_first) >= 0.004 * b.planned_ms
        else abs(t.slope) * least(b.x_last - b.x_first, 1000) >= 0.04 * abs(b.q[2]) end
  ), steps as (
    -- A value that changes once and stays is no drift: the best fit of two levels.
    select c.kind, c.series, min(c.left_error + c.right_error) as error from (
      select k.kind, k.series, k.bin, sum(case when p.bin < k.bin then p.y * p.y else 0 end) - coalesce(sum(p.y) filter (where p.bin < k.bin) ^ 2 / nullif(count(*) filter (where p.bin < k.bin), 0), 0) as left_error,
        sum(case when p.bin >= k.bin then p.y * p.y else 0 end) - coalesce(sum(p.y) filter (where p.bin >= k.bin) ^ 2 / nullif(count(*) filter (where p.bin >= k.bin), 0), 0) as right_error
      from suspects s
      join points k on k.kind = s.kind and k.series = s.series
      join points p on p.kind = s.kind and p.series = s.series
      group by k.kind, k.series, k.bin
    ) c group by c.kind, c.series
  ), hinges as (
    -- Level until some cycle, then a line: least squares for every cycle it may begin at.
    select distinct on (h.kind, h.series) h.* from (
      select k.kind, k.series, k.bin, k.x as since, count(*) filter (where p.x > k.x) as after,
        regr_slope(p.y, greatest(p.x - k.x, 0)) as slope, regr_intercept(p.y, greatest(p.x - k.x, 0)) as level,
        regr_syy(p.y, greatest(p.x - k.x, 0)) - regr_sxy(p.y, greatest(p.x - k.x, 0)) ^ 2 / nullif(regr_sxx(p.y, greatest(p.x - k.x, 0)), 0) as error
      from suspects s
      join points k on k.kind = s.kind and k.series = s.series
      join points p on p.kind = s.kind and p.series = s.series
      group by k.kind, k.series, k.bin, k.x
    ) h where h.after >= 5 order by h.kind, h.series, h.error
  ), fits as (
    select s.*, h.since, h.slope as hinge_slope, h.level, h.bin, h.error, l.left_mean, l.left_n, l.right_slope, l.right_intercept
    from suspects s
    join hinges h on h.kind = s.kind and h.series = s.series
    join steps t on t.kind = s.kind and t.series = s.series and h.error < t.error
    cross join lateral (
      select avg(p.y) filter (where p.bin < h.bin) as left_mean, count(*) filter (where p.bin < h.bin) as left_n,
        regr_slope(p.y, p.x) filter (where p.bin >= h.bin) as right_slope, regr_intercept(p.y, p.x) filter (where p.bin >= h.bin) as right_intercept
      from points p where p.kind = s.kind and p.series = s.series
    ) l
  ), onsets as (
    select f.*, case when f.left_n < 3 then f.cycle_first::double precision
      else least(greatest((f.left_mean - f.right_intercept) / nullif(f.right_slope, 0), f.x_first), f.x_last) end as onset
    from fits f
  )
  select o.kind, o.series, round(o.onset)::integer, o.cycle_last, o.right_intercept + o.right_slope * o.onset, o.right_intercept + o.right_slope * o.cycle_last
  from onsets o
  where case o.kind when 'duration_drift' then abs(o.right_slope) * (o.cycle_last - o.onset) >= 0.005 * o.planned_ms
    else abs(o.right_slope) * (o.cycle_last - o.onset) >= 0.05 * abs(o.q[2])
      and abs(o.right_slope) * 1000 >= 0.05 * abs(o.q[2]) end;
end
$$;
comment on function private.find_drifts(uuid, integer) is
  'Series whose measured duration drifts by 0.5 % of the plan or more over the run, or whose peak drifts by 5 % or more, and by no '
  'less in 1 000 cycles (a source that empties loses less): the slope is the median of all pairs of up to 96 means (Theil 1950, Sen 1968), and the means '
  'keep one order with |Z| >= 4 (Mann 1945, Kendall 1975). Where it begins is where a level and a line meet that fit best; a series that '
  'two levels fit better has changed once, and does not drift.';

create function private.find_set_point_faults(p_run_id uuid, p_last_seq integer, p_zero timestamptz)
returns table (kind text, parameter_id uuid, series integer, seq integer, cycle integer, from_at timestamptz, to_at timestamptz,
  value double precision, expected double precision, bound double precision)
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off'
as $$
declare
  v_chunks integer[];
  v_read record;
begin
  -- The first 500 chunks that hold a parameter step, and those that are not summed up.
  v_chunks := array(
    select r.chunk from private.step_rollups r join private.step_series s on s.process_id = p_run_id and s.series = r.series and s.step_type = 'parameter'
    where r.process_id = p_run_id and r.level = 1 order by r.chunk limit 500
  ) || array(select generate_series(coalesce((
    select c.chunk + 1 from private.step_chunks c where c.process_id = p_run_id and c.level = 1 order by c.chunk desc limit 1), 0), (p_last_seq - 1) / 16));
  select * into v_read from private.stretches(v_chunks, 1, p_last_seq);
  return query
  with set_points as materialized (
    select h.seq, h.cycle, s.series, h.start_at, h.start_at + make_interval(secs => coalesce(h.measured_ms, h.planned_ms, 0) / 1000.0) as end_at,
      (h.parameters ->> 'parameter_id')::uuid as parameter_id, (h.parameters ->> 'parameter_value')::double precision as target
    from unnest(v_read.lows, v_read.highs) o (low, high)
    cross join lateral (
      select t.* from private.timed_steps t where t.process_id = p_run_id and t.seq between o.low and o.high order by t.seq) h
    left join private.all_series(p_run_id) s on s.key = h.key
    where h.kind = 'parameter' and not h.is_open and not h.is_cut
      and h.parameters ->> 'parameter_id' ~ '^[0-9a-fA-F-]{36}$' and h.parameters ->> 'parameter_value' ~ '^-?\d{1,9}(\.\d{1,9})?$'
  ), planned as (
    select p.*, lead(p.start_at) over (partition by p.parameter_id order by p.seq) as next_at, d.unit,
      case when d.unit = '°C' then 2 else 0.05 * abs(p.target) end as bound
    from set_points p
    join public.component_parameters c on c.id = p.parameter_id join public.component_parameter_definitions d on d.id = c.definition_id
  ), reached as (
    select p.*, a.value from planned p
    cross join lateral (
      select x.value from public.process_data_points x
      where x.process_id = p_run_id and x.parameter_id = p.parameter_id and x."timestamp" between p.start_at and p.end_at
      order by x."timestamp" desc limit 1
    ) a
  ), late as (
    select r.*, coalesce((
      -- The reading itself, unless it is thrown away already.
      select coalesce((
        select x."timestamp" from public.process_data_points x
        where x.process_id = p_run_id and x.parameter_id = r.parameter_id and x."timestamp" between greatest(b.first_at, r.end_at) and b.last_at
          and abs(x.value - r.target) <= r.bound
        order by x."timestamp" limit 1), b.first_at)
      from private.telemetry_sums b
      where b.process_id = p_run_id and b.level = 1 and b.parameter_id = r.parameter_id and b.last_at > r.end_at
        and (r.next_at is null or b.first_at < r.next_at) and b.least <= r.target + r.bound and b.most >= r.target - r.bound
      order by b.bucket limit 1), r.next_at) as there_at
    from reached r where abs(r.value - r.target) > r.bound
  ), deposition as (
    select min(c.start_ms) as from_ms, max(c.end_ms) as to_ms from (
      select x.start_ms, x.end_ms from private.step_chunks x where x.process_id = p_run_id and x.level = 1 and x.cycle_from is not null
        and x.chunk in (
          (select y.chunk from private.step_chunks y where y.process_id = p_run_id and y.level = 1 and y.cycle_from is not null order by y.chunk limit 1),
          (select y.chunk from private.step_chunks y where y.process_id = p_run_id and y.level = 1 and y.cycle_from is not null order by y.chunk desc limit 1))
      union all
      select date_part('epoch', t.start_at - p_zero) * 1000, date_part('epoch', t.start_at - p_zero) * 1000 + coalesce(t.measured_ms, 0)
      from private.timed_steps t where t.process_id = p_run_id and t.cycle is not null
        and t.seq > 16 * coalesce((select c.chunk + 1 from private.step_chunks c where c.process_id = p_run_id and c.level = 1 order by c.chunk desc limit 1), 0)
    ) c
  ), windows as (
    -- The window that the frozen recipe names, around whatever set-point is in force. Flows are set by the purges themselves.
    select c.id as parameter_id, (w ->> 'min')::double precision - (w ->> 'value')::double precision as low,
      (w ->> 'max')::double precision - (w ->> 'value')::double precision as high,
      p_zero + make_interval(secs => d.from_ms / 1000) as from_at, p_zero + make_interval(secs => d.to_ms / 1000) as to_at
    from public.process_executions r
    cross join lateral jsonb_array_elements(case when jsonb_typeof(r.recipe_version -> 'parameters') = 'array' then r.recipe_version -> 'parameters' else '[]' end) w
    join public.machine_parameters m on m.machine_id = r.machine_id and m.name = w ->> 'name' and m.unit is distinct from 'sccm'
    join public.component_parameters c on c.id = m.parameter_id
    cross join deposition d
    where r.id = p_run_id and jsonb_typeof(w -> 'min') = 'number' and jsonb_typeof(w -> 'max') = 'number' and jsonb_typeof(w -> 'value') = 'number'
      and d.from_ms is not null
  ), outside as (
    select w.parameter_id, b.bucket, b.first_at, b.last_at, b.set_point, w.low, w.high,
      case when b.least_off > w.high then b.most else b.least end as value, b.least_off > w.high as is_above
    from windows w
    join private.telemetry_sums wide on wide.process_id = p_run_id and wide.level = 2 and wide.parameter_id = w.parameter_id
      and (wide.most_off > w.high or wide.least_off < w.low)
    join private.telemetry_sums b on b.process_id = p_run_id and b.level = 1 and b.parameter_id = w.parameter_id
      and b.bucket between wide.bucket * 16 and wide.bucket * 16 + 15 and (b.least_off > w.high or b.most_off < w.low)
    where b.first_at between w.from_at and w.to_at
      and not exists (select 1 from planned p where p.parameter_id = w.parameter_id and b.first_at < p.end_at and b.last_at > p.start_at)
      and not exists (select 1 from late l where l.parameter_id = w.parameter_id and b.first_at < coalesce(l.there_at, 'infinity') and b.last_at > l.end_at)
  ), spells as (
    select x.*, x.bucket - row_number() over (partition by x.parameter_id, x.is_above order by x.bucket) as spell from outside x
  )
  select case when l.unit = '°C' then 'late_heater' else 'late_set_point' end, l.parameter_id, l.series, l.seq, l.cycle, l.end_at, l.there_at, l.value, l.target, l.bound
  from late l
  union all
  select 'out_of_window', s.parameter_id, null, null, null, min(s.first_at), max(s.last_at),
    case when bool_or(s.is_above) then max(s.value) else min(s.value) end, min(s.set_point),
    case when bool_or(s.is_above) then min(s.set_point + s.high) else min(s.set_point + s.low) end
  from spells s group by s.parameter_id, s.is_above, s.spell having count(*) >= 3;
end
$$;
comment on function private.find_set_point_faults(uuid, integer, timestamptz) is
  'Set-points that were not reached at the end of the step that set them (by more than 2 °C, or 5 % where it is no temperature), '
  'with the moment they were; and parameters that lay outside of the window of the frozen recipe for three whole spells of ten '
  'seconds or longer during deposition. Of very many parameter steps the first 500 chunks are looked at.';

create function public.run_verdict(p_run_id uuid) returns json
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  r public.process_executions;
  v record;
  v_off record;
  v_count bigint;
  v_next integer := 0;
  v_cycle integer;
  v_answer json;
begin
  select * into r from public.process_executions x where x.id = p_run_id;
  if not found then
    return null;
  end if;
  select * into v from private.run_extent(p_run_id);
  select '{}'::private.off_steps[] as steps, false as has_more into v_off;
  if v.last_seq is not null then
    select * into v_off from private.find_off_steps(p_run_id, v.last_seq);
    v_cycle := private.last_cycle(p_run_id, v.last_seq);
    -- The sums are of whole chunks, of each level behind what the one above covers; what is not summed up is counted.
    v_count := 0;
    for v_level in reverse 3..1 loop
      select v_count + coalesce(sum(c.count), 0), coalesce(max(c.chunk) + 1, v_next) * 16 into v_count, v_next
      from private.step_chunks c where c.process_id = p_run_id and c.level = v_level and c.chunk >= v_next;
    end loop;
    v_count := v_count + (
      select count(*) from (
        select h.seq from public.step_execution_history h where h.process_id = p_run_id and h.seq > v_next order by h.seq offset 0) t);
    if v_count < v.last_seq then
      v_count := (select count(*) from public.step_execution_history h where h.process_id = p_run_id);
    end if;
  end if;
  with series as materialized (
    select s.* from private.all_series(p_run_id) s
  ), ordered as (
    select f.*, f.from_cycle > 1 + max(f.to_cycle) over (partition by f.kind, f.series order by f.from_seq rows between unbounded preceding and 1 preceding) is not false
      or f.from_cycle is null as is_first
    from unnest(v_off.steps) f
  ), islands as (
    select o.*, count(*) filter (where o.is_first) over (partition by o.kind, o.series order by o.from_seq) as island from ordered o
  ), spells as (
    select i.kind, i.series, null::uuid as parameter_id, min(i.from_seq) as from_seq,
      -- A chunk is wider than the steps of one series in it.
      max(least(i.to_seq, v.last_seq)) as to_seq, min(i.from_cycle) as from_cycle, max(i.to_cycle) as to_cycle, sum(i.count) as count,
      min(i.start_ms) as start_ms, max(i.end_ms) as end_ms,
      (array_agg(i.worst_seq order by abs(i.value - i.expected) desc, i.from_seq))[1] as worst_seq,
      (array_agg(i.worst_cycle order by abs(i.value - i.expected) desc, i.from_seq))[1] as worst_cycle,
      (array_agg(i.value order by abs(i.value - i.expected) desc, i.from_seq))[1] as value,
      (array_agg(i.expected order by abs(i.value - i.expected) desc, i.from_seq))[1] as expected,
      (array_agg(i.bound order by abs(i.value - i.expected) desc, i.from_seq))[1] as bound
    from islands i group by i.kind, i.series, i.island
  ), drifts as (
    select d.kind, d.series, null::uuid, private.seq_of_cycle(p_run_id, d.from_cycle) + s.position - 1, least(private.seq_of_cycle(p_run_id, d.to_cycle) + s.position - 1, v.last_seq),
      d.from_cycle, d.to_cycle, (d.to_cycle - d.from_cycle + 1)::bigint, null::double precision, null::double precision,
      least(private.seq_of_cycle(p_run_id, d.to_cycle) + s.position - 1, v.last_seq), d.to_cycle, d.to_value, d.from_value, null::double precision
    from private.find_drifts(p_run_id, coalesce(v.last_seq, 0)) d join series s on s.series = d.series where v.last_seq is not null
  ), set_points as (
    select f.kind, f.series, f.parameter_id, coalesce(f.seq, private.seq_at(p_run_id, date_part('epoch', f.from_at - v.zero) * 1000)),
      coalesce(private.seq_at(p_run_id, date_part('epoch', f.to_at - v.zero) * 1000), v.last_seq), f.cycle, f.cycle, 1::bigint,
      date_part('epoch', f.from_at - v.zero) * 1000, date_part('epoch', f.to_at - v.zero) * 1000,
      coalesce(f.seq, private.seq_at(p_run_id, date_part('epoch', f.from_at - v.zero) * 1000)), f.cycle, f.value, f.expected, f.bound
    from private.find_set_point_faults(p_run_id, coalesce(v.last_seq, 0), v.zero) f where v.last_seq is not null
  ), raw as (
    select * from spells union all select * from drifts union all select * from set_points
  ), findings as (
    select f.kind, f.series, s.key, coalesce(s.step_name, h.step_name) as step_name, s.step_type, s.lane, s.valve_number, d.name as parameter_name,
      case when f.kind in ('missing_pulse', 'peak_drift') then 'Torr' when f.parameter_id is not null then d.unit else 'ms' end as unit,
      f.from_seq, f.to_seq, coalesce(f.from_cycle, h.cycle) as from_cycle, coalesce(f.to_cycle, h.cycle) as to_cycle,
      coalesce(f.start_ms, date_part('epoch', coalesce(h.device_started_at, h.started_at) - v.zero) * 1000) as start_ms, f.end_ms, f.count, f.worst_seq,
      coalesce(f.worst_cycle, h.cycle) as worst_cycle, f.value, f.expected, f.bound, row_number() over (order by f.from_seq, f.kind, f.series) as n
    from raw f
    left join series s on s.series = f.series
    left join lateral (select x.* from public.step_execution_history x where x.process_id = p_run_id and x.seq = f.from_seq limit 1) h on true
    left join public.component_parameters c on c.id = f.parameter_id left join public.component_parameter_definitions d on d.id = c.definition_id
  )
  select json_build_object('run_id', r.id, 'status', r.status, 'end_reason', r.end_reason, 'error_message', r.error_message,
    'start_time', r.start_time, 'end_time', r.end_time, 'last_seq', coalesce(v.last_seq, 0), 'total_steps', r.total_steps,
    'is_complete', coalesce(v_count, 0) = coalesce(v.last_seq, 0) and (r.status <> 'completed' or r.total_steps is null or coalesce(v.last_seq, 0) >= r.total_steps),
    'missing_count', coalesce(v.last_seq - v_count, 0),
    'missing', case when v_count < v.last_seq then (
      select json_agg(json_build_object('from_seq', g.after + 1, 'to_seq', g.seq - 1) order by g.seq) from (
        select h.seq, lag(h.seq, 1, 0) over (order by h.seq) as after from public.step_execution_history h where h.process_id = p_run_id order by h.seq
      ) g where g.seq > g.after + 1 and g.after is not null) else '[]'::json end,
    'completed_cycles', coalesce(v_cycle - (r.status <> 'completed')::integer, 0), 'total_cycles', r.total_cycles,
    'last_step', (select json_build_object('seq', h.seq, 'cycle', h.cycle, 'step_name', h.step_name, 'lane', h.lane, 'end_reason', h.end_reason)
      from private.timed_steps h where h.process_id = p_run_id and h.seq = v.last_seq),
    'findings', coalesce((select json_agg(to_jsonb(f) - 'n' - 'bound' || jsonb_build_object('limit', f.bound) order by f.n) from findings f where f.n <= 200), '[]'::json),
    'findings_total', (select count(*) from findings), 'has_more', v_off.has_more,
    'counts', coalesce((select json_object_agg(c.kind, c.count) from (select f.kind, sum(f.count) as count from findings f group by f.kind) c), '{}'::json),
    'commands', coalesce((select json_agg(json_build_object('id', c.id, 'kind', c.kind, 'mode', c.mode, 'status', c.status, 'requested_at', c.requested_at,
        'requested_by_name', p.full_name, 'settled_at', c.settled_at, 'refusal', c.refusal) order by c.requested_at, c.id)
      from (select * from public.machine_commands x where x.run_id = p_run_id order by x.requested_at limit 50) c left join public.profiles p on p.id = c.requested_by), '[]'::json))
  into v_answer;
  return v_answer;
end
$$;
comment on function public.run_verdict(uuid) is
  'Whether a run is complete to its newest step, how it ended, what was commanded, and what was wrong with it, each with its step '
  'and cycle: valve_long, valve_short, purge_long, purge_short, step_long, step_short, stuck_purge (half as long again as planned, '
  'and 500 ms), missing_pulse, duration_drift, peak_drift, late_heater, late_set_point, out_of_window. Neighbouring cycles are one '
  'finding; the first 200 are listed. The rules and where they come from stand at find_off_steps, series_norms, find_drifts and '
  'find_set_point_faults. A clean run lists none.';

revoke execute on all functions in schema private from public;
grant execute on function private.last_cycle(uuid, integer), private.series_norms(uuid, integer), private.find_off_steps(uuid, integer),
  private.find_drifts(uuid, integer), private.find_set_point_faults(uuid, integer, timestamptz) to authenticated, service_role;
revoke execute on function public.run_cycles(uuid, integer, integer, integer), public.run_verdict(uuid) from public, anon;
grant execute on function public.run_cycles(uuid, integer, integer, integer), public.run_verdict(uuid) to authenticated, service_role;

/* rollback
drop function if exists public.run_verdict(uuid), public.run_cycles(uuid, integer, integer, integer);
drop function if exists private.find_set_point_faults(uuid, integer, timestamptz), private.find_drifts(uuid, integer),
  private.find_off_steps(uuid, integer), private.series_norms(uuid, integer), private.last_cycle(uuid, integer);
drop type if exists private.off_steps;
rollback */
