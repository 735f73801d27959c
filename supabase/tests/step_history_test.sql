-- Step history for a controller that only updates process_execution_state (by trigger), and for record_step.
set transaction isolation level repeatable read;
select plan(54);

-- An older controller: it writes the state row only.
create temporary table old on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner();
grant select on old to public;
select tests.act_as_controller();
update public.process_execution_state set current_step_index = 0, current_step_type = 'valve', current_step_name = 'TMA',
  current_valve_number = 1, current_valve_duration_ms = 100 where execution_id = (select run from old);
update public.process_execution_state set current_step_index = 1, current_step_type = 'purge', current_step_name = 'Purge',
  current_purge_duration_ms = 3000 where execution_id = (select run from old);
update public.process_execution_state set current_loop_iteration = 2 where execution_id = (select run from old);
update public.process_execution_state set current_purge_duration_ms = 4000 where execution_id = (select run from old);
update public.process_execution_state set progress = '{"completed_steps": 1}' where execution_id = (select run from old);
select results_eq(
  $$ select seq, step_type, parameters from public.step_execution_history where process_id = (select run from old) order by seq $$,
  $$ values
    (1, 'valve', '{"valve_number": 1, "valve_duration_ms": 100}'::jsonb),
    (2, 'purge', '{"purge_duration_ms": 3000}'::jsonb),
    (3, 'purge', '{"purge_duration_ms": 4000, "loop_iteration": 2}'::jsonb) $$,
  'each step has its own values, and an iteration with the same index, type and name is a step');
select is((select count(*)::integer from public.step_execution_history where process_id = (select run from old) and ended_at is null), 1,
  'one step is open');
select ok((select bool_and(ended_at > started_at) from public.step_execution_history where process_id = (select run from old) and ended_at is not null),
  'steps of one transaction last longer than nothing');
select is((select array_agg(h.ended_at order by h.seq) from public.step_execution_history h where h.process_id = (select run from old) and h.seq < 3),
  (select array_agg(h.started_at order by h.seq) from public.step_execution_history h where h.process_id = (select run from old) and h.seq > 1),
  'a step ends where the next begins');
update public.process_executions set status = 'completed', end_time = clock_timestamp() where id = (select run from old);
select is((select ended_at from public.step_execution_history where process_id = (select run from old) and seq = 3),
  (select end_time from public.process_executions where id = (select run from old)), 'the last step ends with the run');
update public.process_execution_state set current_step_type = 'completed', current_step_name = 'Recipe Completed' where execution_id = (select run from old);
select is((select count(*)::integer from public.step_execution_history where process_id = (select run from old)), 3, 'nothing is recorded after the end');
select is((select current_step_name from public.process_execution_state where execution_id = (select run from old)), 'Recipe Completed',
  'and the state update itself is kept');

create temporary table first on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner();
grant select on first to public;
delete from public.process_execution_state where execution_id = (select run from first);
insert into public.process_execution_state (execution_id, current_step_type, current_step_name) select run, 'valve', 'TMA' from first;
select is((select count(*)::integer from public.step_execution_history where process_id = (select run from first)), 1, 'the step set by the first insert is recorded');
alter table public.step_execution_history add constraint history_fault check (step_name <> 'fault');
update public.process_execution_state set current_step_name = 'fault' where execution_id = (select run from first);
select is((select current_step_name from public.process_execution_state where execution_id = (select run from first)), 'fault',
  'a fault of the history never costs the state update');
alter table public.step_execution_history drop constraint history_fault;

-- Our controller: record_step.
create temporary table mine on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner();
grant select on mine to public;
select tests.act_as_controller();
select is(record_step(run, fence, jsonb_build_array(tests.step(1, 'valve', '{"parameters": {"valve_number": 2, "valve_duration_ms": 100}}'))), '{"ok": true, "last_seq": 1}'::jsonb,
  'the first step is recorded') from mine;
select is((select status from public.process_executions where id = run), 'running'::public.process_status, 'and sets the run running') from mine;
select is((select status from public.machine_commands where id = command), 'succeeded', 'and settles its start') from mine;
select is(record_step(run, fence, jsonb_build_array(tests.step(1), tests.step(2, 'purge'), tests.step(3))), '{"ok": true, "last_seq": 3}'::jsonb,
  'a repeated step is nothing, new ones follow') from mine;
select is((select count(*)::integer from public.step_execution_history where process_id = run), 3, 'three steps for four reports') from mine;
select is((select array_agg(seq order by seq) from public.step_execution_history where process_id = run), array[1, 2, 3], 'numbered without gaps') from mine;
select is(record_step(run, fence, jsonb_build_array(tests.step(2, 'purge', '{"measured_ms": 131.25, "pulse": {"peak_torr": 0.1}}'))) ->> 'last_seq', '3', 'measured values may follow') from mine;
select is((select (measured_ms, deviation_ms, is_deviation)::text from public.step_execution_history where process_id = run and seq = 2), '(131.250,31.250,t)', 'and show the deviation') from mine;
select is(record_step(run, fence, jsonb_build_array(tests.step(2, 'purge', '{"measured_ms": 99}'))) ->> 'ok', 'true', 'sent again') from mine;
select is((select measured_ms from public.step_execution_history where process_id = run and seq = 2), 131.250, 'they are not overwritten') from mine;
select is((select deviation_count from public.process_executions where id = run), 1, 'and counted once') from mine;
select is((select (current_seq, current_step_type, current_overall_step)::text from public.process_execution_state where execution_id = run), '(3,valve,3)', 'the state row follows') from mine;

select is(record_step(run, fence, jsonb_build_array(tests.step(5))) ->> 'code', 'step_gap', 'a gap is refused') from mine;
select is(current_setting('response.status'), '409', 'with status 409');
select is(record_step(run, fence, jsonb_build_array(tests.step(4), tests.step(6))) ->> 'code', 'step_gap', 'also within one call') from mine;
select is((select last_seq from public.process_executions where id = run), 3, 'and nothing of that call is written') from mine;
select is(record_step(run, fence - 1, jsonb_build_array(tests.step(4))) ->> 'code', 'fence_stale', 'an old fence is refused') from mine;
select is(record_step(run, fence, '[{"seq": 4, "step_type": "valve", "measured_ms": 0}]') ->> 'message',
  'No step was recorded: steps[0]: measured_ms is not above 0.', 'a malformed report names the place') from mine;
select is(record_step(gen_random_uuid(), fence, '[]') ->> 'code', 'run_not_found', 'an unknown run is refused') from mine;
select is(end_process(run, fence, 'completed', null, jsonb_build_array(tests.step(3, 'valve', '{"measured_ms": 101}'))) #>> '{run,status}', 'completed', 'the run ends') from mine;
select is((select count(*)::integer from public.step_execution_history where process_id = run and ended_at is null), 0, 'with no step open') from mine;
select is(record_step(run, fence, jsonb_build_array(tests.step(4))) ->> 'code', 'run_ended', 'a step after the end is refused') from mine;
select is((select (array_agg(end_reason order by seq))::text from public.step_execution_history where process_id = run), '{next,next,completed}', 'each step says why it ended') from mine;

-- A step that a stop cut short is over, but it does not deviate; one that lasted too long does, however it ended.
create temporary table cut on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner();
grant select on cut to public;
select tests.act_as_controller();
select is(record_step(run, fence, jsonb_build_array(tests.step(1, 'valve', '{"measured_ms": 600, "end_reason": "failed"}'), tests.step(2, 'purge', '{"planned_ms": 4000}'))) ->> 'last_seq', '2',
  'a report tells how a step ended') from cut;
select is(record_step(run, fence, jsonb_build_array(tests.step(2, 'purge', '{"measured_ms": 1200, "end_reason": "aborted"}'), tests.step(3, 'purge'))) ->> 'last_seq', '3',
  'also with the step after it') from cut;
select is((select deviation_count from public.process_executions where id = run), 1, 'the step that was cut short is not counted') from cut;
select is(end_process(run, fence, 'aborted', null, jsonb_build_array(tests.step(3, 'purge', '{"measured_ms": 100}'))) #>> '{run,deviation_count}', '1', 'nor at the end') from cut;
select results_eq(
  $$ select seq, end_reason, planned_ms, measured_ms::integer, deviation_ms::integer, is_deviation from public.step_execution_history where process_id = (select run from cut) order by seq $$,
  $$ values (1, 'failed', 100, 600, 500, true), (2, 'aborted', 4000, 1200, -2800, false), (3, 'aborted', 100, 100, 0, false) $$,
  'planned and measured are what they were');
select is((select jsonb_path_query_array(run_durations(run)::jsonb, '$.series[*].points[*].min_ms')::text), '[600, null, 100]',
  'and its length is no length of its step') from cut;
select is(record_step(run, fence, '[{"seq": 4, "step_type": "wait", "end_reason": "next"}]') ->> 'message',
  'No step was recorded: steps[0]: end_reason is not aborted or failed.', 'nothing else ends a step early') from cut;

-- Whatever a report holds, it is taken or refused with its place; nothing of it is a fault of the server.
create temporary table odd on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner();
grant select on odd to public;
select tests.act_as_controller();
select is(record_step(run, fence, jsonb_build_array(tests.step(1), tests.step(2, 'valve', wrong.more))) ->> 'message',
  'No step was recorded: steps[1]: ' || wrong.message || '.', 'refused: ' || wrong.more::text)
from odd, (values
  ('{"planned_ms": 1.5}'::jsonb, 'planned_ms is not a whole number from 0'), ('{"planned_ms": "100"}', 'planned_ms is not a whole number from 0'),
  ('{"planned_ms": 3000000000}', 'planned_ms is not a whole number from 0'), ('{"cycle": -1}', 'cycle is not a whole number'),
  ('{"cycle": true}', 'cycle is not a whole number'), ('{"loop_path": {}}', 'loop_path is not an array'),
  ('{"loop_path": [1, "2"]}', 'loop_path does not hold whole numbers'), ('{"loop_path": [[1]]}', 'loop_path does not hold whole numbers'),
  ('{"recipe_step_id": "first"}', 'recipe_step_id is not an id'), ('{"device_started_at": "noon"}', 'device_started_at is not a time such as 2026-03-01T10:00:00.102Z'),
  ('{"parameters": {"valve_number": "one"}}', 'parameters.valve_number is not a whole number from 0'),
  ('{"parameters": {"parameter_id": 7}}', 'parameters.parameter_id is not an id'),
  ('{"parameters": {"parameter_value": "hot"}}', 'parameters.parameter_value is not a number')
) wrong (more, message);
select is(record_step(run, fence, jsonb_build_array(tests.step(1, 'parameter', jsonb_build_object('parameters', jsonb_build_object('parameter_id', gen_random_uuid(), 'parameter_value', 20))),
  tests.step(2, 'parameter', '{"parameters": {"parameter_value": 20}, "loop_path": [], "cycle": null}'))) ->> 'last_seq', '2', 'a parameter that is not there any more costs no step') from odd;
select is((select current_parameter_id from public.process_execution_state where execution_id = run), null, 'nor is one named that is not there') from odd;

select * from finish();
