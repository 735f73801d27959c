-- A run as pictures read it: exact where steps are wide, merged and counted where not, the same with the sums and without.
set transaction isolation level repeatable read;
select plan(49);

create temporary table s on commit drop as select x.*, tests.person('viewer') as viewer from tests.start_run(1000) x;
select tests.act_as_owner();
grant select on s to public;

-- Windows.
select results_eq($$ select p.from_ms, p.to_ms from (values (1, 0::float8, 3600000::float8), (2, 1000000, 1010000), (3, 1000900, 1010900), (4, 1000000, 1000000), (5, 1024, 2048),
    (6, 1010000, 1000000), (7, -5000, 1e15), (8, 7200000, 7200001), (9, 'NaN', null), (10, '-infinity', 'infinity')) v (n, a, b), lateral private.padded_window(v.a, v.b, 3600000) p order by v.n $$,
  $$ values (0::float8, 3600000::float8), (995328, 1015808), (995328, 1015808), (999999.75, 1000001.25), (768, 2304), (995328, 1015808), (0, 3600000),
    (3599999.75, 3600000), (0, 3600000), (0, 3600000) $$, 'a window is widened to a grid, and an absurd one brought back');

-- Nothing to read.
select is(run_timeline(gen_random_uuid())::text, null, 'no timeline of no run');
select is(run_durations(gen_random_uuid())::text, null, 'no durations');
select is(run_trend(gen_random_uuid())::text, null, 'no trend');
select is(run_steps(gen_random_uuid())::text, null, 'no steps');
select is(run_timeline(run)::jsonb - 'column_ms', '{"from_ms": 0, "to_ms": 0, "duration_ms": 0, "is_live": false, "series": [], "lanes": [], "loops": []}'::jsonb, 'a run without steps is empty') from s;
select is(run_durations(run) ->> 'series', '[]', 'has no durations') from s;
select is(run_trend(run) ->> 'series', '[]', 'no trend') from s;
select is(run_steps(run) ->> 'rows', '[]', 'and no rows') from s;

-- Six steps: a valve of 100 ms that is measured, 900 ms nothing; the third deviates, the fifth was not measured, the sixth is open.
create function pg_temp.step(p_seq integer, p_start double precision, p_measured double precision, p_type text default 'valve') returns jsonb language sql as $$
  select jsonb_strip_nulls(jsonb_build_object('seq', p_seq, 'step_type', p_type, 'step_name', p_type || case p_type when 'valve' then ' 1' else '' end, 'planned_ms', 100, 'cycle', (p_seq + 1) / 2,
    'loop_path', jsonb_build_array(1, (p_seq + 1) / 2), 'device_started_at', '2026-01-01T00:00:00Z'::timestamptz + make_interval(secs => p_start / 1000),
    'measured_ms', p_measured, 'parameters', case p_type when 'valve' then '{"valve_number": 1}'::jsonb end))
$$;
select tests.act_as_controller();
select is(record_step(run, fence, jsonb_build_array(pg_temp.step(1, 0, 100.125), pg_temp.step(2, 1000, 900, 'purge'), pg_temp.step(3, 2000, 180), pg_temp.step(4, 3000, 99, 'purge'),
  pg_temp.step(5, 4000, null), pg_temp.step(6, 4100, null, 'purge'))) ->> 'ok', 'true', 'six steps') from s;
select tests.act_as(viewer) from s;
create temporary table t on commit drop as select run_timeline(run, 0, 5000, 1000)::jsonb as a from s;
select is((a #> '{lanes,0}') - 'busy_ms', '{"lane": "valve 1", "step_type": "valve", "valve_number": 1, "start_ms": [0, 2000, 4000], "end_ms": [100.125, 2180, 4100], "count": [1, 1, 1],
  "seq": [1, 3, 5], "series": [1, 1, 1], "worst_ms": [0.125, 80, null], "worst_seq": [null, 3, null], "deviations": [0, 1, 0]}'::jsonb, 'a lane of exact spans') from t;
select is(a #> '{lanes,1,end_ms}', '[1900, 3099, null]'::jsonb, 'a step that is open has no end') from t;
select is((a ->> 'is_live', (a ->> 'duration_ms')::float8 >= 4100), ('true'::text, true), 'the run is live, and has lasted at least to its open step') from t;
select is(a -> 'loops' -> 1 -> 'from_iteration', '[1, 2, 3]'::jsonb, 'the inner loop has turned three times') from t;
select is(a -> 'loops' -> 1 -> 'start_ms', '[0, 2000, 4000]'::jsonb, 'when') from t;
select is(a -> 'loops' -> 0 -> 'from_iteration', '[1]'::jsonb, 'the outer once') from t;
select is(run_timeline(run, 1100, 1101, 100)::jsonb #> '{lanes,0,seq}', '[2]'::jsonb, 'a step that begins before the window and ends after it is there') from s;
select is(run_timeline(run, 5000, 0, 1000)::jsonb - array['duration_ms', 'to_ms', 'loops'], a - array['duration_ms', 'to_ms', 'loops'], 'an inverted window is the same') from s, t;

-- 20 003 steps, past the triggers: pulse 1, purge, pulse 2, purge; 100 and 400 ms, one after the other; step 777 and every 1 000th off by 50 ms, step 15 001 short by 60.
select tests.act_as_owner();
create temporary table l on commit drop as select x.run as run from tests.start_run(1000) x;
select tests.act_as_owner();
grant select on l to public;
set local session_replication_role = replica;
insert into public.step_execution_history (process_id, seq, step_type, step_name, started_at, ended_at, end_reason, cycle, loop_path, planned_ms, measured_ms, device_started_at, parameters, pulse)
select run, g, case when g % 2 = 1 then 'valve' else 'purge' end, (array['A', 'A purge', 'B', 'B purge'])[(g - 1) % 4 + 1], x.at, x.at + make_interval(secs => x.took / 1000.0), 'next', (g + 3) / 4, array[(g + 3) / 4],
  x.planned, x.took, x.at, case when g % 2 = 1 then jsonb_build_object('valve_number', g % 4 / 2 + 1) else '{}' end, case when g % 2 = 1 then '{"peak_torr": 0.05}'::jsonb end
from l cross join lateral (
  select g, planned, took, '2026-01-01'::timestamptz + make_interval(secs => (sum(took) over (order by g) - took) / 1000.0) as at from (
    select g, case when g % 2 = 1 then 100 else 400 end as planned,
      case when g % 2 = 1 then 100 else 400 end + case when g = 777 or g % 1000 = 0 then 50 when g = 15001 then -60 else (g % 3) * 0.5 end as took
    from generate_series(1, 20003) g) y) x;
update public.process_executions set last_seq = 20003 where id = (select run from l);
set local session_replication_role = origin;
create temporary table raw on commit drop as
select k, run_timeline(run, f, u, p)::jsonb as a from l, (values (1, 0::float8, null::float8, 300), (2, 0, null, 2400), (3, 3000000, 3060000, 800), (4, 3000000, 3000400, 800), (5, 100000, 4000000, 50)) v (k, f, u, p);
create temporary table raw_durations on commit drop as select run_durations(run, 50)::jsonb as a from l;
select private.roll_up_run(run) from l;
create temporary table rolled on commit drop as
select k, run_timeline(run, f, u, p)::jsonb as a from l, (values (1, 0::float8, null::float8, 300), (2, 0, null, 2400), (3, 3000000, 3060000, 800), (4, 3000000, 3000400, 800), (5, 100000, 4000000, 50)) v (k, f, u, p);
grant select on raw, rolled, raw_durations to public;
create function pg_temp.lane(p_answer jsonb, p_lane text) returns table (start_ms float8, end_ms float8, count integer, seq integer, worst_ms float8, worst_seq integer, deviations integer, busy_ms float8) language sql as $$
  select a.v::text::float8, b.v::text::float8, c.v::text::integer, d.v::text::integer, nullif(e.v, 'null')::text::float8, nullif(f.v, 'null')::text::integer, g.v::text::integer, h.v::text::float8
  from jsonb_array_elements(p_answer -> 'lanes') x,
    lateral rows from (jsonb_array_elements(x -> 'start_ms'), jsonb_array_elements(x -> 'end_ms'), jsonb_array_elements(x -> 'count'), jsonb_array_elements(x -> 'seq'),
      jsonb_array_elements(x -> 'worst_ms'), jsonb_array_elements(x -> 'worst_seq'), jsonb_array_elements(x -> 'deviations'), jsonb_array_elements(x -> 'busy_ms')) r (a, b, c, d, e, f, g, h),
    lateral (select r.a as v) a, lateral (select r.b as v) b, lateral (select r.c as v) c, lateral (select r.d as v) d, lateral (select r.e as v) e, lateral (select r.f as v) f, lateral (select r.g as v) g, lateral (select r.h as v) h
  where x ->> 'lane' = p_lane
$$;
select results_eq($$ select k, sum(x.count), sum(x.deviations), min(x.start_ms), max(x.end_ms), round(sum(x.busy_ms)) from rolled, lateral pg_temp.lane(a, 'valve 1') x where k < 3 group by k order by k $$,
  $$ select k, count(*), count(*) filter (where h.is_deviation), 0::float8, max(date_part('epoch', h.device_started_at - '2026-01-01'::timestamptz) * 1000 + h.measured_ms::float8), round(sum(h.measured_ms)::float8)
    from public.step_execution_history h, generate_series(1, 2) k where h.process_id = (select run from l) and h.parameters ->> 'valve_number' = '1' group by k order by k $$, 'zoomed out, every step of a lane is counted, with its deviations');
select is((select array_agg(r.a -> 'lanes' = w.a -> 'lanes' and r.a -> 'loops' = w.a -> 'loops' order by k) from rolled r join raw w using (k) where k in (3, 4)), array[true, true],
  'close up, the answer is the same to the letter');
select results_eq($$ select k, x.start_ms, x.end_ms, x.count, x.seq, x.worst_ms, x.deviations from rolled, lateral pg_temp.lane(a, 'purge') x where k in (3, 4) order by 1, 2 $$,
  $$ select k, x.start_ms, x.end_ms, x.count, x.seq, x.worst_ms, x.deviations from raw, lateral pg_temp.lane(a, 'purge') x where k in (3, 4) order by 1, 2 $$, 'close up, the sums change nothing');
select results_eq($$ select k, sum(x.count), sum(x.deviations), min(x.worst_ms), max(x.worst_ms) from rolled, lateral pg_temp.lane(a, 'valve 1') x where k in (1, 2) group by k order by 1 $$,
  $$ select k, sum(x.count), sum(x.deviations), min(x.worst_ms), max(x.worst_ms) from raw, lateral pg_temp.lane(a, 'valve 1') x where k in (1, 2) group by k order by 1 $$, 'zoomed out, neither');
select ok((select bool_and(n <= 3 * p) from (select k, max(jsonb_array_length(x -> 'seq')) as n, (array[300, 2400, 800, 800, 50])[k] as p from rolled, jsonb_array_elements(a -> 'lanes') x group by k) y), 'no lane has more spans than can be seen');
select results_eq($$ select x.worst_seq from rolled, lateral pg_temp.lane(a, 'valve 1') x where k = 1 and x.deviations > 0 order by 1 $$,
  $$ values (777), (15001) $$, 'a merged span names the worst of its deviations');
select is((select max(x.end_ms - x.start_ms) <= 2 * (a ->> 'column_ms')::float8 + 1 from rolled, lateral pg_temp.lane(a, 'valve 2') x where k = 1 group by a), true, 'and is not much wider than a column');

-- Durations.
select is((select a - 'series' from raw_durations), (select run_durations(run, 50)::jsonb - 'series' from l), 'durations of the whole run');
create function pg_temp.totals(p_answer jsonb) returns table (name text, points integer, count numeric, deviations numeric, lowest float8, highest float8) language sql as $$
  select s ->> 'step_name', count(*)::integer, sum((p ->> 'count')::integer), sum((p ->> 'deviations')::integer), min((p ->> 'min_ms')::float8), max((p ->> 'max_ms')::float8)
  from jsonb_array_elements(p_answer -> 'series') s, jsonb_array_elements(s -> 'points') p group by 1
$$;
select results_eq($$ select name, count, deviations, lowest, highest from pg_temp.totals((select run_durations(run, 50)::jsonb from l)) order by 1 $$,
  $$ select step_name, count(*)::numeric, count(*) filter (where is_deviation)::numeric, min(measured_ms)::float8, max(measured_ms)::float8 from public.step_execution_history
    where process_id = (select run from l) group by 1 order by 1 $$, 'have every step of every series');
select ok((select bool_and(points between 25 and 50) from pg_temp.totals((select run_durations(run, 50)::jsonb from l))), 'in as many points as were asked for');
select is((select round(avg(h.measured_ms), 3)::float8 from public.step_execution_history h where h.process_id = (select run from l) and h.step_name = 'A' and h.seq <= (p #>> '{1,seq}')::integer - 1),
  (p #>> '{0,measured_ms}')::float8, 'a point is the mean of its steps')
from (select s -> 'points' as p from l, json_array_elements(run_durations(run, 50) -> 'series') s1, lateral (select s1::jsonb as s) y where s ->> 'step_name' = 'A') x;
select is((select (d ->> 'measured', d ->> 'p50_ms', d ->> 'p05_ms') from l, json_array_elements(run_durations(run, 2000) -> 'series') s, lateral (select s -> 'distribution' as d) x where s ->> 'step_name' = 'A purge'),
  (select (count(*)::text, (percentile_cont(0.5) within group (order by measured_ms::float8))::text, (percentile_cont(0.05) within group (order by measured_ms::float8))::text)
    from public.step_execution_history where process_id = (select run from l) and step_name = 'A purge'), 'percentiles of all steps');
select is((select sum((b ->> 2)::integer)::integer from l, json_array_elements(run_durations(run, 2000) -> 'series') s, json_array_elements(s #> '{distribution,bins}') b where s ->> 'step_name' = 'B purge'), 5000, 'every step is in a bin');
select is((select (a -> 'from_seq', a -> 'to_seq') from (select run_durations(run, 50, 0, 3000)::jsonb as a from l) x), ('1'::jsonb, '12'::jsonb), 'a window has its steps: 100 + 0.5, 400 + 1, 100, 400.5, …');

-- Steps.
select is((select count(*)::integer from l, json_array_elements(run_steps(run, '{}', 'seq', 100, 50) -> 'rows') r where (r ->> 'seq')::integer between 101 and 150), 50, 'a page of steps');
select is((select a ->> 'next_seq' from (select run_steps(run, '{}', 'seq', 100, 50) as a from l) x), '150', 'says where the next begins');
select results_eq($$ select (r ->> 'seq')::integer, (r ->> 'start_ms')::float8, r ->> 'lane', r ->> 'series' from l, json_array_elements(run_steps(run, '{"cycle": 2, "lanes": ["valve 2"]}') -> 'rows') r $$,
  $$ select 7, date_part('epoch', device_started_at - '2026-01-01'::timestamptz) * 1000, 'valve 2', '3' from public.step_execution_history where process_id = (select run from l) and seq = 7 $$, 'one step of one cycle');
select results_eq($$ select (r ->> 'seq')::integer from l, json_array_elements(run_steps(run, '{}', 'deviation', 0, 5) -> 'rows') r $$, $$ values (15001), (777), (1000), (2000), (3000) $$, 'the worst first');
select is((select count(*)::integer from l, json_array_elements(run_steps(run, '{"only_deviations": true}', 'seq', 0, 1000) -> 'rows') r), 22, 'only deviations');
select is((select a ->> 'next_seq' from (select run_steps(run, '{"only_deviations": true}', 'seq', 0, 1000) as a from l) x), null, 'and no page after the last');
select is((select r ->> 'seq' from l, json_array_elements(run_steps(run, '{}', 'seq', 0, 1, true) -> 'rows') r), '20003', 'from the end');

-- Telemetry.
insert into public.component_definitions (id, name, type) select machine, machine::text, 'heater' from s;
insert into public.component_parameter_definitions (id, component_definition_id, name, unit) select machine, machine, 'chamber_temperature', '°C' from s;
insert into public.machine_components (id, machine_id, name, type, definition_id) select machine, machine, 'Heater', 'heater', machine from s;
insert into public.component_parameters (id, component_id, definition_id, min_value, max_value) select machine, machine, machine, 0, 400 from s;
insert into public.process_data_points (process_id, parameter_id, value, set_point, "timestamp")
select run, machine, 100 + g % 10 + case when g = 4321 then 50 else 0 end, case when g < 3000 then 100 else 150 end, '2026-01-01'::timestamptz + make_interval(secs => g * 0.5) from s, generate_series(0, 20000) g;
select is((select count(*)::integer from public.process_data_points d join s on d.process_id = s.run where d.tableoid = 'private.telemetry_rest'::regclass), 20001, 'readings without a month lie in the rest');
select is((select jsonb_array_length(x #> '{series,0,points}') from (select run_trend(run, 0, 100000, 200)::jsonb as x from s) y), 201, 'a short window shows its readings');
select results_eq($$ select (p ->> 0)::float8, (p ->> 1)::float8, (p ->> 2)::float8, (p ->> 3)::float8 from s, jsonb_array_elements(run_trend(run, null, null, 100)::jsonb #> '{series,0,points}') p $$,
  $$ select min(date_part('epoch', d."timestamp" - '2026-01-01'::timestamptz) * 1000), min(d.value), round(avg(d.value)::numeric, 6)::float8, max(d.value) from public.process_data_points d
    where d.process_id = (select run from s) group by floor(date_part('epoch', d."timestamp") / 100) order by 1 $$, 'a long one is made of the sums, exactly');
select is((select x #> '{series,0,set_points}' from (select run_trend(run, null, null, 100)::jsonb as x from s) y), '[[0, 100], [1500000, 150]]'::jsonb, 'with its set-points where they change');

-- Mass gained.
select is(run_mass_gain(gen_random_uuid())::text, null, 'nothing was weighed in no run');
select is(run_mass_gain(run)::jsonb, '{"doses": 0, "points": []}'::jsonb, 'nor in a run without a balance') from l;
update public.step_execution_history h set pulse = jsonb_build_object('mass_gain_ng_cm2', h.seq / 10.0) from l where h.process_id = l.run and h.step_name = 'A' and h.seq <= 400;
select is((select (run_mass_gain(run) ->> 'doses')::integer from l),
  (select count(*)::integer from public.step_execution_history h join l on h.process_id = l.run where h.step_name = 'A' and h.seq <= 400), 'each dose that was weighed counts');
select results_eq($$ select (p ->> 0)::float8, (p ->> 2)::float8 from l, json_array_elements(run_mass_gain(run, null, null, 2000) -> 'points') p $$,
  $$ select round(date_part('epoch', h.device_started_at - '2026-01-01'::timestamptz) * 10000) / 10, h.seq / 10.0::float8 from public.step_execution_history h join l on h.process_id = l.run
    where h.pulse ? 'mass_gain_ng_cm2' order by h.seq $$, 'at its pulse, where there is room');
select cmp_ok((select json_array_length(run_mass_gain(run, null, null, 10) -> 'points') from l), '<=', 11, 'in as many points as were asked for');
select is((select run_mass_gain(run, 1e9, 2e9)::jsonb -> 'points' from l), '[]'::jsonb, 'and only those of the window');

select * from finish();
