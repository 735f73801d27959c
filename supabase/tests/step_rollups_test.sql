-- The sums of the step history: kept current by whoever writes steps, exact at every level, and never in a step's way.
set transaction isolation level repeatable read;
select plan(23);

create temporary table s on commit drop as select x.* from tests.start_run(1000) x;
select tests.act_as_owner();
grant select on s to public;

-- Steps p_from to p_to of cycles of pulse 1, purge, pulse 2, purge: 100 ms pulses, 400 ms purges, one second apart.
-- Step n is measured n % 7 ms longer than planned; the 37th pulse 60 ms longer. What is left out is not measured yet.
create function pg_temp.steps(p_from integer, p_to integer, p_unmeasured integer[] default '{}') returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object('seq', g, 'step_type', case when g % 2 = 1 then 'valve' else 'purge' end,
    'step_name', (array['A', 'A purge', 'B', 'B purge'])[(g - 1) % 4 + 1], 'cycle', (g + 3) / 4, 'loop_path', jsonb_build_array((g + 3) / 4),
    'planned_ms', case when g % 2 = 1 then 100 else 400 end, 'device_started_at', '2026-01-01T00:00:00Z'::timestamptz + make_interval(secs => g - 1),
    'parameters', case when g % 2 = 1 then jsonb_build_object('valve_number', g % 4 / 2 + 1) else '{}' end)
    || case when g = any (p_unmeasured) then '{}'::jsonb else jsonb_build_object('measured_ms',
      case when g % 2 = 1 then 100 else 400 end + g % 7 + case when g = 73 then 60 else 0 end) end
    || case when g % 2 = 1 then jsonb_build_object('pulse', jsonb_build_object('peak_torr', 0.05 + g * 0.0001)) else '{}' end order by g)
  from generate_series(p_from, p_to) g
$$;

select tests.act_as_controller();
select is(record_step(run, fence, pg_temp.steps(1, 16)) ->> 'ok', 'true', 'sixteen steps, one of them open') from s;
select tests.act_as_owner();
select is((select count(*)::integer from private.step_chunks where process_id = run), 0, 'nothing is summed up while a step of it is open') from s;
select tests.act_as_controller();
select is(record_step(run, fence, pg_temp.steps(17, 600, array[40, 41])) ->> 'last_seq', '600', 'to step 600, two of them not measured') from s;
select tests.act_as_owner();
select results_eq($$ select level::integer, count(*)::integer, min(chunk), max(chunk) from private.step_chunks where process_id = (select run from s) group by 1 order by 1 $$,
  $$ values (1, 37, 0, 36), (2, 2, 0, 1) $$, 'sixteen at a time, and sixteen times sixteen');
select is_empty($$ select * from private.check_rollups((select run from s)) $$, 'the sums are those of the steps');
select results_eq($$ select series::integer, lane, step_type, step_name, valve_number, position, planned_ms, first_seq from private.step_series
    where process_id = (select run from s) order by 1 $$,
  $$ values (1, 'valve 1', 'valve', 'A', 1, 1, 100, 1), (2, 'purge', 'purge', 'A purge', null, 2, 400, 2),
    (3, 'valve 2', 'valve', 'B', 2, 3, 100, 3), (4, 'purge', 'purge', 'B purge', null, 4, 400, 4) $$, 'a series for each step of the cycle');
-- Series 1 of chunk 4 of level 1 holds steps 65, 69, 73 and 77: 100 + 2, 6, 3 + 60, 0 ms.
select results_eq($$ select count, first_seq, start_ms, end_ms, busy_ms, cycle_from, cycle_to, measured, measured_ms, least_ms, most_ms, deviations, worst_ms, worst_seq,
    worst_cycle, peaks, round(peak_torr::numeric, 4), least_peak_torr, least_peak_seq from private.step_rollups where process_id = (select run from s) and level = 1 and chunk = 4 and series = 1 $$,
  $$ values (4, 65, 64000::float8, 76100::float8, 471::float8, 17, 20, 4, 471::float8, 100::float8, 163::float8, 1, 63::float8, 73, 19, 4, 0.2284, 0.0565::float8, 65) $$,
  'a sum by hand');
select results_eq($$ select count, start_ms, end_ms, cycle_from, cycle_to, deviations, worst_ms, worst_seq, loop_path from private.step_chunks
    where process_id = (select run from s) and level = 2 and chunk = 1 $$,
  $$ values (256, 256000::float8, 511401::float8, 65, 128, 0, 6::float8, 258, array[65]) $$, 'and one of 256 steps; of equal deviations the first');

-- A step measured late.
select is((select (measured, deviations) from private.step_rollups where process_id = run and level = 2 and chunk = 0 and series = 1), (63, 1), 'one of series 1 is missing') from s;
select tests.act_as_controller();
select is(record_step(run, fence, jsonb_build_array((pg_temp.steps(41, 41) -> 0) || '{"measured_ms": 30}')) ->> 'ok', 'true', 'it comes late, and is off') from s;
select tests.act_as_owner();
select is((select (measured, deviations, worst_ms, worst_seq) from private.step_rollups where process_id = run and level = 2 and chunk = 0 and series = 1),
  (64, 2, -70::double precision, 41), 'the sum of 256 steps knows it') from s;
select is_empty($$ select * from private.check_rollups((select run from s)) $$, 'and all others');

-- A step cut short says nothing of how long it takes.
update public.step_execution_history set end_reason = 'aborted', measured_ms = 12 where process_id = (select run from s) and seq = 300;
select is((select (count, measured, least_ms) from private.step_rollups where process_id = run and level = 1 and chunk = 18 and series = 4),
  (4, 3, 402::double precision), 'cut short: counted, not measured') from s;

-- Level 3, written by the function that step by step calls, over what went past the triggers.
set local session_replication_role = replica;
update public.step_execution_history set ended_at = started_at + interval '1 ms', end_reason = 'next' where process_id = (select run from s) and seq = 600;
insert into public.step_execution_history (process_id, seq, step_type, step_name, started_at, ended_at, end_reason, cycle, loop_path, planned_ms, measured_ms, device_started_at)
select run, g, 'purge', 'B purge', now() + make_interval(secs => g), now() + make_interval(secs => g + 1), 'next', null, '{}', 400, 400, '2026-01-01'::timestamptz + make_interval(secs => g - 1)
from s, generate_series(601, 4100) g;
update public.process_executions set last_seq = 4100 where id = (select run from s);
set local session_replication_role = origin;
select isnt_empty($$ select * from private.check_rollups((select run from s)) $$, 'what passed the triggers by is not summed up, and that is found');
select private.roll_up_run(run) from s;
select is_empty($$ select * from private.check_rollups((select run from s)) $$, 'until it is');
select results_eq($$ select level::integer, count(*)::integer, sum(count)::integer from private.step_chunks where process_id = (select run from s) group by 1 order by 1 $$,
  $$ values (1, 256, 4096), (2, 16, 4096), (3, 1, 4096) $$, 'at three levels');
delete from public.step_execution_history where process_id = (select run from s) and seq = 4090;
select results_eq($$ select level::integer, count(*)::integer from private.step_chunks where process_id = (select run from s) group by 1 order by 1 $$,
  $$ values (1, 255), (2, 15) $$, 'a step that is no more takes the sums that held it along');

-- A controller that only updates the state row.
create temporary table old on commit drop as select x.* from tests.start_run() x;
select tests.act_as_owner();
grant select on old to public;
select tests.act_as_controller();
do $$
begin
  for i in 1..33 loop
    update public.process_execution_state set current_step_index = i, current_step_type = 'Open Valve', current_step_name = 'TMA', current_valve_number = 1,
      current_valve_duration_ms = 100 where execution_id = (select run from old);
  end loop;
end
$$;
select tests.act_as_owner();
select results_eq($$ select chunk, count, measured, deviations from private.step_rollups where process_id = (select run from old) order by 1 $$,
  $$ values (0, 16, 0, 0), (1, 16, 0, 0) $$, 'its steps are summed up as well');
select is((select (lane, step_type) from private.step_series where process_id = run), ('valve 1'::text, 'valve'::text), 'in the lane of their valve') from old;

-- A fault of the sums.
alter table private.step_chunks add constraint sums_fault check (chunk < 37) not valid;
create temporary table third on commit drop as select x.* from tests.start_run(1000) x;
select tests.act_as_owner();
grant select on third to public;
select tests.act_as_controller();
select is(record_step(run, fence, pg_temp.steps(1, 650)) ->> 'last_seq', '650', 'a fault of the sums costs no step') from third;
select tests.act_as_owner();
select is((select max(chunk) from private.step_chunks c where c.process_id = run and c.level = 1), 36, 'only the sum') from third;
alter table private.step_chunks drop constraint sums_fault;

-- A program without end of names.
create temporary table fourth on commit drop as select x.* from tests.start_run() x;
select tests.act_as_owner();
grant select on fourth to public;
select tests.act_as_controller();
select record_step(run, fence, (select jsonb_agg((pg_temp.steps(g, g) -> 0) || jsonb_build_object('step_name', 'Step ' || g)) from generate_series(1, 417) g)) from fourth;
select tests.act_as_owner();
select is((select (count(*), count(*) filter (where first_seq > 256)) from private.step_series where process_id = run), (259::bigint, 3::bigint), 'beyond 256 names, a series for each lane') from fourth;
select is_empty($$ select * from private.check_rollups((select run from fourth)) $$, 'and every step in one');

select * from finish();
