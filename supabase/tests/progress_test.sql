-- What the state row tells of progress: steps and cycles that are complete, never one that is under way or was cut.
set transaction isolation level repeatable read;
select plan(11);

-- Two cycles of a pulse and a purge, and a wait after them.
create function pg_temp.report(p_run uuid, p_fence bigint, p_seq integer, p_type text, p_cycle integer, p_before jsonb default '{"measured_ms": 100}') returns text
language plpgsql as $$
begin
  perform public.record_step(p_run, p_fence, case when p_seq = 1 then '[]'::jsonb else jsonb_build_array(tests.step(p_seq - 1, 'wait', p_before)) end
    || tests.step(p_seq, p_type, jsonb_build_object('cycle', p_cycle)));
  return (
    select (s.progress ->> 'completed_steps') || ' steps, ' || (s.progress ->> 'completed_cycles') || ' cycles'
    from public.process_execution_state s where s.execution_id = p_run);
end
$$;
create temporary table whole on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner();
grant select on whole to public;
select tests.act_as_controller();
select is(pg_temp.report(run, fence, 1, 'valve', 1), '0 steps, 0 cycles', 'the first step is under way') from whole;
select is(pg_temp.report(run, fence, 2, 'purge', 1), '1 steps, 0 cycles', 'its cycle is not complete') from whole;
select is(pg_temp.report(run, fence, 3, 'valve', 2), '2 steps, 1 cycles', 'until the next one begins') from whole;
select is(pg_temp.report(run, fence, 4, 'purge', 2), '3 steps, 1 cycles', 'the last cycle') from whole;
select is(pg_temp.report(run, fence, 5, 'wait', null), '4 steps, 2 cycles', 'is complete when a step outside of cycles follows it') from whole;
select is(pg_temp.report(run, fence, 6, 'wait', null), '5 steps, 2 cycles', 'and stays so') from whole;

create temporary table stopped on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner();
grant select on stopped to public;
select tests.act_as_controller();
select is(record_step(run, fence, jsonb_build_array(tests.step(1, 'valve', '{"cycle": 1, "measured_ms": 100}'), tests.step(2, 'purge', '{"cycle": 1, "measured_ms": 100}'),
  tests.step(3, 'valve', '{"cycle": 2}'))) ->> 'last_seq', '3', 'many reports at once') from stopped;
select is(pg_temp.report(run, fence, 4, 'purge', null, '{"measured_ms": 20, "end_reason": "aborted"}'), '2 steps, 1 cycles', 'a step that was cut, and its cycle, are not complete') from stopped;
select is(end_process(run, fence, 'aborted', null, jsonb_build_array(tests.step(4, 'purge', '{"measured_ms": 100}'))) #>> '{run,status}', 'aborted', 'the safe end is over') from stopped;
select is((select s.progress - 'planned_elapsed_ms' from public.process_execution_state s where s.execution_id = run),
  '{"total_steps": 4, "completed_steps": 2, "total_cycles": 2, "completed_cycles": 1}'::jsonb, 'and is no step of the program') from stopped;

create temporary table late on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner();
grant select on late to public;
select tests.act_as_controller();
select is((select string_agg(pg_temp.report(run, fence, seq, case seq % 2 when 1 then 'valve' else 'purge' end, (seq + 1) / 2), '; ' order by seq)
  from late, generate_series(1, 4) seq) || '; ' || (select pg_temp.report(run, fence, 5, 'purge', null) from late),
  '0 steps, 0 cycles; 1 steps, 0 cycles; 2 steps, 1 cycles; 3 steps, 1 cycles; 4 steps, 2 cycles', 'a stop at the end of the cycle completes it');
select * from finish();
